//! Applies the events and appends them then. The append is sent with the number of the game after
//! them, where the journal expects the one before.

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
        let published = self.apply(&events);
        self.append(by, &id, &events).await?;
        self.publish(&published).await;
        Ok(self.reply(by, id, &events))
    }
}
