//! The rules of the game, as tests: one module for each noun.
//!
//! Everything is deterministic. Random tests draw from [`islands_core::Rng`]
//! with a fixed seed, and a test that fails names the seed.

// Helpers.
mod commands;
mod drawing;
mod fixture;
mod monkey;

// Tests.
mod board;
mod bot;
mod coordinate;
mod coordinate_set;
mod counting;
mod event_log;
mod game_id;
mod game_over;
mod guessing;
mod island;
mod json;
mod json_events;
mod naive_board;
mod player_name;
mod positioning;
mod random_board;
mod rejection;
mod replay;
mod rng;
mod seats;
mod secrecy;
mod shortest_game;
mod states;
