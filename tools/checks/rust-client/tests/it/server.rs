//! The channel layer's conformance server, and a relay that records its frames.

use std::{
    env,
    net::SocketAddr,
    process::{Command, Stdio},
};

use harness::Program;
use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::soon;

/// The built server, relative to this package.
const BUILT: &str = "../../../target/debug/examples/conformance";

/// Starts a server, killed when dropped.
pub fn start() -> Program {
    // Read at run time: the package may have been compiled in another folder.
    let package = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let built = format!("{package}/{BUILT}");
    let mut server = Command::new(env::var("CONFORMANCE_BIN").unwrap_or(built));
    // The tests provoke panics, whose messages would clutter the output.
    server.args(["--port", "0"]).stderr(Stdio::null());
    Program::start(&mut server).unwrap_or_else(|error| panic!("{error:#}"))
}

/// A relay that records the server's bytes, since a client drops some frames unseen.
pub struct Wire {
    pub address: SocketAddr,
    heard: watch::Receiver<Vec<u8>>,
}

impl Wire {
    /// Starts a relay for one client.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (keep, heard) = watch::channel(Vec::new());
        tokio::spawn(relay(listener, server, keep));
        Self { address, heard }
    }

    /// Waits until the server has sent these bytes: a frame's text, or a close code. A server's
    /// frames are not masked, so the bytes appear as they are.
    pub async fn carries(&mut self, content: impl AsRef<[u8]>) {
        let content = content.as_ref();
        let has = |heard: &Vec<u8>| heard.windows(content.len()).any(|part| part == content);
        soon(self.heard.wait_for(has))
            .await
            .expect("the relay runs");
    }
}

async fn relay(
    listener: TcpListener,
    server: SocketAddr,
    keep: watch::Sender<Vec<u8>>,
) -> io::Result<()> {
    let (client, _) = listener.accept().await?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = TcpStream::connect(server).await?.into_split();
    tokio::spawn(async move { io::copy(&mut from_client, &mut to_server).await });
    let mut buffer = [0; 1024];
    loop {
        let length = from_server.read(&mut buffer).await?;
        if length == 0 {
            // Dropping `to_client` closes the client's connection.
            return Ok(());
        }
        keep.send_modify(|heard| heard.extend(&buffer[..length]));
        to_client.write_all(&buffer[..length]).await?;
    }
}
