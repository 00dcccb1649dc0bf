//! Lays out text for a terminal.

/// The columns that a chapter's code and drawings need.
pub(crate) const COLUMNS: usize = 80;
/// The width of prose in columns, on a terminal that is wide enough.
pub(crate) const WIDTH: usize = COLUMNS - 2;

/// Breaks prose into lines of at most `width` characters, at its spaces. A longer word gets a
/// line of its own.
pub(crate) fn wrap(prose: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in prose.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Returns the number with a comma between each three digits: `1,077,346,308`.
///
/// ```
/// assert_eq!(walk::thousands(1_077_346_308), "1,077,346,308");
/// assert_eq!(walk::thousands(72), "72");
/// ```
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_broken_at_spaces_and_never_inside_a_word() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible it", 6), ["incomprehensible", "it"]);
        assert_eq!(wrap("  ", 6), [""; 0]);
    }
}
