//! Draws the latencies of a report by percentile.

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::latency::Latency;
use crate::report::Report;

const SIZE: (u32, u32) = (900, 500);
const TITLE: (&str, i32) = ("sans-serif", 18);
const LABEL: (&str, i32) = ("sans-serif", 13);
const COLOURS: [RGBColor; 3] = [
    RGBColor(31, 119, 180),
    RGBColor(214, 39, 40),
    RGBColor(44, 160, 44),
];

/// The axis ends at 99.9999 percent at the latest.
const MOST_NINES: f64 = 6.0;

/// Points per nine: between 90 and 99 percent, between 99 and 99.9, and so on.
const POINTS: u32 = 50;

/// One line of the chart: the latency at each percentile, given as a number of nines.
struct Curve {
    name: &'static str,
    points: Vec<(f64, f64)>,
}

/// Draws the latencies as SVG. A run of pushes or broadcasts leaves out connecting and joining.
///
/// # Errors
/// If drawing fails.
pub(super) fn draw(report: &Report) -> Result<String> {
    let mut times = report.times();
    // A single value makes no curve.
    times.retain(|(_, times)| times.count > 1);
    if matches!(report.command, "push" | "broadcast") {
        times.retain(|(name, _)| !["connect", "join"].contains(name));
    }
    let curves = times.iter().map(|(name, times)| Curve {
        name,
        points: points(&times.histogram),
    });
    let title = format!(
        "{}: {} connections on {}",
        report.command, report.connections, report.url
    );
    let mut svg = String::new();
    draw_curves(&mut svg, &title, &Vec::from_iter(curves))
        .map_err(|error| anyhow!("cannot draw: {error}"))?;
    Ok(svg)
}

/// Samples the curve of a histogram. `n` nines is the percentile that one value in `10^n` exceeds:
/// one nine is 90 percent, two are 99. The curve ends where one value is left, the maximum.
fn points(latency: &Latency) -> Vec<(f64, f64)> {
    let nines = (latency.count().max(1) as f64).log10().min(MOST_NINES);
    let steps = (nines * f64::from(POINTS)).ceil() as u32;
    (0..=steps)
        .map(|step| (f64::from(step) / f64::from(POINTS)).min(nines))
        .map(|nines| (nines, latency.quantile(1.0 - 10_f64.powf(-nines))))
        .chain([(nines, latency.max())])
        .collect()
}

fn draw_curves(
    svg: &mut String,
    title: &str,
    curves: &[Curve],
) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let all = || curves.iter().flat_map(|curve| &curve.points);
    let right = all().map(|(nines, _)| nines.ceil()).fold(1.0, f64::max);
    let top = all().map(|(_, millis)| *millis).fold(0.001, f64::max) * 1.05;
    let area = SVGBackend::with_string(svg, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, TITLE)
        .margin(15)
        .x_label_area_size(45)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..right, 0.0..top)?;
    chart
        .configure_mesh()
        .x_desc("percent of all")
        .y_desc("milliseconds")
        .x_labels(right as usize + 1)
        .x_label_formatter(&|nines| percent(*nines))
        .label_style(LABEL)
        .axis_desc_style(LABEL)
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (curve, colour) in curves.iter().zip(COLOURS.iter().cycle()) {
        let points = curve.points.iter().copied();
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
            .label(curve.name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 20, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .label_font(LABEL)
        .border_style(BLACK.mix(0.2))
        .background_style(WHITE)
        .draw()?;
    area.present()?;
    Ok(())
}

/// Formats a number of nines as a percentage.
fn percent(nines: f64) -> String {
    let below = 100.0 * (1.0 - 10_f64.powf(-nines));
    let digits = (nines - 2.0).max(0.0) as usize;
    format!("{below:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nines_are_percentages() {
        let found = [0.0, 1.0, 2.0, 3.0, 5.0].map(percent);
        assert_eq!(found, ["0", "90", "99", "99.9", "99.999"]);
    }

    #[test]
    fn a_curve_ends_at_the_longest_time() {
        let mut latency = Latency::default();
        for millis in 1..=1_000 {
            latency.record(millis * 1_000_000);
        }
        let points = points(&latency);
        assert!(points.is_sorted());
        let (nines, last) = points[points.len() - 1];
        assert!(
            (nines - 3.0).abs() < 1e-9 && last >= 1_000.0,
            "{nines} {last}"
        );
    }

    #[test]
    fn an_empty_histogram_can_be_drawn() {
        let curve = Curve {
            name: "nothing",
            points: points(&Latency::default()),
        };
        let mut svg = String::new();
        draw_curves(&mut svg, "<&>", &[curve]).expect("a drawing");
        assert!(
            svg.starts_with("<svg") && svg.contains("&lt;&amp;&gt;"),
            "{svg}"
        );
    }
}
