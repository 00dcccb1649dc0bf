//! What a client is told whose payload does not fit the type that a channel expects.

use serde::{Serialize, de::DeserializeOwned};

/// `{"reason": "bad_payload", "field": …, "message": …}`: the field, by its path, and a sentence
/// that says what is wrong with it and what would be right.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct BadPayload {
    reason: &'static str,
    /// The path of the field, such as `islands.dot.row`.
    pub field: String,
    /// The sentence.
    pub message: String,
}

impl BadPayload {
    /// Reads a value from JSON text.
    ///
    /// # Errors
    /// What is wrong with the text: the first field that is missing or does not fit.
    pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Self> {
        let mut json = serde_json::Deserializer::from_str(json);
        let value = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| Self::describe(&error.path().to_string(), error.inner()))?;
        json.end().map_err(|error| Self::describe(".", &error))?;
        Ok(value)
    }

    /// A field and what is to be said of it.
    #[must_use]
    pub fn new(field: String, message: String) -> Self {
        Self {
            reason: "bad_payload",
            field,
            message,
        }
    }

    /// The payload is bytes.
    pub(crate) fn binary() -> Self {
        let message = "The payload is bytes, but JSON is expected.";
        Self::new("payload".to_owned(), message.to_owned())
    }

    /// Reads the two parts out of a deserializer's error and the path at which it arose.
    pub(crate) fn describe(path: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The place is one in our own frame: it says nothing to the client.
        let text = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(text, _)| text);
        // `?` is the path of a text that ends before it says where it leads.
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

/// Says in words for a client what serde says in words for a programmer.
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
    fn what_is_wrong_is_said_in_a_sentence() {
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
