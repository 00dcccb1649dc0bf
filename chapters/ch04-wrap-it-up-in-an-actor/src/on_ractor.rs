//! The actor of [`by_hand`](crate::by_hand), on ractor.

use islands_core::{Command, Facts, Game, Player, StateName, decide};
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort};

use crate::by_hand::Played;
use crate::disk::Disk;
use crate::games::battle;

/// A game as an actor. The game itself is the actor's state.
pub struct GameActor;

/// What a game holds between two messages.
pub struct State {
    name: String,
    game: Game,
    disk: Disk,
}

/// What a game can be sent.
pub enum Message {
    /// A call: carry out a command.
    Play(Player, Command, RpcReplyPort<Played>),
    /// A call: the name of the game's state.
    State(RpcReplyPort<StateName>),
    /// A cast: a player says something, and waits for no answer.
    Chat(String),
}

impl Actor for GameActor {
    type Msg = Message;
    type State = State;
    type Arguments = (String, Disk);

    async fn pre_start(
        &self,
        _: ActorRef<Message>,
        (name, disk): Self::Arguments,
    ) -> Result<State, ActorProcessingErr> {
        let game = battle();
        Ok(State { name, game, disk })
    }

    async fn handle(
        &self,
        _: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Play(by, command, reply) => {
                let played = decide(&state.game, by, command, &Facts::default());
                if let Ok(events) = &played {
                    state.disk.append(&state.name, events).await;
                    for event in events {
                        state.game.apply(event);
                    }
                }
                // The caller may have hung up, which is no reason to stop.
                let _ = reply.send(played);
            }
            Message::State(reply) => drop(reply.send(state.game.state_name())),
            Message::Chat(_) => {}
        }
        Ok(())
    }
}
