//! A client that sends and receives raw frames. It keeps no record of its joins, so that a test can
//! send any frame.

use std::{future::Future, time::Duration};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, protocol::CloseFrame},
};

use crate::server::Server;

/// Maximum time of one step: far more than any takes, so a test that reaches it has failed.
const TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Client<S = TcpStream> {
    socket: WebSocketStream<S>,
}

/// Fails the test if the future takes longer than [`TIMEOUT`].
pub(crate) async fn in_time<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(TIMEOUT, future)
        .await
        .expect("nothing happened for too long")
}

impl Client {
    pub(crate) async fn connect(server: &Server) -> Self {
        Self::connect_with(server, "vsn=2.0.0").await
    }

    /// Connects with this query.
    pub(crate) async fn connect_with(server: &Server, query: &str) -> Self {
        let stream = TcpStream::connect(server.address).await.unwrap();
        let url = format!("ws://{}/socket/websocket?{query}", server.address);
        let (socket, _) = in_time(client_async(url, stream)).await.unwrap();
        Self { socket }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// A client whose handshake is done.
    pub(crate) fn new(socket: WebSocketStream<S>) -> Self {
        Self { socket }
    }

    pub(crate) async fn send(&mut self, frame: &str) {
        self.send_message(Message::text(frame)).await;
    }

    /// Sends a frame. Returns `false` if the server has closed the connection.
    pub(crate) async fn try_send(&mut self, frame: &str) -> bool {
        in_time(self.socket.send(Message::text(frame)))
            .await
            .is_ok()
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        in_time(self.socket.send(message)).await.unwrap();
    }

    /// The next text frame.
    pub(crate) async fn receive(&mut self) -> String {
        match self.receive_message().await {
            Message::Text(text) => text.to_string(),
            other => panic!("expected a frame, got {other:?}"),
        }
    }

    pub(crate) async fn receive_message(&mut self) -> Message {
        in_time(self.socket.next())
            .await
            .expect("the socket has ended")
            .unwrap()
    }

    #[track_caller]
    pub(crate) fn expect(&mut self, frame: &str) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move { assert_eq!(self.receive().await, frame, "at {caller}") }
    }

    /// Plays a script of one frame per line: `>` is sent, `<` must be received next. After the last
    /// line no other frame may arrive.
    #[track_caller]
    pub(crate) fn play(&mut self, script: &str) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            self.play_lines(script, caller).await;
            self.expect_nothing(caller).await;
        }
    }

    /// Plays a script, and ignores the frames after it.
    #[track_caller]
    pub(crate) fn play_only(&mut self, script: &str) -> impl Future<Output = ()> {
        self.play_lines(script, std::panic::Location::caller())
    }

    async fn play_lines(&mut self, script: &str, caller: &std::panic::Location<'_>) {
        let lines = script.lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty()) {
            match line.split_at(2) {
                ("> ", frame) => self.send(frame).await,
                ("< ", frame) => assert_eq!(self.receive().await, frame, "at {caller}"),
                _ => panic!("a line begins with > or <, unlike {line}"),
            }
        }
    }

    /// Checks that no frame is under way: the next one is the reply to a heartbeat.
    async fn expect_nothing(&mut self, caller: &std::panic::Location<'_>) {
        self.send(r#"[null,"still","phoenix","heartbeat",{}]"#)
            .await;
        let answer = r#"[null,"still","phoenix","phx_reply",{"status":"ok","response":{}}]"#;
        assert_eq!(self.receive().await, answer, "at {caller}");
    }

    /// Joins with the reference `"1"` for both, which must succeed.
    pub(crate) async fn join(&mut self, topic: &str) {
        self.send(&format!(r#"["1","1","{topic}","phx_join",{{}}]"#))
            .await;
        let reply = r#""phx_reply",{"status":"ok","response":{}}]"#;
        assert_eq!(
            self.receive().await,
            format!(r#"["1","1","{topic}",{reply}"#)
        );
    }

    /// Reads until the server closes, and returns the close frame.
    pub(crate) async fn closed(&mut self) -> CloseFrame {
        loop {
            match self.receive_message().await {
                Message::Close(frame) => return frame.expect("a close frame says why"),
                _ => continue,
            }
        }
    }

    #[track_caller]
    pub(crate) fn expect_close(&mut self, code: u16) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            match self.receive_message().await {
                Message::Close(Some(frame)) => {
                    assert_eq!(u16::from(frame.code), code, "at {caller}");
                }
                other => panic!("expected a close frame at {caller}, got {other:?}"),
            }
        }
    }
}
