//! The channel layer's conformance server, and a relay that records the server's bytes.

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

use crate::within_patience;

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
pub struct RecordingRelay {
    pub address: SocketAddr,
    recorded: watch::Receiver<Vec<u8>>,
}

impl RecordingRelay {
    /// Starts a relay for one client.
    pub async fn start(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (recorder, recorded) = watch::channel(Vec::new());
        tokio::spawn(relay(listener, server, recorder));
        Self { address, recorded }
    }

    /// Waits until the server has sent these bytes: a frame's text, or a close code. A server's
    /// frames are not masked, so the bytes appear as they are.
    pub async fn wait_for(&mut self, content: impl AsRef<[u8]>) {
        let content = content.as_ref();
        let has = |recorded: &Vec<u8>| recorded.windows(content.len()).any(|part| part == content);
        within_patience(self.recorded.wait_for(has))
            .await
            .expect("the relay runs");
    }
}

async fn relay(
    listener: TcpListener,
    server: SocketAddr,
    recorder: watch::Sender<Vec<u8>>,
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
        recorder.send_modify(|recorded| recorded.extend(&buffer[..length]));
        to_client.write_all(&buffer[..length]).await?;
    }
}
