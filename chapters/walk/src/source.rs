//! Cuts the source of a `show!` or `run!` call out of the chapter's file.

/// Returns the statement around the call of `show!` or `run!` in this line (from 1), without the call
/// itself and without its indentation. Returns nothing if the line has no such call.
///
/// `stringify!` would be shorter, but it drops comments and changes the line breaks.
pub(crate) fn statement(file: &str, line: u32) -> Option<String> {
    let call_line = usize::try_from(line).ok()?.checked_sub(1)?;
    let lines: Vec<&str> = file.lines().collect();
    // rustfmt may break a line behind the `=` of a long `let`.
    let mut first = call_line;
    while first > 0 && lines.get(first - 1)?.trim_end().ends_with('=') {
        first -= 1;
    }
    let indent = lines.get(first)?.len() - lines.get(first)?.trim_start().len();
    let text = lines.get(first..)?.join("\n");
    let calls = ["show!(", "run!("].into_iter();
    let calls = calls.filter_map(|name| Some((text.find(name)?, name.len())));
    let (call, length) = calls.min()?;
    let arguments = call + length;
    let end = arguments + closing(&text[arguments..])?;
    // The first argument is the page.
    let shown = arguments + text[arguments..end].find(',')? + 1;

    let before = text[..call].trim_start();
    let before = match before.strip_suffix(' ').map(str::trim_end) {
        // The rest of a broken line is one level further in.
        Some(line) if before.contains('\n') => format!("{line}\n    "),
        _ => before.to_owned(),
    };
    let rest_of_line = text[end + 1..].lines().next().unwrap_or("");
    let shown = text[shown..end].trim_end().trim_end_matches(',');
    match braces_off(shown) {
        Some(inside) => Some(dedent(inside, indent)),
        None => {
            let statement = format!("{before}{}{rest_of_line}", dedent(shown, indent));
            // What is not bound to a name reads better as an expression.
            let is_bound = statement.starts_with("let ") && !statement.starts_with("let _ =");
            let expression = statement
                .trim_start_matches("let _ = ")
                .trim_end_matches(';');
            Some(if is_bound {
                statement.clone()
            } else {
                expression.to_owned()
            })
        }
    }
}

/// Returns the inside of a block that is nothing but a block.
fn braces_off(shown: &str) -> Option<&str> {
    let inside = shown.trim().strip_prefix('{')?;
    (closing(inside) == Some(inside.len() - 1)).then(|| &inside[..inside.len() - 1])
}

/// Returns where the bracket closes that was opened right before this text. Skips brackets in
/// strings, characters and comments.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return Some(at),
            ')' | ']' | '}' => depth -= 1,
            '"' => {
                while let Some((_, inside)) = characters.next() {
                    match inside {
                        '\\' => drop(characters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            // A character such as '(', and not a lifetime.
            '\'' if text[at + 1..].chars().nth(1) == Some('\'') => {
                characters.next();
                characters.next();
            }
            '/' if text[at + 1..].starts_with('/') => {
                characters.find(|(_, inside)| *inside == '\n');
            }
            _ => {}
        }
    }
    None
}

/// Takes `indent` spaces off each line, or the common indentation if the text begins with a
/// line break; and empty lines off both ends.
fn dedent(text: &str, indent: usize) -> String {
    let broken = text.trim_start_matches(' ').starts_with('\n');
    let text = text.trim_start_matches('\n').trim_end();
    let indents = text.lines().filter(|line| !line.trim().is_empty());
    let indents = indents.map(|line| line.len() - line.trim_start().len());
    let indent = if broken {
        indents.min().unwrap_or(0)
    } else {
        indent
    };
    let lines = text.lines().map(|line| {
        let blank = line.len() - line.trim_start().len();
        &line[blank.min(indent)..]
    });
    lines.collect::<Vec<_>>().join("\n").trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what is shown for the first call in `file`.
    #[track_caller]
    fn check(file: &str, expected: &str) {
        let line = file.lines().position(|line| line.contains("show!("));
        let line = u32::try_from(line.expect("a call") + 1).expect("a short file");
        assert_eq!(statement(file, line).as_deref(), Some(expected));
    }

    #[test]
    fn a_statement_is_shown_without_the_call() {
        check("    show!(page, f(1, 2));", "f(1, 2)");
        check("    let _ = show!(page, f(1, 2));", "f(1, 2)");
        check("    let a = show!(page, f(1)?);", "let a = f(1)?;");
        check("    let a = show!(page, f(1))?.b;", "let a = f(1)?.b;");
    }

    #[test]
    fn brackets_in_strings_characters_and_comments_do_not_end_it() {
        check(
            r#"show!(page, f(")\"", '(', "("));"#,
            r#"f(")\"", '(', "(")"#,
        );
        check("show!(page, f( // :)\n  1));", "f( // :)\n  1)");
        check("show!(page, f::<'a>(b));", "f::<'a>(b)");
    }

    #[test]
    fn the_line_breaks_of_the_file_stay() {
        let file = "
    let draft = show!(
        page,
        Draft::default()
            .position(square)?,
    );
";
        check(
            file,
            "let draft = Draft::default()\n    .position(square)?;",
        );
        let file = "
    show!(page, f(
        1,
    ));
";
        check(file, "f(\n    1,\n)");
    }

    #[test]
    fn a_let_that_is_broken_at_its_equals_sign_is_shown_whole() {
        let file = "
    let draft =
        show!(page, f(1));
";
        check(file, "let draft =\n    f(1);");
    }

    #[test]
    fn a_block_is_shown_with_its_comments_and_without_its_braces() {
        let file = "
    let draft = show!(page, {
        // First one.
        let a = 1;

        a + 1
    });
";
        check(file, "// First one.\nlet a = 1;\n\na + 1");
    }

    #[test]
    fn a_line_without_a_call_shows_nothing() {
        assert_eq!(statement("let a = 1;", 1), None);
        assert_eq!(statement("let a = 1;", 2), None);
    }
}
