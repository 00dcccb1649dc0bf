//! Assigns connections to workers.

use serde::{Deserialize, Serialize};

/// The connections of one worker: every `workers`-th one, counting from number `worker`, which
/// spreads neighbouring numbers over all workers.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Partition {
    /// Index of the worker, from zero.
    pub(crate) worker: u64,
    pub(crate) workers: u64,
    /// Number of connections of all workers together.
    pub(crate) connections: u64,
}

impl Partition {
    /// Returns the numbers of the worker's connections, in order.
    pub(crate) fn numbers(self) -> impl Iterator<Item = u64> {
        (0..self.len()).map(move |index| self.worker + index * self.workers)
    }

    pub(crate) fn len(self) -> u64 {
        let after = self.connections.saturating_sub(self.worker);
        after.div_ceil(self.workers)
    }

    /// Returns the index of one of the worker's connections among them.
    pub(crate) fn index(self, number: u64) -> usize {
        (number / self.workers) as usize
    }

    /// Whether connection `number` is the worker's. For a topic, this asks about the topic's first
    /// connection, which has the same number.
    pub(crate) fn has(self, number: u64) -> bool {
        number % self.workers == self.worker
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connection_belongs_to_one_worker() {
        for (connections, workers) in [(10, 3), (2, 4), (8, 4), (1, 1), (0, 2)] {
            let partition = |worker| Partition {
                worker,
                workers,
                connections,
            };
            let mut all: Vec<u64> = (0..workers)
                .flat_map(|it| partition(it).numbers())
                .collect();
            all.sort_unstable();
            assert_eq!(all, Vec::from_iter(0..connections), "{workers} workers");
            let sizes = (0..workers).map(|it| partition(it).len());
            let (least, most) = (sizes.clone().min(), sizes.max());
            assert!(
                most <= least.map(|least| least + 1),
                "and none has more to do"
            );
        }
    }

    #[test]
    fn a_worker_finds_its_connections_again() {
        let partition = Partition {
            worker: 2,
            workers: 3,
            connections: 20,
        };
        for (index, number) in partition.numbers().enumerate() {
            assert_eq!(partition.index(number), index);
            assert!(partition.has(number) && !partition.has(number + 1));
        }
    }
}
