//! Latency histograms.

use data_encoding::BASE64;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer as Reader, Serializer as _, V2Serializer};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bounds of a histogram, 1 µs to 1 h in nanoseconds, and its significant decimal digits.
const MIN_NANOS: u64 = 1_000;
const MAX_NANOS: u64 = 3_600_000_000_000;
const SIGNIFICANT_DIGITS: u8 = 3;

/// A histogram, recorded in nanoseconds and read in milliseconds. As JSON it is a base64 string of
/// HdrHistogram's V2 format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Latency(Histogram<u64>);

impl Default for Latency {
    fn default() -> Latency {
        let empty = Histogram::new_with_bounds(MIN_NANOS, MAX_NANOS, SIGNIFICANT_DIGITS);
        Latency(empty.expect("the bounds are in order"))
    }
}

impl Latency {
    pub(crate) fn record(&mut self, nanos: u64) {
        self.0.saturating_record(nanos);
    }

    pub(crate) fn add(&mut self, other: &Latency) {
        let added = self.0.add(&other.0);
        added.expect("all have the same bounds");
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// Returns a quantile in milliseconds; quantile 1 is the maximum.
    pub(crate) fn quantile(&self, quantile: f64) -> f64 {
        millis(self.0.value_at_quantile(quantile) as f64)
    }

    pub(crate) fn mean(&self) -> f64 {
        millis(self.0.mean())
    }

    pub(crate) fn max(&self) -> f64 {
        millis(self.0.max() as f64)
    }
}

fn millis(nanos: f64) -> f64 {
    nanos / 1e6
}

impl Serialize for Latency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::new();
        let written = V2Serializer::new().serialize(&self.0, &mut bytes);
        written.map_err(S::Error::custom)?;
        serializer.serialize_str(&BASE64.encode(&bytes))
    }
}

impl<'de> Deserialize<'de> for Latency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Latency, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64.decode(text.as_bytes()).map_err(D::Error::custom)?;
        let read = Reader::new().deserialize(&mut bytes.as_slice());
        read.map(Latency).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram_of(times: impl IntoIterator<Item = u64>) -> Latency {
        let mut latency = Latency::default();
        for time in times {
            latency.record(time * 1_000_000);
        }
        latency
    }

    #[test]
    fn merged_histograms_equal_one_of_all_values() {
        let mut one = histogram_of(1..=50);
        one.add(&histogram_of(51..=100));
        assert_eq!(one, histogram_of(1..=100));
        let near = |found: f64, expected: f64| (found - expected).abs() < expected / 500.0;
        assert!(near(one.quantile(0.5), 50.0) && near(one.quantile(0.99), 99.0));
        assert!(near(one.max(), 100.0) && near(one.mean(), 50.5));
    }

    #[test]
    fn a_histogram_survives_serialization() {
        let sent = histogram_of([1, 7, 7, 400, 60_000]);
        let text = serde_json::to_string(&sent).expect("JSON");
        let read: Latency = serde_json::from_str(&text).expect("a histogram");
        assert_eq!(read, sent);
    }

    #[test]
    fn invalid_histograms_are_refused() {
        for text in ["7", "\"?\"", "\"aGVsbG8=\""] {
            assert!(serde_json::from_str::<Latency>(text).is_err(), "{text}");
        }
    }
}
