//! What a socket's task was woken for.
//!
//! A broadcast to very many clients finds nearly all of their sockets asleep, and each has one frame
//! to write. Its connection, its channels and its timer have nothing new then, and to look at them
//! would cost more than the frame. So whatever wakes the task asks for attention, but the outbox.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Wake, Waker},
};

use futures_util::task::AtomicWaker;

/// Whether there is something to look at beside the outbox.
#[derive(Debug)]
pub(super) struct Attention(Arc<Asked>);

#[derive(Debug)]
struct Asked {
    asked: AtomicBool,
    task: AtomicWaker,
}

impl Wake for Asked {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.asked.store(true, Ordering::Release);
        self.task.wake();
    }
}

impl Attention {
    /// Everything wants to be looked at once.
    pub(super) fn new() -> Self {
        Self(Arc::new(Asked {
            asked: AtomicBool::new(true),
            task: AtomicWaker::new(),
        }))
    }

    /// For all that is to be looked at when it wakes the task.
    pub(super) fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.0))
    }

    /// Wakes this task from now on.
    pub(super) fn register(&self, task: &Waker) {
        self.0.task.register(task);
    }

    /// Asks for another look in this turn of the task.
    pub(super) fn ask(&self) {
        self.0.asked.store(true, Ordering::Release);
    }

    /// Whether something has asked since this was called last.
    pub(super) fn take(&self) -> bool {
        self.0.asked.load(Ordering::Relaxed) && self.0.asked.swap(false, Ordering::AcqRel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wakes_the_task_through_it_asks_for_a_look_and_no_one_else_does() {
        let attention = Attention::new();
        assert!(attention.take(), "the first look");
        assert!(!attention.take());
        attention.waker().wake_by_ref();
        assert!(attention.take());
        assert!(!attention.take());
        attention.ask();
        assert!(attention.take());
    }

    #[tokio::test]
    async fn it_wakes_the_task_that_was_registered_last() {
        let attention = Attention::new();
        let mut task = tokio_test::task::spawn(std::future::pending::<()>());
        task.enter(|cx, _| attention.register(cx.waker()));
        attention.waker().wake();
        assert!(task.is_woken());
    }
}
