//! Files that are refused: each error is one line that names the file.

use std::fs;
use std::path::Path;

use islands_engine::journal::Journal;
use islands_journal::{OpenError, OpenErrorKind, RedbJournal, maintenance};
use redb::{Database, TableDefinition};

use islands_engine::testing::samples::{batch, game_id};

/// Opens a file that is no journal, and returns the error.
#[track_caller]
fn refused(path: &Path) -> OpenError {
    let error = RedbJournal::open(path).expect_err("no journal");
    let line = error.to_string();
    assert!(line.contains(&path.display().to_string()), "{line}");
    assert!(!line.contains('\n'), "{line}");
    error
}

fn in_a_folder(check: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().expect("a folder");
    check(&folder.path().join("journal.redb"));
}

#[test]
fn a_file_is_opened_by_one_process_at_a_time() {
    in_a_folder(|path| {
        let journal = RedbJournal::open(path).unwrap();
        assert!(matches!(refused(path).kind, OpenErrorKind::Locked));
        journal.close();
        let again = RedbJournal::open(path).unwrap();
        drop(journal);
        assert!(matches!(refused(path).kind, OpenErrorKind::Locked));
        drop(again);
        assert!(RedbJournal::open(path).is_ok());
    });
}

#[test]
fn an_empty_file_becomes_a_journal() {
    in_a_folder(|path| {
        fs::write(path, "").unwrap();
        assert!(RedbJournal::open(path).is_ok());
    });
}

#[test]
fn a_file_whose_creation_was_interrupted_becomes_a_journal() {
    in_a_folder(|path| {
        drop(RedbJournal::open(path).unwrap());
        // redb writes its magic number last: until then there is only a header.
        let mut bytes = vec![0; fs::read(path).unwrap().len()];
        bytes[9..64].fill(1);
        fs::write(path, &bytes).unwrap();
        assert!(RedbJournal::open(path).is_ok());

        bytes[5000] = 1;
        fs::write(path, &bytes).unwrap();
        assert!(matches!(refused(path).kind, OpenErrorKind::Damaged(_)));
        assert_eq!(fs::read(path).unwrap(), bytes, "it is left as it is");
    });
}

#[test]
fn a_file_that_is_no_journal_is_refused() {
    in_a_folder(|path| {
        for bytes in [b"Dear diary".repeat(1000), vec![255; 100], vec![0, 1]] {
            fs::write(path, &bytes).unwrap();
            assert!(matches!(refused(path).kind, OpenErrorKind::Damaged(_)));
            assert_eq!(fs::read(path).unwrap(), bytes, "it is left as it is");
        }
    });
}

#[test]
fn a_file_that_is_cut_off_is_an_error_or_a_journal_and_never_a_panic() {
    in_a_folder(|path| {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async {
            let journal = RedbJournal::open(path).unwrap();
            journal.append(game_id(1), 0, batch(1)).await.unwrap();
        });
        let bytes = fs::read(path).unwrap();
        for part in 1..16 {
            fs::write(path, &bytes[..bytes.len() * part / 16]).unwrap();
            let _ = RedbJournal::open(path);
        }
        for length in [1, 8, 9, 100, 320, 4095, 4096, 4097] {
            fs::write(path, &bytes[..length]).unwrap();
            assert!(matches!(refused(path).kind, OpenErrorKind::Damaged(_)));
        }
    });
}

#[test]
fn the_file_of_a_newer_version_is_refused_and_left_alone() {
    in_a_folder(|path| {
        drop(RedbJournal::open(path).unwrap());
        let database = Database::open(path).unwrap();
        let transaction = database.begin_write().unwrap();
        let about: TableDefinition<&str, u64> = TableDefinition::new("journal");
        transaction
            .open_table(about)
            .unwrap()
            .insert("schema", 7)
            .unwrap();
        transaction.commit().unwrap();
        drop(database);
        let error = refused(path);
        assert!(matches!(&error.kind, OpenErrorKind::OtherVersion(found) if found == "7"));
    });
}

#[test]
fn the_database_of_another_program_is_refused() {
    in_a_folder(|path| {
        let database = Database::create(path).unwrap();
        let transaction = database.begin_write().unwrap();
        let recipes: TableDefinition<u64, &str> = TableDefinition::new("recipes");
        transaction
            .open_table(recipes)
            .unwrap()
            .insert(1, "soup")
            .unwrap();
        transaction.commit().unwrap();
        drop(database);
        assert!(matches!(refused(path).kind, OpenErrorKind::Damaged(_)));
    });
}

#[test]
fn a_missing_folder_is_an_error() {
    in_a_folder(|path| {
        let missing = path.join("inside").join("journal.redb");
        assert!(matches!(refused(&missing).kind, OpenErrorKind::NoFolder));
        fs::write(path, "a file").unwrap();
        let below_a_file = path.join("journal.redb");
        assert!(matches!(
            refused(&below_a_file).kind,
            OpenErrorKind::NoFolder
        ));
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
        assert!(matches!(refused(path).kind, OpenErrorKind::NotAFile(_)));
    });
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_regular_file_is_refused_at_once() {
    in_a_folder(|path| {
        let folder = path.parent().unwrap();
        let (pipe, socket) = (folder.join("pipe"), folder.join("socket"));
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = folder.join("link");
        std::os::unix::fs::symlink(&pipe, &link).unwrap();
        for (place, what) in [
            (folder, "a folder"),
            (&pipe, "a pipe"),
            (&link, "a pipe"),
            (&socket, "a socket"),
            (Path::new("/dev/null"), "a device"),
            (Path::new("/dev/zero"), "a device"),
        ] {
            let error = refused(place);
            assert!(
                matches!(error.kind, OpenErrorKind::NotAFile(_)),
                "{error:?}"
            );
            assert!(error.to_string().contains(what), "{error}");
            for error in [
                maintenance::check(place, &mut |_| {})
                    .err()
                    .unwrap()
                    .to_string(),
                maintenance::import(&b""[..], place)
                    .err()
                    .unwrap()
                    .to_string(),
            ] {
                assert!(error.contains(what), "{error}");
            }
        }
        // A link to a file counts as a file.
        std::fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink(path, &link).unwrap();
        drop(RedbJournal::open(path).unwrap());
        assert!(RedbJournal::open(&link).is_ok());
    });
}
