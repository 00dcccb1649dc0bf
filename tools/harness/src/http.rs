//! HTTP by hand: one request a connection, and the answer read to its end.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, whole.
    pub body: String,
    headers: Vec<(String, String)>,
}

impl Answer {
    /// The value of the header of this (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(header, _)| header == name)?;
        Some(value)
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// It is none.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| format!("no JSON: {}", self.body))
    }
}

/// Sends a request: `head` is its first line and its headers, a line each. There is no
/// bound on how long it takes.
///
/// # Errors
/// There is no server, or no whole answer.
pub async fn request(address: SocketAddr, head: &str, body: &str) -> Result<Answer> {
    let mut lines = head.lines().map(str::trim);
    let first = lines.next().context("a request has a first line")?;
    let mut request = format!("{first} HTTP/1.1\r\nconnection: close\r\n");
    request += &format!("content-length: {}\r\n", body.len());
    if !head.contains("\nhost: ") {
        request += &format!("host: {address}\r\n");
    }
    for line in lines {
        request += &format!("{line}\r\n");
    }
    request += &format!("\r\n{body}");
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    read(&answer).with_context(|| format!("no whole answer: {answer}"))
}

/// Asks for what is at a path.
///
/// # Errors
/// As [`request`].
pub async fn get(address: SocketAddr, path: &str) -> Result<Answer> {
    request(address, &format!("GET {path}"), "").await
}

/// Posts JSON.
///
/// # Errors
/// As [`request`].
pub async fn post(address: SocketAddr, path: &str, body: &str) -> Result<Answer> {
    let head = format!("POST {path}\ncontent-type: application/json");
    request(address, &head, body).await
}

fn read(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?;
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    });
    Some(Answer {
        status: status.parse().ok()?,
        headers: headers.collect(),
        body: body.to_owned(),
    })
}
