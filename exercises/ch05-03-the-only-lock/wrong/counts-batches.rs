//! Counts a batch as one event, so that a batch of two leaves the number one behind.

impl MemoryJournal {
    fn add(&self, game: GameId, expected: u64, batch: Batch) -> Result<(), AppendError> {
        if batch.events.is_empty() {
            let why = "a batch has at least one event".into();
            return Err(AppendError::Unavailable(why));
        }
        let mut shard = self.shard(game);
        let actual = shard.get(&game).map_or(0, |log| log.last);
        if actual != expected {
            return Err(AppendError::Conflict { actual });
        }
        let log = shard.entry(game).or_default();
        log.last += 1;
        log.row = self.rows.fetch_add(1, Ordering::Relaxed);
        log.batches.push(batch);
        Ok(())
    }
}
