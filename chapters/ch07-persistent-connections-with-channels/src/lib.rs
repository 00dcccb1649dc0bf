//! Chapter 7's lesson: the game over a connection that stays open.
//!
//! [`by_hand`] is a channel on a bare WebSocket: frames, topics, a queue for each client, and no
//! bound. [`room`] is the game as a channel of `axum-channels`, which any Phoenix client can join.
//! [`poll`] is what a client without a connection has to do. A [`frame`] is what travels.
//!
//! The product's own channel is `GameChannel` in `islands-web`.

pub mod by_hand;
pub mod frame;
pub mod poll;
pub mod room;
