//! The processes of Islands: one supervised actor a game, and the journal that
//! outlives it.

mod command_id;
pub mod journal;
mod opening;

pub use command_id::{CommandId, InvalidCommandId};
pub use opening::{Bot, Opening};
