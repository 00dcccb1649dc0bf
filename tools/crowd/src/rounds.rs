//! Tracks over all workers how far the last broadcast of each topic has come.

/// The last broadcast of each topic, and the workers that have reported its delivery.
#[derive(Debug, Default)]
pub(crate) struct Rounds(Vec<Round>);

#[derive(Clone, Debug, Default)]
struct Round {
    /// The workers with connections on the topic.
    workers: Vec<usize>,
    seq: u64,
    told: Vec<usize>,
}

impl Rounds {
    /// Creates rounds from the number of connections that each worker has on each topic.
    pub(crate) fn new<'a>(joined: impl Iterator<Item = &'a [u64]>) -> Rounds {
        let mut rounds: Vec<Round> = Vec::new();
        for (worker, joined) in joined.enumerate() {
            rounds.resize(rounds.len().max(joined.len()), Round::default());
            for (round, joined) in rounds.iter_mut().zip(joined) {
                if *joined > 0 {
                    round.workers.push(worker);
                }
            }
        }
        Rounds(rounds)
    }

    /// Notes that all of a worker's connections have received a broadcast; returns whether this now
    /// holds for all workers.
    pub(crate) fn is_complete(&mut self, worker: usize, topic: u64, seq: u64) -> bool {
        let Some(round) = self.0.get_mut(topic as usize) else {
            return false;
        };
        if seq > round.seq {
            round.seq = seq;
            round.told.clear();
        }
        if seq == round.seq && !round.told.contains(&worker) {
            round.told.push(worker);
        }
        seq == round.seq && round.told.len() == round.workers.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broadcast_is_complete_when_all_workers_on_its_topic_have_told() {
        let joined: [&[u64]; 3] = [&[5, 0], &[5, 1], &[4, 1]];
        let mut rounds = Rounds::new(joined.into_iter());
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
            let found = rounds.is_complete(worker, topic, seq);
            assert_eq!(found, complete, "worker {worker}, topic {topic}, {seq}");
        }
    }
}
