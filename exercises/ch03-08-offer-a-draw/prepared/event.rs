//! The event of an offer.

enum Event {
    /// A player offered a draw, or accepted the other player's offer.
    DrawOffered {
        /// The player that offered.
        by: Player,
    },
}
