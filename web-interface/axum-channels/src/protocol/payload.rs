//! JSON that is encoded already, or bytes: what a frame carries as its payload.

use std::sync::Arc;

use bytes::Bytes;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use thiserror::Error;

/// One JSON value in its encoded form, cheap to clone and to share between subscribers.
///
/// Everything that takes `&impl Serialize` takes a `&Payload` too, and copies it instead of
/// encoding it again: encode a publication once for each kind of viewer, then push it to all.
#[derive(Clone, Debug)]
pub struct Payload(Arc<RawValue>);

impl Payload {
    /// Encodes any value, as a reply may carry it. What encodes as `null`, `()` above all, becomes
    /// `{}`: stock clients do not expect a payload of `null`.
    ///
    /// # Errors
    /// The value cannot be written as JSON, for instance a map whose keys are not strings.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, PayloadError> {
        let mut raw = to_raw_value(value).map_err(PayloadError::Encode)?;
        if raw.get() == "null" {
            raw = RawValue::from_string("{}".to_owned()).map_err(PayloadError::Encode)?;
        }
        Ok(Self(raw.into()))
    }

    /// Encodes a value that has to be a JSON object, as pushes and broadcasts must.
    ///
    /// # Errors
    /// As [`Payload::new`], and for a value that is not an object.
    pub fn object<T: Serialize + ?Sized>(value: &T) -> Result<Self, PayloadError> {
        let payload = Self::new(value)?;
        if payload.as_str().starts_with('{') {
            Ok(payload)
        } else {
            Err(PayloadError::NotAnObject)
        }
    }

    /// The same object with one more field, a number, which comes first.
    pub(crate) fn with_number(&self, name: &str, number: u64) -> Result<Self, PayloadError> {
        let Some(rest) = self.as_str().strip_prefix('{') else {
            return Err(PayloadError::NotAnObject);
        };
        let comma = if rest.trim_start() == "}" { "" } else { "," };
        let text = format!(r#"{{"{name}":{number}{comma}{rest}"#);
        let raw = RawValue::from_string(text).map_err(PayloadError::Encode)?;
        Ok(Self(raw.into()))
    }

    /// The JSON text.
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

/// What a frame of ours carries.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Json(Payload),
    Binary(Bytes),
}

/// The same as it is written.
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

    /// Bytes of it.
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
    /// The value has no form in JSON.
    #[error("the payload cannot be written as JSON: {0}")]
    Encode(serde_json::Error),
    /// Pushes and broadcasts carry objects only.
    #[error("the payload of a push or a broadcast is an object")]
    NotAnObject,
}

/// Lets a callback crash on a payload of its own making that cannot be sent: the client did
/// nothing wrong and could do nothing about it, so its channel ends and it joins afresh.
#[track_caller]
pub(crate) fn or_crash<T>(payload: Result<T, PayloadError>) -> T {
    payload.unwrap_or_else(|error| panic!("{error}"))
}
