//! Removes the entry and leaves its key, without an entry. A client shows a person who has no tab.

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
        let key = self.key_by_owner.remove(&owner)?;
        let entries = self.entries.get_mut(&key)?;
        let place = entries.iter().position(|entry| entry.owner == owner)?;
        let old = (key.clone(), entries.remove(place));
        Some(diff(None, Some(&old)))
    }
}
