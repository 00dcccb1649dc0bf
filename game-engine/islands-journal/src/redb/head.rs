//! The head of a game: the last event, time and row of its log.

use crc32fast::Hasher;
use islands_core::GameId;

use islands_engine::journal::LastRow;

/// The end of a game's log, stored apart from the log so that lost rows are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The number of the last event.
    pub(super) last: u64,
    /// The time of the last batch, in milliseconds since 1970.
    pub(super) at: u64,
    /// The number of the last row.
    pub(super) row: u64,
}

impl Head {
    /// The length of a stored head in bytes: event, time, row, and a CRC-32 of the
    /// game's id and these three, all numbers little-endian.
    pub(super) const LEN: usize = 28;

    /// Returns the row that decides whether the game is old.
    pub(super) fn last_row(self) -> LastRow {
        let Head { row, at, .. } = self;
        LastRow { row, at }
    }

    pub(super) fn to_bytes(self, game: GameId) -> [u8; Head::LEN] {
        let mut bytes = [0; Head::LEN];
        bytes[..8].copy_from_slice(&self.last.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.at.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.row.to_le_bytes());
        let checksum = checksum(game, &bytes[..24]);
        bytes[24..].copy_from_slice(&checksum);
        bytes
    }

    /// Decodes a head; `None` if its checksum does not match.
    pub(super) fn read(game: GameId, bytes: &[u8; Head::LEN]) -> Option<Head> {
        let (last, rest) = bytes.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (row, stored) = rest.split_first_chunk()?;
        (checksum(game, &bytes[..24]) == stored).then(|| Head {
            last: u64::from_le_bytes(*last),
            at: u64::from_le_bytes(*at),
            row: u64::from_le_bytes(*row),
        })
    }
}

fn checksum(game: GameId, bytes: &[u8]) -> [u8; 4] {
    let mut hasher = Hasher::new();
    hasher.update(&game.to_bytes());
    hasher.update(bytes);
    hasher.finalize().to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_of_a_head_or_of_its_game_is_noticed() {
        let game = GameId::from_bytes([7; 10]);
        let head = Head {
            last: 41,
            at: 1_735_689_600_123,
            row: 77,
        };
        let mut bytes = head.to_bytes(game);
        assert_eq!(Head::read(game, &bytes), Some(head));
        for bit in 0..bytes.len() * 8 {
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Head::read(game, &bytes), None, "bit {bit}");
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        for bit in 0..80 {
            let mut id = game.to_bytes();
            id[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Head::read(GameId::from_bytes(id), &bytes), None);
        }
    }
}
