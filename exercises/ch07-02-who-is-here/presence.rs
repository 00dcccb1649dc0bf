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
        your_code!(self, owner, key, meta)
    }

    /// Ends the presence of a join, and returns the diff if it was present.
    pub(crate) fn untrack(
        &mut self,
        owner: SubscriberKey,
    ) -> Option<Result<Payload, PayloadError>> {
        your_code!(self, owner)
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
