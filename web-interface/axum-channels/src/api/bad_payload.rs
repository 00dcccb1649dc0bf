//! The error reply to a payload that does not fit the type that a channel expects.

use serde::{Serialize, de::DeserializeOwned};

/// The reply `{"reason": "bad_payload", "field": …, "message": …}`.
///
/// It names the field by its path, and says in a sentence what is wrong and what is expected.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct BadPayload {
    reason: &'static str,
    /// The path of the field, such as `islands.dot.row`.
    pub field: String,
    /// A sentence that says what is wrong with the field.
    pub message: String,
}

impl BadPayload {
    /// Decodes a value from JSON text.
    ///
    /// # Errors
    /// The first field that is missing or does not fit, or the syntax error.
    pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Self> {
        let mut json = serde_json::Deserializer::from_str(json);
        let value = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| Self::describe(&error.path().to_string(), error.inner()))?;
        json.end().map_err(|error| Self::describe(".", &error))?;
        Ok(value)
    }

    /// Creates a reply about a field.
    #[must_use]
    pub fn new(field: String, message: String) -> Self {
        Self {
            reason: "bad_payload",
            field,
            message,
        }
    }

    /// The reply to a payload of bytes where JSON is expected.
    pub(crate) fn binary() -> Self {
        let message = "The payload is bytes, but JSON is expected.";
        Self::new("payload".to_owned(), message.to_owned())
    }

    /// Derives field and message from a deserializer's error and the path at which it arose.
    pub(crate) fn describe(path: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // Line and column count from the start of the payload, which means nothing to the client.
        let text = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(text, _)| text);
        // `?` is the path of a syntax error at a key, such as in a text that ends there.
        let path = if matches!(path, "." | "?") { "" } else { path };
        if let Some(missing) = between(text, "missing field `", "`") {
            let field = if path.is_empty() {
                missing.to_owned()
            } else {
                format!("{path}.{missing}")
            };
            let message = format!("The field `{field}` is missing.");
            return Self::new(field, message);
        }
        let field = if path.is_empty() { "payload" } else { path };
        Self::new(field.to_owned(), sentence(field, text))
    }
}

/// Turns serde's error text, meant for programmers, into a sentence for clients.
fn sentence(field: &str, error: &str) -> String {
    let (wrong, right) = error.split_once(", expected ").unwrap_or((error, ""));
    if !wrong.starts_with("invalid ") && !wrong.starts_with("unknown ") {
        return format!("The field `{field}` is wrong: {error}.");
    }
    let right = match right {
        "" => return format!("The field `{field}` has an {wrong}."),
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0 up",
        "f32" | "f64" => "a number",
        right => right,
    };
    format!("The field `{field}` has an {wrong}, but {right} is expected.")
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (inner, _) = text.strip_prefix(before)?.split_once(after)?;
    Some(inner)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Island {
        Dot,
        Square,
    }

    #[track_caller]
    fn check(json: &str, message: &str) {
        let bad = BadPayload::read::<Vec<Island>>(json).unwrap_err();
        assert_eq!(bad.message, message);
    }

    #[test]
    fn an_error_is_a_sentence() {
        check(
            r#"["dot", "triangle"]"#,
            "The field `[1]` has an unknown variant `triangle`, \
             but `dot` or `square` is expected.",
        );
        check(
            "[] []",
            "The field `payload` is wrong: trailing characters.",
        );
        check(
            "",
            "The field `payload` is wrong: EOF while parsing a value.",
        );
    }
}
