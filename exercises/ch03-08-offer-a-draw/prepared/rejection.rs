//! The reason to refuse a second offer.

enum Rejection {
    /// The player's offer of a draw still stands.
    AlreadyOffered,
}

impl Rejection {
    fn reason() {
        match self {
            Rejection::AlreadyOffered => "already_offered",
        }
    }

    fn fmt() {
        match self {
            Rejection::AlreadyOffered => f.write_str("your offer of a draw stands"),
        }
    }
}
