//! Text with a placeholder for a number.

use serde::{Deserialize, Serialize};

/// The placeholder for the number.
const PLACEHOLDER: &str = "{n}";

/// A text in which `{n}` stands for a number.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct Template(String);

impl Template {
    pub(crate) fn new(text: impl Into<String>) -> Template {
        Template(text.into())
    }

    /// Returns the text with each placeholder replaced by `n`.
    pub(crate) fn with(&self, n: u64) -> String {
        self.0.replace(PLACEHOLDER, &n.to_string())
    }

    /// Whether the text contains the placeholder.
    pub(crate) fn has_placeholder(&self) -> bool {
        self.0.contains(PLACEHOLDER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_replaced() {
        let name = Template::new(r#"{"name":"n{n}","id":{n}}"#);
        assert_eq!(name.with(7), r#"{"name":"n7","id":7}"#);
        assert!(name.has_placeholder());
        let plain = Template::new("room:{lobby}");
        assert_eq!(plain.with(7), "room:{lobby}");
        assert!(!plain.has_placeholder());
    }
}
