//! A waker with a flag: tells a socket's task why it was woken.
//!
//! A broadcast to many clients wakes sockets that have one frame to write and nothing else to do.
//! Polling their connection, channels and timer would cost more than the frame. So each of these
//! sets the flag when it wakes the task; the outbox wakes the task without setting it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Wake, Waker},
};

use futures_util::task::AtomicWaker;

/// Whether anything but the outbox has woken the task.
#[derive(Debug)]
pub(super) struct WakeFlag(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    set: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Inner {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.set.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl WakeFlag {
    /// Set at first: a new task polls everything once.
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner {
            set: AtomicBool::new(true),
            task: AtomicWaker::new(),
        }))
    }

    /// A waker that sets the flag, then wakes the task.
    pub(super) fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.0))
    }

    /// Registers the task to wake, in place of an earlier one.
    pub(super) fn register(&self, task: &Waker) {
        self.0.task.register(task);
    }

    /// Sets the flag without waking, for another pass in the same poll.
    pub(super) fn set(&self) {
        self.0.set.store(true, Ordering::Release);
    }

    /// Clears the flag, and says whether it was set.
    pub(super) fn take(&self) -> bool {
        self.0.set.load(Ordering::Relaxed) && self.0.set.swap(false, Ordering::AcqRel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_waker_sets_the_flag_and_take_clears_it() {
        let wake_flag = WakeFlag::new();
        assert!(wake_flag.take(), "set at first");
        assert!(!wake_flag.take());
        wake_flag.waker().wake_by_ref();
        assert!(wake_flag.take());
        assert!(!wake_flag.take());
        wake_flag.set();
        assert!(wake_flag.take());
    }

    #[tokio::test]
    async fn it_wakes_the_task_registered_last() {
        let wake_flag = WakeFlag::new();
        let mut task = tokio_test::task::spawn(std::future::pending::<()>());
        task.enter(|cx, _| wake_flag.register(cx.waker()));
        wake_flag.waker().wake();
        assert!(task.is_woken());
    }
}
