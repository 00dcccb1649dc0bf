//! Adds an entry at each change and removes none. A person whose status changes is there twice, and one entry never leaves.

impl PresenceMap {
    pub(crate) fn track(
        &mut self,
        owner: SubscriberKey,
        key: &PresenceKey,
        meta: Meta,
    ) -> Result<Payload, PayloadError> {
        let Meta(mut fields) = meta;
        let old: Option<(PresenceKey, Entry)> = None;
        let phx_ref = new_ref();
        fields.insert("phx_ref".to_owned(), phx_ref.as_str().into());
        if let Some((_, before)) = old.as_ref().filter(|(before, _)| before == key) {
            let before = before.phx_ref.as_str();
            fields.insert("phx_ref_prev".to_owned(), before.into());
        }
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
