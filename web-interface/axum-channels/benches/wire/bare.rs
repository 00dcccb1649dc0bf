//! Nothing but the WebSocket library: a task a connection, a queue for each, and one shared frame
//! for all who listen. It reads no JSON, keeps no state of a join, times nothing and closes nothing.

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

use crate::{Frame, Outcomes};

/// Frames that may wait for one connection.
const QUEUE: usize = 512;

/// Everyone who has joined, whatever the topic.
pub(crate) type Everyone = Rc<RefCell<Vec<mpsc::Sender<Utf8Bytes>>>>;

pub(crate) async fn serve() -> Outcomes<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    let everyone = Everyone::default();
    let accept = async move {
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let everyone = Rc::clone(&everyone);
            spawn_local(async move {
                if let Ok(socket) = accept_async_with_config(stream, Some(config())).await {
                    talk(socket, everyone).await;
                }
            });
        }
    };
    LocalSet::new().run_until(accept).await
}

/// The buffers that ours has.
pub(crate) fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4096)
        .write_buffer_size(4096)
}

/// Answers one connection to its end.
pub(crate) async fn talk<S>(mut socket: WebSocketStream<S>, everyone: Everyone)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let (sender, mut queue) = mpsc::channel(QUEUE);
    loop {
        let sent = select! {
            message = socket.next() => match message {
                Some(Ok(Message::Text(text))) => match answer(&text, &sender, &everyone) {
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

/// The answer to a frame, or none to a broadcast.
fn answer(text: &str, sender: &mpsc::Sender<Utf8Bytes>, everyone: &Everyone) -> Option<String> {
    let Frame {
        head,
        topic,
        event,
        payload,
    } = Frame::split(text)?;
    let response = match event {
        r#""phx_join""# => {
            everyone.borrow_mut().push(sender.clone());
            "{}"
        }
        r#""bcast""# => {
            broadcast(everyone, topic, payload);
            return None;
        }
        _ => payload,
    };
    Some(format!(
        r#"{head},"phx_reply",{{"status":"ok","response":{response}}}]"#
    ))
}

/// Puts one shared frame into everyone's queue.
pub(crate) fn broadcast(everyone: &Everyone, topic: &str, payload: &str) {
    let frame = Utf8Bytes::from(format!(r#"[null,null,{topic},"bcast",{payload}]"#));
    everyone.borrow_mut().retain(|it| {
        // Who does not read misses it: there is nobody here to mind.
        !matches!(it.try_send(frame.clone()), Err(TrySendError::Closed(_)))
    });
}
