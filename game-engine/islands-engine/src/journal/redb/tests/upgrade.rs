//! A file of an older version, on a disk that fails while it becomes a newer one.

use islands_core::GameId;

use super::super::schema;
use super::disk::{Disk, Fault};
use super::game;
use crate::journal::{Batch, Journal};

/// As the programs of their time left them.
const OLDER: [&[u8]; 2] = [
    include_bytes!("../../../../tests/journal/first_version/journal.schema-1"),
    include_bytes!("../../../../tests/journal/first_version/journal.schema-2"),
];

/// Two of its games.
fn games() -> [GameId; 2] {
    [
        GameId::from_bytes([0xA1; 10]),
        GameId::from_bytes([0xC0; 10]),
    ]
}

async fn logs(disk: &Disk, when: &str) -> Vec<Vec<Batch>> {
    let journal = disk.journal();
    let journal = journal.unwrap_or_else(|error| panic!("{when}: {error}"));
    let mut logs = Vec::new();
    for id in games() {
        logs.push(journal.load(id, 0).await.unwrap());
    }
    assert_eq!(journal.load(game(1), 0).await, Ok(vec![]));
    logs
}

fn version(disk: &Disk) -> Option<u64> {
    let database = redb::Builder::new().create_with_backend(disk.clone());
    schema::version(&database.unwrap()).unwrap()
}

/// Lets each operation fail in turn while this file is opened.
async fn check(older: &[u8]) {
    let disk = || Disk::with(older.to_vec());
    let before = version(&disk());
    let sound = disk();
    let expected = logs(&sound, "at once").await;
    assert_eq!(expected.iter().map(Vec::len).collect::<Vec<_>>(), [33, 7]);
    let mut unchanged = 0;
    for number in 0..sound.operations() {
        for fault in [Fault::Refused(number), Fault::Denied(number)] {
            let disk = disk();
            disk.set_fault(fault);
            let opened = disk.journal();
            let is_open = opened.is_ok();
            for disk in [disk.after_a_kill(), disk.after_a_power_cut()] {
                let version = version(&disk);
                assert!(!is_open || version == Some(schema::SCHEMA), "{fault:?}");
                unchanged += u64::from(version == before);
                assert_eq!(logs(&disk, &format!("{fault:?}")).await, expected);
            }
            drop(opened);
        }
    }
    assert!(unchanged > 4, "{unchanged}");
}

#[tokio::test]
async fn whichever_operation_fails_the_file_is_of_one_version_and_has_every_game() {
    for older in OLDER {
        check(older).await;
    }
}
