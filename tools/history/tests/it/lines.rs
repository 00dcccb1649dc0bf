//! A history in a file can be read and checked again.

use history::History;

use crate::played::{GAME, Played};

#[test]
fn a_history_is_the_same_when_it_is_read_again() {
    for seed in 0..20 {
        let played = Played::and_looked_at(seed);
        let text = written(&played);
        let read = History::read(text.as_bytes()).unwrap();
        assert_eq!(read.entries(GAME), played.entries, "seed {seed}");
        let mut again = Vec::new();
        read.write(&mut again).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), text);
    }
}

#[test]
fn a_line_that_is_no_entry_is_named() {
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
