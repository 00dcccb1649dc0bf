//! HTTP by hand: one request a connection, and the answer read to its end.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::soon;

pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// The value of the header of this (lower-case) name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(header, _)| header == name)?;
        Some(value)
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }

    /// The stable name of a refusal, which has a sentence for a person too.
    #[track_caller]
    pub(crate) fn reason(&self) -> String {
        let refusal = self.json();
        assert_ne!(refusal["message"].as_str().unwrap_or_default(), "");
        refusal["reason"].as_str().unwrap().to_owned()
    }
}

/// Sends a request: `head` is its first line and its headers, a line each.
pub(crate) async fn request(address: SocketAddr, head: &str, body: &str) -> Answer {
    let mut lines = head.lines().map(str::trim);
    let first = lines.next().unwrap();
    let mut request = format!("{first} HTTP/1.1\r\nconnection: close\r\n");
    request += &format!("content-length: {}\r\n", body.len());
    if !head.contains("\nhost: ") {
        request += &format!("host: {address}\r\n");
    }
    for line in lines {
        request += &format!("{line}\r\n");
    }
    request += &format!("\r\n{body}");
    let mut stream = TcpStream::connect(address).await.unwrap();
    soon(stream.write_all(request.as_bytes())).await.unwrap();
    let mut answer = Vec::new();
    soon(stream.read_to_end(&mut answer)).await.unwrap();
    read(&String::from_utf8(answer).unwrap())
}

pub(crate) async fn get(address: SocketAddr, path: &str) -> Answer {
    request(address, &format!("GET {path}"), "").await
}

pub(crate) async fn post(address: SocketAddr, path: &str, body: &str) -> Answer {
    let head = format!("POST {path}\ncontent-type: application/json");
    request(address, &head, body).await
}

fn read(answer: &str) -> Answer {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_ascii_lowercase(), value.to_owned())
    });
    Answer {
        status: status.parse().unwrap(),
        headers: headers.collect(),
        body: body.to_owned(),
    }
}
