//! The steps of a command, and how a test may strike between any two of them.

#[cfg(test)]
pub(crate) mod ambush;

/// What a game has just done with a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    /// It was taken from the mailbox, and nothing was done.
    Received,
    /// The core has said what happens.
    Decided,
    /// The journal has it.
    Appended,
    /// The game has changed.
    Applied,
    /// Those who listen have been told.
    Published,
    /// Its sender has been told.
    Replied,
}

/// A game has come this far with a command. Nothing happens here, but in the
/// tests of this crate, which can make a game panic or wait at this point.
#[cfg(not(test))]
pub(crate) async fn reached(_: islands_core::GameId, _: Step) {}

#[cfg(test)]
pub(crate) use ambush::reached;
