//! The counters of the channel layer, for Prometheus.

use axum_channels::{Endpoint, Metrics};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;

/// The counters of an endpoint, read at each scrape.
#[derive(Debug)]
pub(crate) struct WireMetrics(pub(crate) Endpoint);

impl Collector for WireMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let Metrics {
            joins,
            frames_in,
            bytes_in,
            frames_out,
            bytes_out,
            broadcasts,
            deliveries,
            encodings,
            slow_closed,
            floods_closed,
            outbox_high_water,
            sockets: _,
        } = self.0.metrics();
        let counters = [
            ("joins", joins, "Joins of topics that were accepted"),
            ("frames_in", frames_in, "Frames that clients have sent"),
            (
                "bytes_in",
                bytes_in,
                "Bytes of frames that clients have sent",
            ),
            ("frames_out", frames_out, "Frames that clients were sent"),
            (
                "bytes_out",
                bytes_out,
                "Bytes of frames that clients were sent",
            ),
            (
                "broadcasts",
                broadcasts,
                "Broadcasts on topics that had a subscriber",
            ),
            (
                "deliveries",
                deliveries,
                "Broadcasts, counted once for each client that receives one",
            ),
            (
                "encodings",
                encodings,
                "Broadcasts, counted once for each version they were encoded in",
            ),
            (
                "slow_closed",
                slow_closed,
                "Sockets closed because the client did not read fast enough",
            ),
            (
                "floods_closed",
                floods_closed,
                "Sockets closed because the client sent too fast",
            ),
        ];
        for (name, count, help) in counters {
            let counter = ConstCounter::new(count);
            let name = format!("islands_wire_{name}");
            let metric = encoder.encode_descriptor(&name, help, None, counter.metric_type())?;
            counter.encode(metric)?;
        }
        let high = ConstGauge::new(i64::try_from(outbox_high_water).unwrap_or(i64::MAX));
        let (name, help) = (
            "islands_wire_outbox_high_water",
            "The most frames that have ever waited for one client",
        );
        high.encode(encoder.encode_descriptor(name, help, None, high.metric_type())?)
    }
}
