//! Looks at the ids of both players. A player whose id the other one has used gets the reply to a
//! command that was not theirs.

impl Receipts {
    pub(crate) fn find(&self, by: Player, id: &CommandId) -> Option<u64> {
        let own = self.by_player[by].iter();
        let all = own.chain(self.by_player[by.opponent()].iter());
        all.rev()
            .find(|receipt| receipt.id == *id)
            .map(|receipt| receipt.seq)
    }
}
