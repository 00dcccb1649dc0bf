//! Looks at the number under one lock and stores under another. Between the two, the other writer can
//! do the same.

impl MemoryJournal {
    fn add(&self, game: GameId, expected: u64, batch: Batch) -> Result<(), AppendError> {
        if batch.events.is_empty() {
            let why = "a batch has at least one event".into();
            return Err(AppendError::Unavailable(why));
        }
        let actual = self.shard(game).get(&game).map_or(0, |log| log.last);
        if actual != expected {
            return Err(AppendError::Conflict { actual });
        }
        // Makes the moment between the two longer, so that it is found each time.
        std::thread::yield_now();
        let mut shard = self.shard(game);
        let log = shard.entry(game).or_default();
        log.last = expected + batch.events.len() as u64;
        log.row = self.rows.fetch_add(1, Ordering::Relaxed);
        log.batches.push(batch);
        Ok(())
    }
}
