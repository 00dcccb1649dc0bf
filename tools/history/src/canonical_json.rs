//! What a client was told, in the one form in which it can be compared.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A piece of JSON as compact text with its keys in order, so that equal texts
/// are equal contents, whether they come from a socket or from the core.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CanonicalJson(Box<RawValue>);

impl CanonicalJson {
    /// What this is in JSON; `null` for what JSON cannot say.
    pub fn of(content: &impl Serialize) -> CanonicalJson {
        // A `Value` keeps its keys in order, whatever order they came in.
        let value = serde_json::to_value(content).unwrap_or_default();
        CanonicalJson(serde_json::value::to_raw_value(&value).unwrap_or_default())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl PartialEq for CanonicalJson {
    fn eq(&self, other: &CanonicalJson) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for CanonicalJson {}

/// How much of two texts is shown from where they begin to differ, and before.
const SHOWN: usize = 80;
const BEFORE: usize = 30;

impl CanonicalJson {
    /// This beside what it should have been, from a little before they differ.
    pub(crate) fn beside(&self, right: &CanonicalJson) -> String {
        let pairs = self.as_str().chars().zip(right.as_str().chars());
        let same = pairs.take_while(|(one, other)| one == other).count();
        let shown = |told: &CanonicalJson| -> String {
            let from = same.saturating_sub(BEFORE);
            let text = told.as_str().chars().skip(from);
            text.take(BEFORE + SHOWN).collect()
        };
        format!("told {} instead of {}", shown(self), shown(right))
    }
}
