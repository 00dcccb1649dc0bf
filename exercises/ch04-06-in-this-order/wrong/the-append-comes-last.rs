//! Applies and publishes, and appends then. The append is sent with the number of the game after the
//! events, where the journal expects the one before; and Bob has seen a move that is not stored.

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
        self.publish(&published).await;
        self.append(by, &id, &events).await?;
        Ok(self.reply(by, id, &events))
    }
}
