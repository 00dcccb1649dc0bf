//! Remembers every command. A game that is played for long grows without a bound.

impl Receipts {
    pub(crate) fn add(&mut self, by: Player, id: CommandId, seq: u64) {
        self.by_player[by].push_back(Receipt { id, seq });
    }
}
