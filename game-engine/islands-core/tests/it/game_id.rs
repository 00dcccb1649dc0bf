//! The ids of games.

use islands_core::{GameId, InvalidGameId, Rng};

#[test]
fn display_and_parse_round_trip() {
    let mut rng = Rng::new(1);
    for _ in 0..1_000 {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&rng.next_u64().to_be_bytes());
        bytes[8..].copy_from_slice(&rng.next_u64().to_be_bytes()[..2]);
        let id = GameId::from_bytes(bytes);
        assert_eq!(id.to_bytes(), bytes);
        assert_eq!(id.to_string().len(), 16);
        assert_eq!(id.to_string().parse(), Ok(id));
    }
}

/// RFC 4648 base32 in lower case; `basenc --base32` prints it in upper case.
#[test]
fn an_id_is_written_in_base32() {
    #[track_caller]
    fn check(bytes: &[u8; 10], written: &str) {
        assert_eq!(GameId::from_bytes(*bytes).to_string(), written);
    }
    check(&[0xFF; 10], "7777777777777777");
    check(b"next game!", "nzsxq5bam5qw2zjb");
    check(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "aaaaaaaaaaaaaaab");
}

#[test]
fn an_invalid_id_is_not_parsed() {
    for text in [
        "",
        "aaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaa",
        "AAAAAAAAAAAAAAAA",
        "aaaaaaaa1aaaaaaa",
        "aaaaaaaa/aaaaaaa",
        "éééééééé",
    ] {
        assert_eq!(text.parse::<GameId>(), Err(InvalidGameId), "{text:?}");
    }
}
