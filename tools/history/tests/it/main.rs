//! What the checker must let pass, and what it must find.

mod damage;
mod damages;
mod lines;
mod played;
mod right;
