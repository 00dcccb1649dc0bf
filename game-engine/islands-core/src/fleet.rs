//! A player's islands before the first guess.

use crate::board::{Board, Draft};
use crate::island::Island;

/// A player's islands before the first guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fleet {
    /// They can still be moved.
    Arranging(Draft),
    /// They stay where they are.
    Set(Board),
}

impl Fleet {
    /// The islands that have a place.
    pub(crate) fn islands(self) -> Draft {
        match self {
            Fleet::Arranging(draft) => draft,
            Fleet::Set(board) => board.into(),
        }
    }

    /// Whether they stay where they are.
    pub(crate) fn is_set(self) -> bool {
        matches!(self, Fleet::Set(_))
    }

    /// The same with an island put somewhere or moved.
    pub(crate) fn with(self, island: Island) -> Fleet {
        match self {
            Fleet::Arranging(draft) => Fleet::Arranging(draft.place(island)),
            Fleet::Set(_) => self,
        }
    }

    /// The same with all islands put somewhere.
    pub(crate) fn with_all(self, board: Board) -> Fleet {
        match self {
            Fleet::Arranging(_) => Fleet::Arranging(board.into()),
            Fleet::Set(_) => self,
        }
    }

    /// The same, and no longer to be moved.
    pub(crate) fn set(self) -> Fleet {
        match self {
            Fleet::Arranging(draft) => draft.finish().map_or(self, Fleet::Set),
            Fleet::Set(_) => self,
        }
    }
}
