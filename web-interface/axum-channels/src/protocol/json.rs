//! Writes frames as JSON text. Only topic and event need encoding; the rest is JSON already.

/// A JSON text that is being written.
pub(super) struct JsonWriter(String);

/// Upper bound, in either version, for the bytes of brackets, commas, quotes and keys.
const MAX_PUNCTUATION_BYTES: usize = 48;

impl JsonWriter {
    /// Creates an empty text with room for these names and payload parts.
    pub(super) fn with_capacity_for(names: &[&str], payload: &[&str]) -> Self {
        let bytes = [names, payload].into_iter().flatten().map(|it| it.len());
        Self(String::with_capacity(
            MAX_PUNCTUATION_BYTES + bytes.sum::<usize>(),
        ))
    }

    /// Appends JSON.
    pub(super) fn raw(&mut self, json: &str) -> &mut Self {
        self.0.push_str(json);
        self
    }

    /// Appends JSON that comes in parts.
    pub(super) fn parts(&mut self, parts: &[&str]) -> &mut Self {
        parts.iter().for_each(|part| self.0.push_str(part));
        self
    }

    /// Appends a string, with quotes and escapes.
    pub(super) fn string(&mut self, text: &str) -> &mut Self {
        if needs_escapes(text) {
            return self.raw(&quoted(text));
        }
        self.raw("\"").raw(text).raw("\"")
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// Encodes a string as JSON.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether a string needs escapes in JSON. Hardly any name does, so most are copied as they are.
fn needs_escapes(text: &str) -> bool {
    let is_special = |byte| byte < b' ' || byte == b'"' || byte == b'\\';
    text.bytes().any(is_special)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_written_as_serde_json_would() {
        let every = (0..=0x7f_u8).map(|byte| char::from(byte).to_string());
        for text in every.chain(["".into(), "room:é\u{2028}".into(), "a\"b\\c".into()]) {
            let mut json = JsonWriter::with_capacity_for(&[], &[]);
            json.string(&text);
            assert_eq!(json.into_text(), quoted(&text));
        }
    }
}
