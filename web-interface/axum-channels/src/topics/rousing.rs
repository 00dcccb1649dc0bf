//! Wakes the sockets that a broadcast is for, a few at a time where they are very many: whoever else
//! has something to do on this server does not wait until ten thousand have written.

use std::{collections::VecDeque, sync::Arc};

use tokio::{runtime::Handle, task::yield_now};

use super::outbox::Outbox;

/// Sockets that are woken before others get their turn, for each thread of the runtime. To write
/// takes each of them some microseconds.
const AT_A_TIME: usize = 16;

/// Those who are to be woken by one broadcast: the first of them as they come. Nobody sleeps on
/// because this is dropped, be it by a runtime that ends.
#[derive(Debug, Default)]
pub(super) struct Rousing {
    woken: usize,
    asleep: VecDeque<Arc<Outbox>>,
}

impl Rousing {
    pub(super) fn add(&mut self, outbox: &Arc<Outbox>) {
        if self.woken < AT_A_TIME {
            self.woken += 1;
            outbox.rouse();
        } else {
            self.asleep.push_back(Arc::clone(outbox));
        }
    }

    /// Wakes the others one batch after the other, in this runtime; at once if there is none.
    pub(super) fn go_on(self, runtime: Option<&Handle>) {
        if !self.asleep.is_empty()
            && let Some(runtime) = runtime
        {
            let at_a_time = AT_A_TIME * runtime.metrics().num_workers();
            runtime.spawn(self.rouse(at_a_time));
        }
    }

    async fn rouse(mut self, at_a_time: usize) {
        while !self.asleep.is_empty() {
            // Those who were woken before write, and what has come from outside is seen to.
            yield_now().await;
            let batch = at_a_time.min(self.asleep.len());
            self.asleep.drain(..batch).for_each(|it| it.rouse());
        }
    }
}

impl Drop for Rousing {
    fn drop(&mut self) {
        self.asleep.iter().for_each(|it| it.rouse());
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

    /// This many that are asleep, of whom one broadcast is to rouse all.
    fn many(count: usize) -> (Vec<Spawn<impl Future<Output = ()> + use<>>>, Rousing) {
        let mut rousing = Rousing::default();
        let mut tasks = Vec::new();
        for _ in 0..count {
            let outbox = outbox();
            tasks.push(asleep(&outbox));
            assert!(outbox.send_gently(EncodedFrame::text("news")));
            rousing.add(&outbox);
        }
        (tasks, rousing)
    }

    fn awake<T: Future>(tasks: &[Spawn<T>]) -> usize {
        tasks.iter().filter(|task| task.is_woken()).count()
    }

    #[tokio::test]
    async fn very_many_are_woken_a_few_at_a_time_and_others_have_their_turn_in_between() {
        let (tasks, rousing) = many(3 * AT_A_TIME + 1);
        rousing.go_on(Some(&Handle::current()));
        let mut seen = vec![awake(&tasks)];
        while awake(&tasks) < tasks.len() {
            yield_now().await;
            seen.push(awake(&tasks));
        }
        seen.dedup();
        assert_eq!(seen, [16, 32, 48, 49]);
    }

    #[test]
    fn without_a_runtime_all_are_woken_at_once() {
        let (tasks, rousing) = many(100);
        assert_eq!(awake(&tasks), AT_A_TIME);
        rousing.go_on(None);
        assert_eq!(awake(&tasks), 100);
    }

    #[test]
    fn nobody_sleeps_on_when_the_runtime_ends() {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let runtime = runtime.unwrap();
        let (tasks, rousing) = many(100);
        rousing.go_on(Some(runtime.handle()));
        assert_eq!(awake(&tasks), AT_A_TIME);
        drop(runtime);
        assert_eq!(awake(&tasks), 100);
    }

    #[test]
    fn who_has_waited_for_its_turn_while_frames_piled_up_is_woken() {
        let outbox = outbox();
        let task = asleep(&outbox);
        let send = || {
            (
                outbox.send_gently(EncodedFrame::text("news")),
                task.is_woken(),
            )
        };
        assert_eq!(send(), (true, false), "to be roused");
        for _ in 2..8 {
            assert_eq!(send(), (false, false), "will be");
        }
        assert_eq!(send(), (false, true), "after 8");
    }

    #[test]
    fn little_patience_is_left_where_a_queue_is_nearly_full() {
        let outbox = outbox();
        let task = asleep(&outbox);
        let long = || EncodedFrame::text("x".repeat(300));
        assert!(outbox.send_gently(long()) && !task.is_woken());
        assert!(
            !outbox.send_gently(long()) && task.is_woken(),
            "600 of 1,024 bytes"
        );
    }

    #[test]
    fn who_is_awake_need_not_be_roused() {
        let outbox = outbox();
        assert!(!outbox.send_gently(EncodedFrame::text("news")));
    }

    #[test]
    fn who_is_closed_for_what_it_has_not_read_is_woken() {
        let outbox = outbox();
        let task = asleep(&outbox);
        assert!(!outbox.send_gently(EncodedFrame::text("x".repeat(2048))));
        assert!(task.is_woken());
    }
}
