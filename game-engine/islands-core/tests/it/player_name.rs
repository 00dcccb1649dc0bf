//! The names of players.

use islands_core::{InvalidName, PlayerName};

#[track_caller]
fn check(typed: &str, name: Result<&str, InvalidName>) {
    let found = PlayerName::new(typed);
    assert_eq!(
        found.as_ref().map(PlayerName::as_str),
        name.as_ref().copied()
    );
}

#[test]
fn space_around_a_name_is_trimmed() {
    check("Ada", Ok("Ada"));
    check("  Ada Lovelace\t\n", Ok("Ada Lovelace"));
    check("\u{3000}愛\u{3000}", Ok("愛"));
}

#[test]
fn a_name_has_1_to_32_characters_however_many_bytes() {
    check("", Err(InvalidName));
    check("   ", Err(InvalidName));
    let longest = "🏝".repeat(32);
    check(&longest, Ok(&longest));
    check(&format!("  {longest}  "), Ok(&longest));
    check(&"a".repeat(33), Err(InvalidName));
}

#[test]
fn a_name_has_no_control_character() {
    for typed in [
        "A\nda",
        "A\u{0}da",
        "Ada\u{7f}x",
        "\u{1b}[31mAda",
        "A\u{85}da",
    ] {
        check(typed, Err(InvalidName));
    }
}

#[test]
fn a_name_has_no_invisible_characters() {
    for typed in [
        "\u{200b}",
        "Ada\u{200b}",
        "A\u{202e}da",
        "\u{feff}Ada",
        "\u{2066}Ada",
    ] {
        check(typed, Err(InvalidName));
    }
}

#[test]
fn names_may_have_combined_letters_and_emojis() {
    check("👩\u{200d}🚀", Ok("👩\u{200d}🚀"));
    check("نمی\u{200c}دانم", Ok("نمی\u{200c}دانم"));
}
