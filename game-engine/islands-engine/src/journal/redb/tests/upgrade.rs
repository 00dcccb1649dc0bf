//! A file of the first version, on a disk that fails while it becomes a newer one.

use islands_core::GameId;

use super::super::schema;
use super::disk::{Disk, Fault};
use super::game;
use crate::journal::{Batch, Journal};

/// As the program of that time left it.
const FIRST_VERSION: &[u8] =
    include_bytes!("../../../../tests/journal/first_version/journal.schema-1");

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

fn first_version() -> Disk {
    Disk::with(FIRST_VERSION.to_vec())
}

fn version(disk: &Disk) -> Option<u64> {
    let database = redb::Builder::new().create_with_backend(disk.clone());
    schema::version(&database.unwrap()).unwrap()
}

#[tokio::test]
async fn whichever_operation_fails_the_file_is_of_one_version_and_has_every_game() {
    let disk = first_version();
    let expected = logs(&disk, "at once").await;
    assert_eq!(expected.iter().map(Vec::len).collect::<Vec<_>>(), [33, 7]);
    let mut of_the_first_version = 0;
    for number in 0..disk.operations() {
        for fault in [Fault::Refused(number), Fault::Denied(number)] {
            let disk = first_version();
            disk.set_fault(fault);
            let opened = disk.journal();
            let is_open = opened.is_ok();
            for disk in [disk.after_a_kill(), disk.after_a_power_cut()] {
                let version = version(&disk);
                assert!(!is_open || version == Some(2), "{fault:?}: {version:?}");
                of_the_first_version += u64::from(version == Some(1));
                assert_eq!(logs(&disk, &format!("{fault:?}")).await, expected);
            }
            drop(opened);
        }
    }
    assert!(of_the_first_version > 4, "{of_the_first_version}");
}
