//! Tests what the checker must accept, and what it must find.

mod damage;
mod damages;
mod lines;
mod played;
mod right;
