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
    /// What is wrong with the text, by field.
    pub fn read<T: DeserializeOwned>(json: &str) -> Result<T, Self> {
        let mut json = serde_json::Deserializer::from_str(json);
        serde_path_to_error::deserialize(&mut json)
            .map_err(|error| Self::describe(&error.path().to_string(), error.inner()))
    }

    /// A field and what is to be said of it.
    pub fn new(field: String, message: String) -> Self {
        Self {
            reason: "bad_payload",
            field,
            message,
        }
    }

    /// Reads the two parts out of a deserializer's error and the path at which it arose.
    pub(crate) fn describe(path: &str, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The place is one in our own frame: it says nothing to the client.
        let text = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(text, _)| text);
        let path = if path == "." { "" } else { path };
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
        let (wrong, right) = text.split_once(", expected ").unwrap_or((text, ""));
        let right = match right {
            "" => String::new(),
            "i8" | "i16" | "i32" | "i64" => ", but a whole number is expected".to_owned(),
            "u8" | "u16" | "u32" | "u64" | "usize" => {
                ", but a whole number from 0 up is expected".to_owned()
            }
            "f32" | "f64" => ", but a number is expected".to_owned(),
            right => format!(", but {right} is expected"),
        };
        Self::new(
            field.to_owned(),
            format!("The field `{field}` has an {wrong}{right}."),
        )
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.strip_prefix(before)?
        .split_once(after)
        .map(|(inner, _)| inner)
}
