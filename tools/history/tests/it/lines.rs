//! A history in a file can be read and checked again.

use history::History;

use crate::played::{GAME, Played};

#[test]
fn a_history_survives_write_and_read() {
    for seed in 0..20 {
        let played = Played::with_views(seed);
        let text = written(&played);
        let read = History::read(text.as_bytes()).unwrap();
        assert_eq!(read.entries(GAME), played.entries, "seed {seed}");
        let mut again = Vec::new();
        read.write(&mut again).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), text);
    }
}

#[test]
fn the_number_of_an_invalid_line_is_reported() {
    #[track_caller]
    fn check(second: &str, why: &str) {
        let played = Played::new(1);
        let text = written(&played);
        let first = text.lines().next().unwrap();
        let text = format!("{first}\n{second}\n");
        let error = History::read(text.as_bytes()).err().unwrap();
        let told = error.to_string();
        assert!(told.starts_with("line 2 is no entry"), "{told}");
        assert!(told.contains(why), "{told}");
    }
    check("", "EOF");
    check("[\"x\"]", "");
    let entry = r#"{"client":1,"viewer":"spectator","what":{"resumed":{"since":1}}}"#;
    check(&format!(r#"["nowhere",{entry}]"#), "16 characters");
    check(r#"["aaaaaaaaaaaaaaaa",{"client":1}]"#, "viewer");
}

fn written(played: &Played) -> String {
    let history = History::new();
    history.extend(GAME, played.entries.clone());
    let mut text = Vec::new();
    history.write(&mut text).expect("room");
    String::from_utf8(text).expect("text")
}
