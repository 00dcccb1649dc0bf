//! Applies the events whether or not they are stored. After a failed append, the game in memory is
//! ahead of its log.

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
        let appended = self.append(by, &id, &events).await;
        let published = self.apply(&events);
        appended?;
        self.publish(&published).await;
        Ok(self.reply(by, id, &events))
    }
}
