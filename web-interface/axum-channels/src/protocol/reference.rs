//! `ref` and `join_ref`: the references by which a client matches replies to its frames.

use std::fmt;

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::value::RawValue;
use smol_str::SmolStr;

/// An opaque reference, kept as its JSON.
///
/// It is echoed with the JSON type that the client gave it: the string `"1"` is not the number `1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ref(SmolStr);

impl Ref {
    /// The reference `null`.
    pub(crate) const NULL: Self = Self(SmolStr::new_static("null"));

    /// Reads a reference from a binary frame: a string, or null if it is empty.
    pub(crate) fn of_text(text: &str) -> Self {
        if text.is_empty() {
            return Self::NULL;
        }
        Self(serde_json::Value::from(text).to_string().into())
    }

    /// Returns its form in a binary frame: a string without its quotes, and nothing for null.
    pub(crate) fn to_text(&self) -> String {
        if self.is_null() {
            return String::new();
        }
        let json = self.as_str();
        serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())
    }

    pub(crate) fn is_null(&self) -> bool {
        self.0 == "null"
    }

    /// Returns its JSON.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the bytes of its JSON, without the quotes of a string.
    pub(crate) fn len(&self) -> usize {
        let json = self.as_str();
        json.strip_prefix('"')
            .map_or(json.len(), |text| text.len() - 1)
    }
}

impl Default for Ref {
    fn default() -> Self {
        Self::NULL
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Ref {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        plain(raw.get()).map(Self).map_err(D::Error::custom)
    }
}

/// Normalises escapes: one string can be written in several ways, and references are compared as
/// text. Fails on an escape of half a surrogate pair, which is not text.
fn plain(raw: &str) -> Result<SmolStr, serde_json::Error> {
    if !raw.contains('\\') {
        return Ok(raw.into());
    }
    let value: serde_json::Value = serde_json::from_str(raw)?;
    Ok(value.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Ref {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_string_is_not_a_number() {
        assert_ne!(parse("\"1\""), parse("1"));
        assert_eq!(parse("1").to_string(), "1");
        assert_eq!(parse("\"1\"").to_string(), "\"1\"");
    }

    #[test]
    fn escapes_do_not_change_a_string() {
        assert_eq!(parse(r#""\u0031""#), parse("\"1\""));
    }

    #[test]
    fn in_a_binary_frame_a_reference_is_a_string() {
        assert_eq!(Ref::of_text("1\""), parse(r#""1\"""#));
        assert_eq!(Ref::of_text("1\"").to_text(), "1\"");
        assert_eq!(parse("7").to_text(), "7");
        assert_eq!(Ref::of_text(""), Ref::NULL);
        assert_eq!(Ref::NULL.to_text(), "");
    }

    #[test]
    fn half_a_surrogate_pair_is_no_reference() {
        for json in [r#""\ud800""#, r#"["\udc00"]"#] {
            assert!(serde_json::from_str::<Ref>(json).is_err(), "{json}");
        }
        assert_eq!(parse(r#""\ud83d\ude00""#).to_text(), "😀");
    }

    #[test]
    fn null_is_null() {
        assert!(parse("null").is_null());
        assert_eq!(Ref::NULL.to_string(), "null");
    }
}
