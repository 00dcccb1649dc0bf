//! Draws messages between participants, with time running downwards.

use std::time::Duration;

/// Messages between participants, in the order in which they were sent.
///
/// ```
/// use std::time::Duration;
///
/// let mut sequence = walk::Sequence::new(&["Ada", "game"]);
/// sequence.message(Duration::ZERO, "Ada", "game", "guess");
/// sequence.message(Duration::from_millis(200), "game", "Ada", "hit");
/// let drawing = "         Ada       game
///           │          │
///   0 ms    ├─ guess ─►│
/// 200 ms    │◄─ hit ───┤";
/// assert_eq!(sequence.draw(), drawing);
/// ```
#[derive(Clone, Debug)]
pub struct Sequence {
    participants: Vec<String>,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    at: Duration,
    from: usize,
    to: usize,
    label: String,
}

/// The columns to the left of the first participant, for times.
const LEFT: usize = 10;
/// The columns that a message takes beside its label.
const ARROW: usize = 6;

impl Sequence {
    /// Returns a sequence without messages between these participants, from left to right.
    pub fn new(participants: &[&str]) -> Sequence {
        Sequence {
            participants: participants.iter().map(ToString::to_string).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a message that was sent at this time. A message of a participant to itself is
    /// something that it does. A message of an unknown participant is left out.
    pub fn message(&mut self, at: Duration, from: &str, to: &str, label: &str) {
        let place = |name| self.participants.iter().position(|it| it == name);
        if let (Some(from), Some(to)) = (place(from), place(to)) {
            let label = label.to_owned();
            self.rows.push(Row {
                at,
                from,
                to,
                label,
            });
        }
    }

    /// Draws the sequence: a column for each participant, a line for each message.
    pub fn draw(&self) -> String {
        let columns = self.columns();
        let mut names = Vec::new();
        for (name, column) in self.participants.iter().zip(&columns) {
            let begin = column.saturating_sub(name.chars().count() / 2);
            write(&mut names, begin, name);
        }
        let mut lines = vec![names, self.lifelines(&columns)];
        let mut last = None;
        for row in &self.rows {
            let mut line = self.lifelines(&columns);
            if last != Some(row.at) {
                let time = format!("{:>3} ms", row.at.as_millis());
                write(&mut line, 0, &time);
            }
            last = Some(row.at);
            draw_message(&mut line, row, &columns);
            lines.push(line);
        }
        let lines = lines.iter().map(|line| line.iter().collect::<String>());
        lines
            .map(|line| line.trim_end().to_owned())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Returns the column of each participant, so that every label has room.
    fn columns(&self) -> Vec<usize> {
        let mut columns = vec![LEFT];
        for right in 1..self.participants.len() {
            let names = self.participants[right - 1].chars().count()
                + self.participants[right].chars().count();
            let mut column = columns[right - 1] + names / 2 + ARROW;
            for row in &self.rows {
                let (first, last) = (row.from.min(row.to), row.from.max(row.to));
                let width = row.label.chars().count() + ARROW;
                if last == right && first < right {
                    column = column.max(columns[first] + width);
                } else if first == last && last + 1 == right {
                    column = column.max(columns[last] + width);
                }
            }
            columns.push(column);
        }
        columns
    }

    fn lifelines(&self, columns: &[usize]) -> Vec<char> {
        let mut line = Vec::new();
        for column in columns {
            write(&mut line, *column, "│");
        }
        line
    }
}

fn draw_message(line: &mut Vec<char>, row: &Row, columns: &[usize]) {
    let (from, to) = (columns[row.from], columns[row.to]);
    let (first, last) = (from.min(to), from.max(to));
    for between in line.iter_mut().take(last).skip(first + 1) {
        *between = if *between == '│' { '┼' } else { '─' };
    }
    let label = match row.label.as_str() {
        "" => String::new(),
        label => format!(" {label} "),
    };
    if from < to {
        line[from] = '├';
        line[to - 1] = '►';
        write(line, from + 2, &label);
    } else if to < from {
        line[from] = '┤';
        line[to + 1] = '◄';
        write(line, to + 3, &label);
    } else {
        write(line, from + 1, &label);
    }
}

/// Writes a text over a line from a column on.
fn write(line: &mut Vec<char>, column: usize, text: &str) {
    for (column, character) in (column..).zip(text.chars()) {
        if line.len() <= column {
            line.resize(column + 1, ' ');
        }
        line[column] = character;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_crosses_the_participants_between() {
        let mut sequence = Sequence::new(&["Ada", "Bob", "game"]);
        sequence.message(Duration::ZERO, "Ada", "game", "a guess at C4");
        sequence.message(Duration::ZERO, "game", "game", "crashes");
        sequence.message(Duration::from_millis(5), "game", "Bob", "");
        sequence.message(Duration::from_millis(5), "nobody", "Bob", "");
        let drawing = "         Ada      Bob      game
          │        │         │
  0 ms    ├─ a guess at C4 ─►│
          │        │         │ crashes
  5 ms    │        │◄────────┤";
        assert_eq!(sequence.draw(), drawing);
    }
}
