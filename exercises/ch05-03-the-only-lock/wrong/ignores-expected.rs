//! Stores every batch, whatever its writer has seen. A killed process can then write behind its
//! successor.

impl MemoryJournal {
    fn add(&self, game: GameId, expected: u64, batch: Batch) -> Result<(), AppendError> {
        let _ = expected;
        if batch.events.is_empty() {
            let why = "a batch has at least one event".into();
            return Err(AppendError::Unavailable(why));
        }
        let mut shard = self.shard(game);
        let log = shard.entry(game).or_default();
        log.last += batch.events.len() as u64;
        log.row = self.rows.fetch_add(1, Ordering::Relaxed);
        log.batches.push(batch);
        Ok(())
    }
}
