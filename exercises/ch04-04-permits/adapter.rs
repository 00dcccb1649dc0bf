//! Commands that acquire permits and give them back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::admission::{Admission, Permit};

/// Returns a function that answers commands. It keeps an admission with two permits.
pub fn start() -> impl FnMut(&str) -> String {
    let admission = Arc::new(Admission::new(2));
    let mut held: Vec<Permit> = Vec::new();
    move |command| {
        match command {
            "acquire" => match admission.try_acquire() {
                Some(permit) => held.push(permit),
                None => return format!("refused; {} wait", admission.waiting()),
            },
            "give one back" => drop(held.pop()),
            "refuse 1000" => {
                let refused = (0..1000).filter(|_| admission.try_acquire().is_none());
                return format!("{} refused; {} wait", refused.count(), admission.waiting());
            }
            "give all back" => held.clear(),
            "many threads" => return many_threads(),
            _ => return "! unknown command".to_owned(),
        }
        format!("{} held; {} wait", held.len(), admission.waiting())
    }
}

/// Four threads acquire the only permit and give it back, for a fifth of a second at once, and then
/// a little later each time. The first finds a short gap between two steps, the second a long one.
fn many_threads() -> String {
    let admission = Arc::new(Admission::new(1));
    let (held, too_many) = (AtomicUsize::new(0), AtomicUsize::new(0));
    for (hold, time) in [(Duration::ZERO, 200), (Duration::from_micros(100), 50)] {
        let end = Instant::now() + Duration::from_millis(time);
        let acquire = || {
            let Some(permit) = admission.try_acquire() else {
                return;
            };
            if held.fetch_add(1, Ordering::SeqCst) > 0 {
                too_many.fetch_add(1, Ordering::SeqCst);
            }
            if !hold.is_zero() {
                thread::sleep(hold);
            }
            held.fetch_sub(1, Ordering::SeqCst);
            drop(permit);
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    while Instant::now() < end {
                        (0..100).for_each(|_| acquire());
                    }
                });
            }
        });
    }
    match too_many.into_inner() {
        0 => format!("never two at once; {} wait", admission.waiting()),
        _ => "two threads had the only permit at once".to_owned(),
    }
}
