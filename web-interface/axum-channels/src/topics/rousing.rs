//! Wakes the sockets that a broadcast is for, a few at a time where they are very many: whoever else
//! has something to do on this server does not wait until ten thousand have written.

use std::{mem::take, task::Waker};

use tokio::{runtime::Handle, task::yield_now};

/// Sockets that are woken before others get their turn, for each thread of the runtime. To write
/// takes each of them some microseconds.
const AT_A_TIME: usize = 16;

/// Those who are to be woken by one broadcast: the first of them now, and the others one batch after
/// the other once this is dropped; at once where no runtime is.
#[derive(Debug, Default)]
pub(super) struct Rousing {
    woken: usize,
    asleep: Vec<Waker>,
}

impl Rousing {
    pub(super) fn add(&mut self, waker: Waker) {
        if self.woken < AT_A_TIME {
            self.woken += 1;
            waker.wake();
        } else {
            self.asleep.push(waker);
        }
    }
}

impl Drop for Rousing {
    fn drop(&mut self) {
        let asleep = take(&mut self.asleep);
        if asleep.is_empty() {
            return;
        }
        match Handle::try_current() {
            Ok(runtime) => {
                let at_a_time = AT_A_TIME * runtime.metrics().num_workers();
                runtime.spawn(rouse(asleep, at_a_time));
            }
            Err(_) => asleep.into_iter().for_each(Waker::wake),
        }
    }
}

async fn rouse(asleep: Vec<Waker>, at_a_time: usize) {
    for batch in asleep.chunks(at_a_time) {
        // Those who were woken before write, and what has come from outside is seen to.
        yield_now().await;
        batch.iter().for_each(Waker::wake_by_ref);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering::Relaxed},
        },
        task::Wake,
    };

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    /// Rouses this many, and returns how many of them are awake.
    fn rousing(many: usize) -> impl Fn() -> usize {
        let woken = Arc::new(Woken::default());
        let mut rousing = Rousing::default();
        for _ in 0..many {
            rousing.add(Waker::from(Arc::clone(&woken)));
        }
        move || woken.0.load(Relaxed)
    }

    #[tokio::test]
    async fn very_many_are_woken_a_few_at_a_time_and_others_have_their_turn_in_between() {
        let awake = rousing(3 * AT_A_TIME + 1);
        assert_eq!(awake(), AT_A_TIME);
        let mut seen = vec![awake()];
        while awake() < 3 * AT_A_TIME + 1 {
            yield_now().await;
            seen.push(awake());
        }
        seen.dedup();
        assert_eq!(seen, [16, 32, 48, 49]);
    }

    #[test]
    fn without_a_runtime_all_are_woken_at_once() {
        assert_eq!(rousing(100)(), 100);
    }
}
