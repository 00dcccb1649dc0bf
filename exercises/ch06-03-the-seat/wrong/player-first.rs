//! Writes the player before the game. The server of today reads it; every token that was given out before no longer counts.

impl SeatKey {
    pub fn token(&self, game: GameId, player: Player) -> String {
        let mut token = [0; SEAT_BYTES + MAC_BYTES];
        let (seat, code) = token.split_at_mut(SEAT_BYTES);
        seat[0] = number(player);
        seat[1..].copy_from_slice(&game.to_bytes());
        code.copy_from_slice(&self.sign(seat).finalize().into_bytes());
        BASE64URL_NOPAD.encode(&token)
    }

    pub fn verify(&self, token: &str) -> Option<(GameId, Player)> {
        let token = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (seat, code) = token.split_at_checked(SEAT_BYTES)?;
        self.sign(seat).verify_slice(code).ok()?;
        let (player, game) = seat.split_first()?;
        let player = Player::BOTH
            .into_iter()
            .find(|candidate| *player == number(*candidate))?;
        Some((GameId::from_bytes(game.try_into().ok()?), player))
    }
}
