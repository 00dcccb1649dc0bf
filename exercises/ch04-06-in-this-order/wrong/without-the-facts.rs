//! Decides without the facts of the process. An opponent that left long ago counts as present.

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
        let events = decide(&self.game, by, command, &islands_core::Facts::default())?;
        self.append(by, &id, &events).await?;
        let published = self.apply(&events);
        self.publish(&published).await;
        Ok(self.reply(by, id, &events))
    }
}
