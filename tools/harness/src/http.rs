//! A minimal HTTP client: one request per connection.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The complete body.
    pub body: String,
    headers: Vec<(String, String)>,
}

impl Response {
    /// Returns the value of the header with this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(header, _)| header == name)?;
        Some(value)
    }

    /// Parses the body as JSON.
    ///
    /// # Errors
    /// If the body is not JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.body).with_context(|| format!("no JSON: {}", self.body))
    }
}

/// Sends a request and reads the answer. It has no time limit.
///
/// `head` is the method and the path, then the headers, one a line.
///
/// # Errors
/// If there is no server, or no complete answer.
pub async fn request(address: SocketAddr, head: &str, body: &str) -> Result<Response> {
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
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    read(&response).with_context(|| format!("no whole answer: {response}"))
}

/// Sends a GET request.
///
/// # Errors
/// As [`request`].
pub async fn get(address: SocketAddr, path: &str) -> Result<Response> {
    request(address, &format!("GET {path}"), "").await
}

/// Sends a POST request with a body of JSON.
///
/// # Errors
/// As [`request`].
pub async fn post(address: SocketAddr, path: &str, body: &str) -> Result<Response> {
    let head = format!("POST {path}\ncontent-type: application/json");
    request(address, &head, body).await
}

fn read(response: &str) -> Option<Response> {
    let (head, body) = response.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?;
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    });
    Some(Response {
        status: status.parse().ok()?,
        headers: headers.collect(),
        body: body.to_owned(),
    })
}
