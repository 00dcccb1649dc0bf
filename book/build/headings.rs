//! Checks the headings of a page.

use anyhow::{Result, bail};

/// Checks that a page has one title, and that no heading skips a level.
///
/// # Errors
/// Names the line and what is expected.
pub(crate) fn check(content: &str) -> Result<()> {
    let mut is_code = false;
    let mut last = 0;
    for (number, line) in (1..).zip(content.lines()) {
        is_code ^= line.starts_with("```");
        let level = line.chars().take_while(|it| *it == '#').count();
        if is_code || level == 0 || !line[level..].starts_with(' ') {
            continue;
        }
        match (last, level) {
            (0, 1) => {}
            (0, _) => bail!("{number}: the first heading of a page is its title, `# …`"),
            (_, 1) => bail!("{number}: a page has one title"),
            _ if level > last + 1 => bail!(
                "{number}: a heading of level {level} below one of level {last} skips a level"
            ),
            _ => {}
        }
        last = level;
    }
    match last {
        0 => bail!("1: a page begins with its title, `# …`"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_error(content: &str, expected: &str) {
        let error = check(content).expect_err("an error");
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn headings_go_down_one_level_at_a_time() {
        assert!(check("# A\n## B\n### C\n## D\n```sh\n# a comment\n```\n#tag").is_ok());
        check_error("## B", "1: the first heading of a page is its title, `# …`");
        check_error("# A\n# B", "2: a page has one title");
        check_error(
            "# A\n\n### C",
            "3: a heading of level 3 below one of level 1 skips a level",
        );
        check_error("text", "1: a page begins with its title, `# …`");
    }
}
