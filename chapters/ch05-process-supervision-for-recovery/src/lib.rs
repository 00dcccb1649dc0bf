//! Chapter 5's lesson: three ways to restart what has crashed, which are not enough.
//!
//! A [`score`] is a small process with two bugs. [`restart_loop`] starts it again and again,
//! always from nothing. [`table`] keeps its state outside, and with it what made it crash.
//! [`supervisor`] restarts many: with a [`shared_budget`], or each with an [`own_budget`]. The product's own way is
//! `islands-engine`, with its journal; `tests/lesson.rs` compares.

pub mod own_budget;
pub mod restart_loop;
pub mod score;
pub mod shared_budget;
pub mod supervisor;
pub mod table;
