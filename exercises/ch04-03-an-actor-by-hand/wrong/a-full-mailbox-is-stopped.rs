//! Does not wait for room in the mailbox: a full one is taken for a stopped task.

impl GameHandle {
    async fn call<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<T>) -> Message,
    ) -> Result<T, Stopped> {
        let (reply, answer) = oneshot::channel();
        let sent = self.mailbox.try_send(message(reply));
        sent.map_err(|_| Stopped)?;
        answer.await.map_err(|_| Stopped)
    }
}
