//! JSON in a canonical form, so that texts can be compared.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Compact JSON text with sorted keys.
///
/// Equal contents have equal texts, whether they come from a socket or the core.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CanonicalJson(Box<RawValue>);

impl CanonicalJson {
    /// Serializes `content`; `null` if JSON cannot represent it.
    pub fn of(content: &impl Serialize) -> CanonicalJson {
        // A `Value` sorts its keys.
        let value = serde_json::to_value(content).unwrap_or_default();
        CanonicalJson(serde_json::value::to_raw_value(&value).unwrap_or_default())
    }

    /// Returns the text.
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

/// Characters shown from the first difference of two texts on, and before it.
const MAX_CHARS: usize = 80;
const CHARS_BEFORE: usize = 30;

impl CanonicalJson {
    /// Describes how this text differs from the right one, around the first
    /// difference.
    pub(crate) fn differences_from(&self, right: &CanonicalJson) -> String {
        let pairs = self.as_str().chars().zip(right.as_str().chars());
        let same = pairs.take_while(|(one, other)| one == other).count();
        let shown = |told: &CanonicalJson| -> String {
            let from = same.saturating_sub(CHARS_BEFORE);
            let text = told.as_str().chars().skip(from);
            text.take(CHARS_BEFORE + MAX_CHARS).collect()
        };
        format!("told {} instead of {}", shown(self), shown(right))
    }
}
