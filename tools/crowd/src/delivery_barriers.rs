//! Tracks over all workers how far the last broadcast of each topic has come.

/// The last broadcast of each topic, and the workers that have reported its delivery.
#[derive(Debug, Default)]
pub(crate) struct DeliveryBarriers(Vec<Barrier>);

#[derive(Clone, Debug, Default)]
struct Barrier {
    /// The workers with connections on the topic.
    workers: Vec<usize>,
    seq: u64,
    reported: Vec<usize>,
}

impl DeliveryBarriers {
    /// Creates barriers from the number of connections that each worker has on each topic.
    pub(crate) fn new<'a>(joined: impl Iterator<Item = &'a [u64]>) -> DeliveryBarriers {
        let mut barriers: Vec<Barrier> = Vec::new();
        for (worker, joined) in joined.enumerate() {
            barriers.resize(barriers.len().max(joined.len()), Barrier::default());
            for (barrier, joined) in barriers.iter_mut().zip(joined) {
                if *joined > 0 {
                    barrier.workers.push(worker);
                }
            }
        }
        DeliveryBarriers(barriers)
    }

    /// Notes that all of a worker's connections have received a broadcast; returns whether this now
    /// holds for all workers.
    pub(crate) fn note_delivered(&mut self, worker: usize, topic: u64, seq: u64) -> bool {
        let Some(barrier) = self.0.get_mut(topic as usize) else {
            return false;
        };
        if seq > barrier.seq {
            barrier.seq = seq;
            barrier.reported.clear();
        }
        if seq == barrier.seq && !barrier.reported.contains(&worker) {
            barrier.reported.push(worker);
        }
        seq == barrier.seq && barrier.reported.len() == barrier.workers.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broadcast_is_complete_when_all_workers_on_its_topic_have_reported() {
        let joined: [&[u64]; 3] = [&[5, 0], &[5, 1], &[4, 1]];
        let mut barriers = DeliveryBarriers::new(joined.into_iter());
        for (worker, topic, seq, complete) in [
            (0, 0, 0, false),
            (0, 0, 0, false),
            (2, 0, 0, false),
            (1, 0, 0, true),
            (1, 1, 0, false),
            (2, 1, 0, true),
            (0, 0, 1, false),
            (1, 0, 0, false),
            (1, 0, 1, false),
            (2, 0, 1, true),
            (0, 7, 0, false),
        ] {
            let found = barriers.note_delivered(worker, topic, seq);
            assert_eq!(found, complete, "worker {worker}, topic {topic}, {seq}");
        }
    }
}
