//! Makes room after the new command is in, so that one too few are remembered.

impl Receipts {
    pub(crate) fn add(&mut self, by: Player, id: CommandId, seq: u64) {
        let receipts = &mut self.by_player[by];
        receipts.push_back(Receipt { id, seq });
        if receipts.len() == RECEIPTS_PER_PLAYER {
            receipts.pop_front();
        }
    }
}
