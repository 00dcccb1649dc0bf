//! Publishes before the events are stored. If the append fails, the other player has seen a move that
//! was never made.

impl GameProcess {
    pub(crate) async fn carry_out(
        &mut self,
        by: Player,
        command: Command,
        id: CommandId,
    ) -> Result<Accepted, ProcessError> {
        if let Some(seq) = self.receipts.find(by, &id) {
            return Ok(self.repeat(by, seq).await?);
        }
        let events = decide(&self.game, by, command, &self.facts(by, Instant::now()))?;
        let mut after = self.game.clone();
        for event in &events {
            after.apply(event);
            let published = Arc::new(PublishedEvent::new(&after, event));
            self.publish(&[published]).await;
        }
        self.append(by, &id, &events).await?;
        self.apply(&events);
        Ok(self.reply(by, id, &events))
    }
}
