//! One request over HTTP, by hand: what the benches share.

use std::io::{self, Read, Write};
use std::net::TcpStream;

/// Asks for something like `GET /metrics`, and returns all of the answer.
pub fn ask(address: &str, what: &str, body: &str) -> io::Result<String> {
    let mut connection = TcpStream::connect(address)?;
    write!(
        connection,
        "{what} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    Ok(answer)
}
