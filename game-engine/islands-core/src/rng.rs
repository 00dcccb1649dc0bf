//! A seeded random number generator, so that chance is an argument.

/// A pseudorandom number generator that depends on its seed alone.
///
/// SplitMix64 (Steele, Lea, Flood: *Fast Splittable Pseudorandom Number
/// Generators*, 2014): one addition and a mix of bits. It is good enough to
/// arrange islands and to guess, but not cryptographically secure.
#[derive(Clone, Debug)]
pub struct Rng {
    state: u64,
}

impl Rng {
    /// Creates a generator with this seed.
    pub fn new(seed: u64) -> Rng {
        Rng { state: seed }
    }

    /// Returns the next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Picks an element of `from` uniformly; `None` if `from` is empty.
    ///
    /// The index is the high half of a 128-bit product. With at most a hundred
    /// cells or corners to choose from, the relative bias is below 2⁻⁵⁷.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let place = (u128::from(self.next_u64()) * from.len() as u128) >> 64;
        from.get(place as usize).copied()
    }
}
