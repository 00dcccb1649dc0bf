//! A frame in its encoded form.

use bytes::Bytes;

/// An encoded frame, cheap to clone and to share between clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EncodedFrame {
    /// Whether the bytes are UTF-8, for a text message.
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

    /// Returns the length in bytes.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the text; `None` for a binary message.
    pub(crate) fn as_text(&self) -> Option<&str> {
        self.is_text.then(|| str::from_utf8(&self.bytes).ok())?
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.bytes
    }
}
