//! Cuts a batch at the number. A command with two events is then half a command.

impl MemoryJournal {
    fn batches(&self, game: GameId, after: u64) -> Vec<Batch> {
        let shard = self.shard(game);
        let Some(log) = shard.get(&game) else {
            return Vec::new();
        };
        let mut seq = 0;
        let mut batches = Vec::new();
        for batch in &log.batches {
            let mut batch = batch.clone();
            batch.events.retain(|_| {
                seq += 1;
                seq > after
            });
            if !batch.events.is_empty() {
                batches.push(batch);
            }
        }
        batches
    }
}
