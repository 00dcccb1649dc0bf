//! Nothing but the WebSocket library: one task and one queue per connection, and one shared frame
//! per broadcast. It parses no JSON, keeps no state of a join, times nothing and closes nothing.

use std::{cell::RefCell, rc::Rc};

use futures_util::{SinkExt, StreamExt};
use tokio::{
    net::TcpListener,
    select,
    sync::mpsc::{self, error::TrySendError},
    task::{LocalSet, spawn_local},
};
use tokio_tungstenite::{
    WebSocketStream, accept_async_with_config,
    tungstenite::{Message, Utf8Bytes, protocol::WebSocketConfig},
};

use crate::{BenchResult, Frame};

/// Maximum frames that wait for one connection.
const QUEUE_CAPACITY: usize = 512;

/// The queues of all clients that have joined, on any topic.
pub(crate) type Subscribers = Rc<RefCell<Vec<mpsc::Sender<Utf8Bytes>>>>;

pub(crate) async fn serve() -> BenchResult<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let subscribers = Subscribers::default();
    let accept = async move {
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let subscribers = Rc::clone(&subscribers);
            spawn_local(async move {
                if let Ok(socket) = accept_async_with_config(stream, Some(config())).await {
                    run_connection(socket, subscribers).await;
                }
            });
        }
    };
    LocalSet::new().run_until(accept).await
}

/// The buffer sizes of the channel layer's sockets.
pub(crate) fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(4096)
}

/// Serves one connection to its end.
pub(crate) async fn run_connection<S>(mut socket: WebSocketStream<S>, subscribers: Subscribers)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let (sender, mut queue) = mpsc::channel(QUEUE_CAPACITY);
    loop {
        let sent = select! {
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => match answer(&text, &sender, &subscribers) {
                    Some(answer) => socket.send(Message::text(answer)).await,
                    None => Ok(()),
                },
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => Ok(()),
            },
            Some(frame) = queue.recv() => socket.send(Message::Text(frame)).await,
        };
        if sent.is_err() {
            return;
        }
    }
}

/// The answer to a frame; `None` for a broadcast.
fn answer(
    text: &str,
    sender: &mpsc::Sender<Utf8Bytes>,
    subscribers: &Subscribers,
) -> Option<String> {
    let Frame {
        head,
        topic,
        event,
        payload,
    } = Frame::split(text)?;
    let response = match event {
        r#""phx_join""# => {
            subscribers.borrow_mut().push(sender.clone());
            "{}"
        }
        r#""bcast""# => {
            broadcast(subscribers, topic, payload);
            return None;
        }
        _ => payload,
    };
    Some(format!(
        r#"{head},"phx_reply",{{"status":"ok","response":{response}}}]"#
    ))
}

/// Puts one shared frame into each subscriber's queue.
pub(crate) fn broadcast(subscribers: &Subscribers, topic: &str, payload: &str) {
    let frame = Utf8Bytes::from(format!(r#"[null,null,{topic},"bcast",{payload}]"#));
    subscribers.borrow_mut().retain(|it| {
        // A client whose queue is full misses the frame; here no client checks for gaps.
        !matches!(it.try_send(frame.clone()), Err(TrySendError::Closed(_)))
    });
}
