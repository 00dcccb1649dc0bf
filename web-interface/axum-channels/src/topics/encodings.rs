//! The encoded forms of one broadcast, shared by all its subscribers.

use crate::protocol::{EncodedFrame, Serializer};

/// One broadcast in each protocol version, encoded on demand. The outer `None` means not encoded
/// yet, the inner `None` that the version has no form for it.
pub(crate) type Encodings = [Option<Option<EncodedFrame>>; Serializer::COUNT];
