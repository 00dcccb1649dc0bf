//! Forgets the newest command when there are too many. That is the one that is most likely to be
//! repeated.

impl Receipts {
    pub(crate) fn add(&mut self, by: Player, id: CommandId, seq: u64) {
        let receipts = &mut self.by_player[by];
        if receipts.len() == RECEIPTS_PER_PLAYER {
            receipts.pop_back();
        }
        receipts.push_back(Receipt { id, seq });
    }
}
