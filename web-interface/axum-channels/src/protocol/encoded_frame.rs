//! A frame as it is written to a client.

use bytes::Bytes;

/// A frame in its encoded form, cheap to clone and to share between those who get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EncodedFrame {
    /// Whether it is a message of text, and so UTF-8, or one of bytes.
    is_text: bool,
    bytes: Bytes,
}

impl EncodedFrame {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self {
            is_text: true,
            bytes: text.into().into(),
        }
    }

    pub(crate) fn binary(bytes: Bytes) -> Self {
        Self {
            is_text: false,
            bytes,
        }
    }

    pub(crate) fn is_text(&self) -> bool {
        self.is_text
    }

    /// Bytes of it.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The text; `None` if it is one of bytes.
    pub(crate) fn as_text(&self) -> Option<&str> {
        self.is_text.then(|| str::from_utf8(&self.bytes).ok())?
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.bytes
    }
}
