//! What all who get a broadcast share.

use crate::protocol::{EncodedFrame, Serializer};

/// What a broadcast looks like in each version that was asked for, and whether it has a form there
/// at all.
pub(crate) type Encoded = [Option<Option<EncodedFrame>>; Serializer::COUNT];
