//! Covers the player alone with the MAC. A client can write any game before the MAC, and has a seat there.

impl SeatKey {
    pub fn token(&self, game: GameId, player: Player) -> String {
        let mut token = [0; SEAT_BYTES + MAC_BYTES];
        let (seat, code) = token.split_at_mut(SEAT_BYTES);
        seat[..SEAT_BYTES - 1].copy_from_slice(&game.to_bytes());
        seat[SEAT_BYTES - 1] = number(player);
        code.copy_from_slice(&self.sign(&seat[SEAT_BYTES - 1..]).finalize().into_bytes());
        BASE64URL_NOPAD.encode(&token)
    }

    pub fn verify(&self, token: &str) -> Option<(GameId, Player)> {
        let token = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (seat, code) = token.split_at_checked(SEAT_BYTES)?;
        self.sign(&seat[SEAT_BYTES - 1..]).verify_slice(code).ok()?;
        let (game, player) = seat.split_first_chunk()?;
        let player = Player::BOTH
            .into_iter()
            .find(|candidate| player == [number(*candidate)])?;
        Some((GameId::from_bytes(*game), player))
    }
}
