//! A row of the table.

use serde::Deserialize;

/// One measurement.
#[derive(Deserialize)]
pub(crate) struct Row {
    #[serde(rename = "name")]
    what: String,
    unit: String,
    value: f64,
    aim: Option<f64>,
    /// The command that measured it.
    #[serde(skip)]
    command: String,
}

impl Row {
    pub(crate) fn new(what: &str, unit: &str, value: f64, aim: Option<f64>, command: &str) -> Row {
        Row {
            what: what.into(),
            unit: unit.into(),
            value,
            aim,
            command: command.into(),
        }
    }

    /// Parses the line of JSON that a bench prints.
    ///
    /// # Errors
    /// If the line has another form.
    pub(crate) fn read(line: &str, command: &str) -> serde_json::Result<Row> {
        let row: Row = serde_json::from_str(line)?;
        Ok(Row {
            command: command.into(),
            ..row
        })
    }

    /// Returns whether the value meets the aim. Higher is better for rates per second and
    /// for shares of the bare server's rate; lower is better for all other units.
    fn met(&self, aim: f64) -> bool {
        match self.unit.ends_with("per second") || self.unit == "% of bare" {
            true => self.value >= aim,
            false => self.value <= aim,
        }
    }

    pub(crate) fn line(&self) -> String {
        let (value, unit) = (format_figure(self.value), &self.unit);
        let aim = self.aim.map_or(String::new(), format_figure);
        let verdict = match self.aim {
            Some(aim) if self.met(aim) => "met",
            Some(_) => "missed",
            None => "",
        };
        let (what, command) = (&self.what, &self.command);
        format!("| {what} | {value} {unit} | {aim} | {verdict} | `{command}` |\n")
    }
}

/// Formats a number with commas between its thousands, and with decimals below 100.
fn format_figure(value: f64) -> String {
    if value < 10.0 && value.fract() != 0.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_whether_its_aim_is_met() {
        #[track_caller]
        fn check(json: &str, line: &str) {
            let row = Row::read(json, "c").expect("a measurement");
            assert_eq!(row.line(), format!("{line}\n"));
        }
        let fast = r#"{"name":"a","unit":"per second","value":7654321,"aim":5000000}"#;
        check(fast, "| a | 7,654,321 per second | 5,000,000 | met | `c` |");
        let slow = r#"{"name":"a","unit":"per second","value":12.34,"aim":100}"#;
        check(slow, "| a | 12.3 per second | 100 | missed | `c` |");
        let large = r#"{"name":"a","unit":"bytes","value":1001,"aim":1000}"#;
        check(large, "| a | 1,001 bytes | 1,000 | missed | `c` |");
        let ratio = r#"{"name":"a","unit":"times","value":1.984,"aim":2}"#;
        check(ratio, "| a | 1.98 times | 2.0 | met | `c` |");
        let share = r#"{"name":"a","unit":"% of bare","value":91,"aim":90}"#;
        check(share, "| a | 91.0 % of bare | 90.0 | met | `c` |");
        let free = r#"{"name":"a","unit":"bytes","value":0}"#;
        check(free, "| a | 0.0 bytes |  |  | `c` |");
        assert!(Row::read("{}", "c").is_err());
    }
}
