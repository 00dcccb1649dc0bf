//! Written by `cargo x generate`; changes here are lost.
//!
//! Reads commands, a line each. Writes each again behind `> `, its answer behind `= `, and a
//! dot at the end.

fn main() {
    let mut answer = ex07_02::adapter::start();
    for command in std::io::stdin().lines().map_while(Result::ok) {
        println!("> {command}");
        for line in answer(&command).lines() {
            println!("= {line}");
        }
    }
    println!(".");
}
