//! Lets the rules decide about a repeat: the receipts are asked too late, or not at all. The repeat
//! is then refused, though its command was accepted.

impl GameProcess {
    pub(crate) async fn carry_out(
        &mut self,
        by: Player,
        command: Command,
        id: CommandId,
    ) -> Result<Accepted, ProcessError> {
        let events = decide(&self.game, by, command, &self.facts(by, Instant::now()))?;
        if let Some(seq) = self.receipts.find(by, &id) {
            return Ok(self.repeat(by, seq).await?);
        }
        self.append(by, &id, &events).await?;
        let published = self.apply(&events);
        self.publish(&published).await;
        Ok(self.reply(by, id, &events))
    }
}
