//! Leaves out `phx_ref_prev`. A client cannot tell a new status from a second tab, and shows the person as gone for a moment.

impl PresenceMap {
    pub(crate) fn track(
        &mut self,
        owner: SubscriberKey,
        key: &PresenceKey,
        meta: Meta,
    ) -> Result<Payload, PayloadError> {
        let Meta(mut fields) = meta;
        let old = self.take(owner);
        let phx_ref = new_ref();
        fields.insert("phx_ref".to_owned(), phx_ref.as_str().into());
        let meta = serde_json::value::to_raw_value(&fields).map_err(PayloadError::Encode)?;
        let diff = diff(Some((key, &meta)), old.as_ref());
        let entry = Entry {
            owner,
            phx_ref,
            meta,
        };
        self.entries.entry(key.clone()).or_default().push(entry);
        self.key_by_owner.insert(owner, key.clone());
        diff
    }

    pub(crate) fn untrack(
        &mut self,
        owner: SubscriberKey,
    ) -> Option<Result<Payload, PayloadError>> {
        let old = self.take(owner)?;
        Some(diff(None, Some(&old)))
    }
}
