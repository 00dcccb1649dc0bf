//! Presence: the joins present on a topic, and the diff for each change.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};
use thiserror::Error;

use super::SubscriberKey;
use crate::{
    protocol::payload::{Payload, PayloadError},
    random,
};

/// The key under which a client is present, such as a user's id.
///
/// Several tabs of one user are several entries under one key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PresenceKey(Arc<str>);

impl PresenceKey {
    /// Creates a key of 1 to 255 bytes.
    ///
    /// # Errors
    /// [`InvalidPresenceKey`] if the key is empty, longer than 255 bytes, or one of `__proto__`,
    /// `constructor` and `prototype`: stock clients use keys as field names of JavaScript objects,
    /// where these names are special.
    pub fn new(key: &str) -> Result<Self, InvalidPresenceKey> {
        let is_reserved = ["__proto__", "constructor", "prototype"].contains(&key);
        match (1..=255).contains(&key.len()) && !is_reserved {
            true => Ok(Self(key.into())),
            false => Err(InvalidPresenceKey),
        }
    }
}

/// The text is not a valid presence key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a presence key has 1 to 255 bytes and is not __proto__, constructor or prototype")]
pub struct InvalidPresenceKey;

/// The metadata of a presence entry: a JSON object, to which the entry adds its `phx_ref`.
#[derive(Clone, Debug)]
pub(crate) struct Meta(Map<String, Value>);

impl Meta {
    /// Encodes a value as metadata.
    ///
    /// # Errors
    /// If the value does not encode as a JSON object; `null` counts as an empty one.
    pub(crate) fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, PayloadError> {
        match serde_json::to_value(value).map_err(PayloadError::Encode)? {
            Value::Object(fields) => Ok(Self(fields)),
            Value::Null => Ok(Self(Map::new())),
            _ => Err(PayloadError::NotAnObject),
        }
    }
}

/// The joins present on one topic, each at most once.
#[derive(Debug, Default)]
pub(crate) struct PresenceMap {
    entries: BTreeMap<PresenceKey, Vec<Entry>>,
    key_by_owner: HashMap<SubscriberKey, PresenceKey>,
}

#[derive(Debug)]
struct Entry {
    owner: SubscriberKey,
    phx_ref: String,
    /// The encoded metadata, references included.
    meta: Box<RawValue>,
}

/// The payload of a `presence_diff`.
#[derive(Serialize)]
struct Diff<'a> {
    joins: BTreeMap<&'a str, Metas<'a>>,
    leaves: BTreeMap<&'a str, Metas<'a>>,
}

#[derive(Serialize)]
struct Metas<'a> {
    metas: Vec<&'a RawValue>,
}

impl PresenceMap {
    pub(crate) fn is_empty(&self) -> bool {
        self.key_by_owner.is_empty()
    }

    /// Makes a join present under `key`, replaces its earlier entry if it has one, and returns the
    /// diff.
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

    /// Ends the presence of a join, and returns the diff if it was present.
    pub(crate) fn untrack(
        &mut self,
        owner: SubscriberKey,
    ) -> Option<Result<Payload, PayloadError>> {
        let old = self.take(owner)?;
        Some(diff(None, Some(&old)))
    }

    /// The payload of a `presence_state`.
    pub(crate) fn state(&self) -> Result<Payload, PayloadError> {
        let all = self.entries.iter().map(|(key, entries)| {
            let metas = entries.iter().map(|entry| &*entry.meta).collect();
            (&*key.0, Metas { metas })
        });
        Payload::object(&all.collect::<BTreeMap<_, _>>())
    }

    fn take(&mut self, owner: SubscriberKey) -> Option<(PresenceKey, Entry)> {
        let key = self.key_by_owner.remove(&owner)?;
        let entries = self.entries.get_mut(&key)?;
        let at = entries.iter().position(|entry| entry.owner == owner)?;
        let entry = entries.remove(at);
        if entries.is_empty() {
            self.entries.remove(&key);
        }
        Some((key, entry))
    }
}

/// Returns a reference (`phx_ref`) that no entry has had, not even before a restart. A client that
/// reconnects compares references to find what has changed.
fn new_ref() -> String {
    static START: LazyLock<u64> = LazyLock::new(random::number);
    static LAST: AtomicU64 = AtomicU64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed);
    format!("{:x}-{number:x}", *START)
}

