//! An actor that waits for itself.

use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort};

/// Counts the guesses of a game.
pub struct Counter;

/// What the counter can be asked.
pub enum Message {
    /// The number of guesses.
    Count(RpcReplyPort<u32>),
    /// A sentence with the number of guesses.
    Report(RpcReplyPort<String>),
}

impl Actor for Counter {
    type Msg = Message;
    type State = u32;
    type Arguments = u32;

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        guesses: u32,
    ) -> Result<u32, ActorProcessingErr> {
        Ok(guesses)
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        guesses: &mut u32,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Count(reply) => reply.send(*guesses)?,
            Message::Report(reply) => {
                // The number is at hand. Asking for it looks tidy, and never ends: the question
                // waits in the mailbox until this message is done.
                let count = myself
                    .call(Message::Count, None)
                    .await?
                    .success_or("gone")?;
                reply.send(format!("{count} guesses"))?;
            }
        }
        Ok(())
    }
}
