//! Staggered wake-ups: a broadcast to very many idle sockets wakes them in batches, so that other
//! tasks of the runtime run in between.

use std::{collections::VecDeque, sync::Arc};

use tokio::{runtime::Handle, task::yield_now};

use super::outbox::Outbox;

/// Sockets to wake before yielding, for each thread of the runtime. Each then writes for some
/// microseconds.
const BATCH_SIZE: usize = 16;

/// The sockets that one broadcast wakes: the first batch immediately, the rest by a task.
///
/// Dropping it wakes the rest, also when the runtime shuts down.
#[derive(Debug, Default)]
pub(super) struct WakeBatch {
    woken: usize,
    asleep: VecDeque<Arc<Outbox>>,
}

impl WakeBatch {
    pub(super) fn add(&mut self, outbox: &Arc<Outbox>) {
        if self.woken < BATCH_SIZE {
            self.woken += 1;
            outbox.wake();
        } else {
            self.asleep.push_back(Arc::clone(outbox));
        }
    }

    /// Wakes the rest batch by batch in a task of `runtime`, or immediately without one.
    pub(super) fn wake_rest(self, runtime: Option<&Handle>) {
        if !self.asleep.is_empty()
            && let Some(runtime) = runtime
        {
            let batch_size = BATCH_SIZE * runtime.metrics().num_workers();
            runtime.spawn(self.wake_in_batches(batch_size));
        }
    }

    async fn wake_in_batches(mut self, batch_size: usize) {
        while !self.asleep.is_empty() {
            // The batch woken before writes, and the runtime polls its I/O driver.
            yield_now().await;
            let count = batch_size.min(self.asleep.len());
            self.asleep.drain(..count).for_each(|it| it.wake());
        }
    }
}

impl Drop for WakeBatch {
    fn drop(&mut self) {
        self.asleep.iter().for_each(|it| it.wake());
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio_test::task::{Spawn, spawn};

    use super::*;
    use crate::protocol::{EncodedFrame, Serializer};

    /// A socket's task that waits for something to write.
    fn asleep(outbox: &Arc<Outbox>) -> Spawn<impl Future<Output = ()> + use<>> {
        let outbox = Arc::clone(outbox);
        let mut task = spawn(async move { poll_fn(|cx| outbox.poll_frame(cx).map(drop)).await });
        assert!(task.poll().is_pending());
        task
    }

    fn outbox() -> Arc<Outbox> {
        Arc::new(Outbox::new(Serializer::V2, 32, 1024))
    }

    /// `count` sleeping sockets, and the batch that wakes them for one broadcast.
    fn many(count: usize) -> (Vec<Spawn<impl Future<Output = ()> + use<>>>, WakeBatch) {
        let mut wake_batch = WakeBatch::default();
        let mut tasks = Vec::new();
        for _ in 0..count {
            let outbox = outbox();
            tasks.push(asleep(&outbox));
            assert!(outbox.send_deferred(EncodedFrame::text("news")));
            wake_batch.add(&outbox);
        }
        (tasks, wake_batch)
    }

    fn awake<T: Future>(tasks: &[Spawn<T>]) -> usize {
        tasks.iter().filter(|task| task.is_woken()).count()
    }

    #[tokio::test]
    async fn a_large_batch_is_woken_in_steps_and_yields_between_them() {
        let (tasks, wake_batch) = many(3 * BATCH_SIZE + 1);
        wake_batch.wake_rest(Some(&Handle::current()));
        let mut seen = vec![awake(&tasks)];
        while awake(&tasks) < tasks.len() {
            yield_now().await;
            seen.push(awake(&tasks));
        }
        seen.dedup();
        assert_eq!(seen, [16, 32, 48, 49]);
    }

    #[test]
    fn without_a_runtime_all_are_woken_immediately() {
        let (tasks, wake_batch) = many(100);
        assert_eq!(awake(&tasks), BATCH_SIZE);
        wake_batch.wake_rest(None);
        assert_eq!(awake(&tasks), 100);
    }

    #[test]
    fn dropping_the_runtime_wakes_the_rest() {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.unwrap();
        let (tasks, wake_batch) = many(100);
        wake_batch.wake_rest(Some(runtime.handle()));
        assert_eq!(awake(&tasks), BATCH_SIZE);
        drop(runtime);
        assert_eq!(awake(&tasks), 100);
    }

    #[test]
    fn a_long_queue_wakes_its_socket_without_waiting_for_its_batch() {
        let outbox = outbox();
        let task = asleep(&outbox);
        let send = || {
            (
                outbox.send_deferred(EncodedFrame::text("news")),
                task.is_woken(),
            )
        };
        assert_eq!(send(), (true, false), "deferred to its batch");
        for _ in 2..8 {
            assert_eq!(send(), (false, false), "already in a batch");
        }
        assert_eq!(send(), (false, true), "after 8");
    }

    #[test]
    fn a_nearly_full_queue_wakes_its_socket_immediately() {
        let outbox = outbox();
        let task = asleep(&outbox);
        let long = || EncodedFrame::text("x".repeat(300));
        assert!(outbox.send_deferred(long()) && !task.is_woken());
        assert!(
            !outbox.send_deferred(long()) && task.is_woken(),
            "600 of 1,024 bytes"
        );
    }

    #[test]
    fn an_awake_socket_is_in_no_batch() {
        let outbox = outbox();
        assert!(!outbox.send_deferred(EncodedFrame::text("news")));
    }

    #[test]
    fn closing_a_slow_reader_wakes_its_socket() {
        let outbox = outbox();
        let task = asleep(&outbox);
        assert!(!outbox.send_deferred(EncodedFrame::text("x".repeat(2048))));
        assert!(task.is_woken());
    }
}
