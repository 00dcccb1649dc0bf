//! The command that offers a draw.

enum Command {
    /// Offer a draw, or accept the other player's offer.
    OfferDraw,
}
