//! Does not publish. The other player sees the move when the page is loaded again.

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
        self.append(by, &id, &events).await?;
        self.apply(&events);
        Ok(self.reply(by, id, &events))
    }
}
