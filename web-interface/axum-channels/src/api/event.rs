//! Decodes an event's name and payload into a variant of the channel's enum.

use std::fmt;

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, EnumAccess, Error, IntoDeserializer, VariantAccess,
        Visitor, value::StrDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::value::RawValue;
use serde_path_to_error::{Deserializer as Tracked, Track};

use super::bad_payload::BadPayload;

/// Why an event cannot be decoded as a `Channel::Event`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum EventError {
    /// No variant has this name.
    Unknown,
    /// The payload does not fit the variant.
    BadPayload(BadPayload),
}

/// Picks the variant by the event's name and fills it from the payload.
pub(crate) fn decode<T: DeserializeOwned>(
    event: &str,
    payload: &RawValue,
) -> Result<T, EventError> {
    T::deserialize(Event { event, payload })
}

#[derive(Clone, Copy)]
struct Event<'a> {
    event: &'a str,
    payload: &'a RawValue,
}

impl<'de> Deserializer<'de> for Event<'de> {
    type Error = EventError;

    /// Reached if the event type is not an externally tagged enum, which is a mistake in the
    /// application: every event is unknown then.
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, EventError> {
        Err(EventError::Unknown)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, EventError> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Event<'de> {
    type Error = EventError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self), EventError> {
        let name: StrDeserializer<'_, EventError> = self.event.into_deserializer();
        let variant = seed.deserialize(name).map_err(|_| EventError::Unknown)?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Event<'de> {
    type Error = EventError;

    fn unit_variant(self) -> Result<(), EventError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, EventError> {
        self.read(|json| seed.deserialize(json))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, EventError> {
        self.read(|json| json.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, EventError> {
        self.read(|json| json.deserialize_struct("", fields, visitor))
    }
}

type Json<'a, 't> = Tracked<'a, 'a, &'a mut serde_json::Deserializer<serde_json::de::StrRead<'t>>>;

impl<'de> Event<'de> {
    /// Reads the payload and tracks the path, so that an error can name the field.
    fn read<T>(
        self,
        content: impl FnOnce(Json<'_, 'de>) -> Result<T, serde_json::Error>,
    ) -> Result<T, EventError> {
        let mut json = serde_json::Deserializer::from_str(self.payload.get());
        let mut track = Track::new();
        content(Tracked::new(&mut json, &mut track)).map_err(|error| {
            EventError::BadPayload(BadPayload::describe(&track.path().to_string(), &error))
        })
    }
}

impl Error for EventError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::BadPayload(BadPayload::new("payload".to_owned(), message.to_string()))
    }
}

impl std::error::Error for EventError {}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("unknown event"),
            Self::BadPayload(bad) => f.write_str(&bad.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum In {
        GuessCoordinate {
            row: i64,
            col: i64,
            id: Option<String>,
        },
        Shot(Shot),
        Resign,
        Pair(u8, u8),
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Shot {
        at: At,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct At {
        row: u8,
    }

    fn decode(event: &str, payload: &str) -> Result<In, EventError> {
        super::decode(event, &RawValue::from_string(payload.to_owned()).unwrap())
    }

    #[track_caller]
    fn check(event: &str, payload: &str, expected: In) {
        assert_eq!(decode(event, payload), Ok(expected));
    }

    #[track_caller]
    fn check_bad(event: &str, payload: &str, field: &str, message: &str) {
        let bad = BadPayload::new(field.to_owned(), message.to_owned());
        assert_eq!(decode(event, payload), Err(EventError::BadPayload(bad)));
    }

    #[test]
    fn the_name_picks_the_variant_and_the_payload_fills_it() {
        let guess = In::GuessCoordinate {
            row: 2,
            col: 7,
            id: None,
        };
        check("guess_coordinate", r#"{"row":2,"col":7}"#, guess);
        check(
            "shot",
            r#"{"at":{"row":3}}"#,
            In::Shot(Shot { at: At { row: 3 } }),
        );
        check("resign", "{}", In::Resign);
        check("resign", "null", In::Resign);
        check("pair", "[1,2]", In::Pair(1, 2));
    }

    #[test]
    fn a_name_without_a_variant_is_unknown() {
        assert_eq!(decode("GuessCoordinate", "{}"), Err(EventError::Unknown));
        assert_eq!(decode("", "{}"), Err(EventError::Unknown));
    }

    #[test]
    fn a_missing_field_is_named() {
        check_bad(
            "guess_coordinate",
            r#"{"col":7}"#,
            "row",
            "The field `row` is missing.",
        );
        check_bad(
            "shot",
            r#"{"at":{}}"#,
            "at.row",
            "The field `at.row` is missing.",
        );
    }

    #[test]
    fn a_field_that_does_not_fit_is_named_with_what_would_be_right() {
        check_bad(
            "guess_coordinate",
            r#"{"row":"two","col":7}"#,
            "row",
            "The field `row` has an invalid type: string \"two\", but a whole number is expected.",
        );
        check_bad(
            "shot",
            r#"{"at":{"row":-1}}"#,
            "at.row",
            "The field `at.row` has an invalid value: integer `-1`, \
             but a whole number from 0 up is expected.",
        );
        check_bad(
            "guess_coordinate",
            "7",
            "payload",
            "The field `payload` has an invalid type: integer `7`, \
             but struct variant In::GuessCoordinate is expected.",
        );
    }
}
