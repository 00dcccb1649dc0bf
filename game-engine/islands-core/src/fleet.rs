//! A player's islands: still being arranged, or set.

use crate::board::{Board, Draft};
use crate::island::Island;

/// A player's islands, which are either being arranged or set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fleet {
    /// The islands can still be moved, and some may be missing.
    Arranging(Draft),
    /// All five are placed and can no longer be moved.
    Set(Board),
}

impl Fleet {
    /// Returns the islands placed so far.
    pub(crate) fn islands(self) -> Draft {
        match self {
            Fleet::Arranging(draft) => draft,
            Fleet::Set(board) => board.into(),
        }
    }

    /// Returns whether the islands are set.
    pub(crate) fn is_set(self) -> bool {
        matches!(self, Fleet::Set(_))
    }

    /// Returns the fleet with `island` placed or moved. A set fleet stays as it is.
    pub(crate) fn with(self, island: Island) -> Fleet {
        match self {
            Fleet::Arranging(draft) => Fleet::Arranging(draft.put(island)),
            Fleet::Set(_) => self,
        }
    }

    /// Returns the fleet with all islands placed. A set fleet stays as it is.
    pub(crate) fn with_all(self, board: Board) -> Fleet {
        match self {
            Fleet::Arranging(_) => Fleet::Arranging(board.into()),
            Fleet::Set(_) => self,
        }
    }

    /// Returns the fleet as set. It stays as it is while islands are missing.
    pub(crate) fn set(self) -> Fleet {
        match self {
            Fleet::Arranging(draft) => draft.finish().map_or(self, Fleet::Set),
            Fleet::Set(_) => self,
        }
    }
}
