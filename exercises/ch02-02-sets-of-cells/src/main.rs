//! Written by `cargo x generate`; changes here are lost.
//!
//! Reads commands, a line each, and writes each again with its answer below.

fn main() {
    let mut answer = ex02_02::adapter::start();
    for command in std::io::stdin().lines().map_while(Result::ok) {
        println!("> {command}");
        println!("{}", answer(&command));
    }
}
