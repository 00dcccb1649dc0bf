//! The payload of a frame: encoded JSON, or bytes.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use thiserror::Error;

/// An encoded JSON value, cheap to clone and to share between subscribers.
///
/// Functions that take `&impl Serialize` also take a `&Payload`, and copy it instead of encoding it
/// again. So an event can be encoded once for each kind of viewer, and then pushed to all of them.
#[derive(Clone, Debug)]
pub struct Payload(Arc<RawValue>);

impl Payload {
    /// Encodes any value, for a reply. A value that encodes as `null`, such as `()`, becomes `{}`:
    /// stock clients do not expect the payload `null`.
    ///
    /// # Errors
    /// If the value cannot be encoded as JSON, for instance a map whose keys are not strings.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, PayloadError> {
        let mut raw = to_raw_value(value).map_err(PayloadError::Encode)?;
        if raw.get() == "null" {
            raw = RawValue::from_string("{}".to_owned()).map_err(PayloadError::Encode)?;
        }
        Ok(Self(raw.into()))
    }

    /// Encodes a JSON object, for a push or a broadcast.
    ///
    /// # Errors
    /// As [`Payload::new`], and if the value is not an object.
    pub fn object<T: Serialize + ?Sized>(value: &T) -> Result<Self, PayloadError> {
        let payload = Self::new(value)?;
        if payload.as_str().starts_with('{') {
            Ok(payload)
        } else {
            Err(PayloadError::NotAnObject)
        }
    }

    /// Returns the object with a number as one more field, which comes first.
    pub(crate) fn with_number(&self, name: &str, number: u64) -> Result<Self, PayloadError> {
        let Some(rest) = self.as_str().strip_prefix('{') else {
            return Err(PayloadError::NotAnObject);
        };
        let comma = if rest.trim_start() == "}" { "" } else { "," };
        let text = format!(r#"{{"{name}":{number}{comma}{rest}"#);
        let raw = RawValue::from_string(text).map_err(PayloadError::Encode)?;
        Ok(Self(raw.into()))
    }

    /// Returns the JSON text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl Serialize for Payload {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

/// The payload of a frame from the server.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Json(Payload),
    Binary(Bytes),
}

/// A [`Body`] as it is encoded into a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content<'a> {
    Json(&'a str),
    Binary(&'a [u8]),
}

impl Body {
    pub(crate) fn content(&self) -> Content<'_> {
        match self {
            Self::Json(payload) => Content::Json(payload.as_str()),
            Self::Binary(data) => Content::Binary(data),
        }
    }

    /// Returns the length in bytes.
    pub(crate) fn len(&self) -> usize {
        match self.content() {
            Content::Json(text) => text.len(),
            Content::Binary(data) => data.len(),
        }
    }
}

impl From<Payload> for Body {
    fn from(payload: Payload) -> Self {
        Self::Json(payload)
    }
}

impl From<Bytes> for Body {
    fn from(data: Bytes) -> Self {
        Self::Binary(data)
    }
}

/// Why a value cannot be a payload.
#[derive(Debug, Error)]
pub enum PayloadError {
    /// The value cannot be encoded as JSON.
    #[error("the payload cannot be written as JSON: {0}")]
    Encode(serde_json::Error),
    /// The value is not an object, as a push or a broadcast must be.
    #[error("the payload of a push or a broadcast is an object")]
    NotAnObject,
}

/// Panics if a callback made a payload that cannot be sent.
///
/// The client is not at fault and could not act on an error reply, so the channel ends with an
/// error and the client joins again.
#[track_caller]
pub(crate) fn expect_encodable<T>(payload: Result<T, PayloadError>) -> T {
    payload.unwrap_or_else(|error| panic!("{error}"))
}
