//! Turns a drawing in box characters into SVG.
//!
//! It is what a terminal would show. The lines take the color of the page.

use std::fmt::Write;

use anyhow::{Result, ensure};

/// The size of a character cell, in the units of the SVG.
const WIDTH: f64 = 8.4;
const HEIGHT: f64 = 18.0;

/// Returns the drawing as a `figure` element. `alt` says what it shows, for readers who cannot
/// see it.
///
/// # Errors
/// If the alternative text is missing, or there is nothing to draw.
pub(crate) fn figure(alt: &str, drawing: &str) -> Result<String> {
    ensure!(
        !alt.is_empty(),
        "a drawing needs a text that says what it shows"
    );
    let drawing = drawing.trim_matches('\n');
    ensure!(!drawing.trim().is_empty(), "there is no drawing");
    let svg = svg(drawing, &escaped(alt));
    // An empty line would end the element for Markdown.
    Ok(format!("<figure>{svg}</figure>\n"))
}

fn svg(drawing: &str, alt: &str) -> String {
    let columns = drawing.lines().map(|line| line.chars().count()).max();
    let width = columns.unwrap_or(0) as f64 * WIDTH;
    let height = drawing.lines().count() as f64 * HEIGHT;
    let (mut lines, mut heads, mut words) = (String::new(), String::new(), String::new());
    for (row, line) in drawing.lines().enumerate() {
        for (column, character) in line.chars().enumerate() {
            let x = (column as f64 + 0.5) * WIDTH;
            let y = (row as f64 + 0.5) * HEIGHT;
            for (right, down) in arms(character) {
                let (right, down) = (right * WIDTH / 2.0, down * HEIGHT / 2.0);
                let _ = write!(lines, "M{x:.1} {y:.1}l{right:.1} {down:.1}");
            }
            if character == '█' {
                let (x, y) = (x - WIDTH / 2.0, y - HEIGHT * 0.35);
                let _ = write!(
                    heads,
                    "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{WIDTH}\" height=\"{:.1}\"/>",
                    HEIGHT * 0.7
                );
            }
            if let Some(turn) = turn(character) {
                let _ = write!(
                    heads,
                    "<path d=\"M5 0L-4 -4L-4 4z\" transform=\"translate({x:.1} {y:.1}) rotate({turn})\"/>"
                );
            }
        }
        for (column, word) in texts(line) {
            let x = column as f64 * WIDTH;
            let y = (row as f64 + 0.72) * HEIGHT;
            let length = word.chars().count() as f64 * WIDTH;
            let word = escaped(&word);
            let _ = write!(
                words,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\">{word}</text>"
            );
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" role=\"img\" aria-label=\"{alt}\" font-family=\"monospace\" \
         font-size=\"14\" fill=\"currentColor\"><path d=\"{lines}\" stroke=\"currentColor\" \
         stroke-width=\"1.4\" fill=\"none\"/>{heads}{words}</svg>"
    )
}

/// Returns the directions, right and down, in which the lines of a character leave its middle.
fn arms(character: char) -> Vec<(f64, f64)> {
    let arms = match character {
        '─' => "lr",
        '│' => "ud",
        '┌' => "dr",
        '┐' => "dl",
        '└' => "ur",
        '┘' => "ul",
        '├' => "udr",
        '┤' => "udl",
        '┬' => "dlr",
        '┴' => "ulr",
        '┼' => "udlr",
        // An arrowhead ends a line.
        '►' => "l",
        '◄' => "r",
        '▲' => "d",
        '▼' => "u",
        _ => "",
    };
    let direction = |arm| match arm {
        'u' => (0.0, -1.0),
        'd' => (0.0, 1.0),
        'l' => (-1.0, 0.0),
        _ => (1.0, 0.0),
    };
    arms.chars().map(direction).collect()
}

/// Returns by how many degrees an arrowhead is turned from the right.
fn turn(character: char) -> Option<u16> {
    match character {
        '►' => Some(0),
        '▼' => Some(90),
        '◄' => Some(180),
        '▲' => Some(270),
        _ => None,
    }
}

/// Returns the texts of a line with their columns. Two spaces end a text, so that a font of
/// another width moves no text far from its place.
fn texts(line: &str) -> Vec<(usize, String)> {
    let mut texts: Vec<(usize, String)> = Vec::new();
    let mut gap = usize::MAX;
    for (column, character) in line.chars().enumerate() {
        let is_line = character == '█' || !arms(character).is_empty();
        match (character, is_line, texts.last_mut()) {
            (' ', ..) => gap = gap.saturating_add(1),
            (_, true, _) => gap = usize::MAX,
            (_, false, Some((_, text))) if gap <= 1 => {
                text.extend(std::iter::repeat_n(' ', gap));
                text.push(character);
                gap = 0;
            }
            _ => {
                texts.push((column, character.to_string()));
                gap = 0;
            }
        }
    }
    texts
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_columns_and_are_escaped() {
        let expected = [(1, "a b".to_owned()), (7, "c".to_owned())];
        assert_eq!(texts(" a b   c │"), expected);
        let drawn = figure("a < b", "\n a<b ─►\n").expect("a figure");
        assert!(drawn.contains("aria-label=\"a &lt; b\""), "{drawn}");
        assert!(
            drawn.contains("textLength=\"25.2\">a&lt;b</text>"),
            "{drawn}"
        );
        assert!(!drawn.trim().contains('\n'), "{drawn}");
    }

    #[test]
    fn a_drawing_without_alternative_text_is_refused() {
        let error = figure("", "─►\n").expect_err("an error");
        assert_eq!(
            error.to_string(),
            "a drawing needs a text that says what it shows"
        );
        assert!(figure("nothing", "\n").is_err());
    }
}