fn diff(
    join: Option<(&PresenceKey, &RawValue)>,
    leave: Option<&(PresenceKey, Entry)>,
) -> Result<Payload, PayloadError> {
    Payload::object(&Diff {
        joins: metas_by_key(join),
        leaves: metas_by_key(leave.map(|(key, entry)| (key, &*entry.meta))),
    })
}

fn metas_by_key<'a>(one: Option<(&'a PresenceKey, &'a RawValue)>) -> BTreeMap<&'a str, Metas<'a>> {
    one.into_iter()
        .map(|(key, meta)| (&*key.0, Metas { metas: vec![meta] }))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::ChannelId;

    fn join(channel: u64) -> SubscriberKey {
        SubscriberKey {
            socket: 1,
            channel: ChannelId(channel),
        }
    }

    fn key(name: &str) -> PresenceKey {
        PresenceKey::new(name).unwrap()
    }

    /// The payload, with `R` for each reference.
    fn shown(payload: Result<Payload, PayloadError>) -> Value {
        fn hide(value: &mut Value) {
            match value {
                Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| {
                    if name.starts_with("phx_ref") {
                        *value = "R".into();
                    }
                    hide(value);
                }),
                Value::Array(items) => items.iter_mut().for_each(hide),
                _ => {}
            }
        }
        let mut value = serde_json::from_str(payload.unwrap().as_str()).unwrap();
        hide(&mut value);
        value
    }

    #[test]
    fn each_change_is_a_diff_and_all_of_them_are_the_state() {
        let mut present = PresenceMap::default();
        let mut track = |channel, name, at: u8| {
            let meta = Meta::new(&json!({ "at": at })).unwrap();
            shown(present.track(join(channel), &key(name), meta))
        };
        let (one, two) = (
            json!({"at": 1, "phx_ref": "R"}),
            json!({"at": 2, "phx_ref": "R"}),
        );
        assert_eq!(
            track(1, "ada", 1),
            json!({"joins": {"ada": {"metas": [one]}}, "leaves": {}})
        );
        // The diff for a second tab holds only that tab's entry.
        assert_eq!(
            track(2, "ada", 2),
            json!({"joins": {"ada": {"metas": [two]}}, "leaves": {}})
        );
        let became = json!({"at": 3, "phx_ref": "R", "phx_ref_prev": "R"});
        assert_eq!(
            track(1, "ada", 3),
            json!({"joins": {"ada": {"metas": [became]}}, "leaves": {"ada": {"metas": [one]}}})
        );
        assert_eq!(
            track(2, "bob", 2),
            json!({"joins": {"bob": {"metas": [two]}}, "leaves": {"ada": {"metas": [two]}}})
        );
        assert_eq!(
            shown(present.state()),
            json!({"ada": {"metas": [became]}, "bob": {"metas": [two]}})
        );
        assert_eq!(
            present.untrack(join(2)).map(shown),
            Some(json!({"joins": {}, "leaves": {"bob": {"metas": [two]}}}))
        );
        assert!(present.untrack(join(2)).is_none());
        assert!(present.untrack(join(1)).is_some());
        assert!(present.is_empty());
        assert_eq!(shown(present.state()), json!({}));
    }

    #[test]
    fn no_reference_is_used_twice_and_an_update_names_the_one_before() {
        let mut present = PresenceMap::default();
        let mut track = || {
            let meta = Meta::new(&()).unwrap();
            let diff = present.track(join(1), &key("ada"), meta).unwrap();
            let diff: Value = serde_json::from_str(diff.as_str()).unwrap();
            diff["joins"]["ada"]["metas"][0].clone()
        };
        let (first, second) = (track(), track());
        assert_ne!(first["phx_ref"], second["phx_ref"]);
        assert_eq!(second["phx_ref_prev"], first["phx_ref"]);
    }

    #[test]
    fn a_presence_key_must_be_safe_in_javascript() {
        for name in [
            "",
            "__proto__",
            "constructor",
            "prototype",
            &"x".repeat(256),
        ] {
            assert_eq!(PresenceKey::new(name), Err(InvalidPresenceKey), "{name}");
        }
        assert!(PresenceKey::new(&"x".repeat(255)).is_ok());
        assert!(Meta::new(&7).is_err());
    }
}
