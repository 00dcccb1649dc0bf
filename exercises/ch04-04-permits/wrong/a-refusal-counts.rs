//! Counts a refused caller and does not take it off again. The permits run out by refusing.

impl Admission {
    pub(crate) fn try_acquire(self: &Arc<Admission>) -> Option<Permit> {
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        (before < self.permits).then(|| Permit(Arc::clone(self)))
    }
}
