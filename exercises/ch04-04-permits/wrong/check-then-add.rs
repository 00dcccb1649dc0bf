//! Looks at the counter first and adds to it then. Between the two, another thread can do the
//! same.

impl Admission {
    pub(crate) fn try_acquire(self: &Arc<Admission>) -> Option<Permit> {
        if self.waiting.load(Ordering::Acquire) >= self.permits {
            return None;
        }
        // Makes the moment between the two longer, so that it is found each time.
        std::thread::sleep(std::time::Duration::from_micros(50));
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Some(Permit(Arc::clone(self)))
    }
}
