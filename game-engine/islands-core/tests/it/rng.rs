//! The seeded random number generator.

use islands_core::Rng;

/// The first numbers of SplitMix64 for the seed 1234567, from the reference
/// program of its authors.
#[test]
fn the_stream_is_that_of_splitmix64() {
    let mut rng = Rng::new(1_234_567);
    let drawn: Vec<u64> = (0..5).map(|_| rng.next_u64()).collect();
    assert_eq!(
        drawn,
        [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ]
    );
}

#[test]
fn pick_is_uniform() {
    let mut rng = Rng::new(7);
    let mut picked = [0_u32; 10];
    let sides: Vec<usize> = (0..10).collect();
    for _ in 0..100_000 {
        picked[rng.pick(&sides).unwrap()] += 1;
    }
    // Within four standard deviations of 95 each.
    assert!(
        picked.iter().all(|count| count.abs_diff(10_000) < 380),
        "{picked:?}"
    );
}

#[test]
fn pick_from_an_empty_slice_is_none() {
    assert_eq!(Rng::new(1).pick::<u8>(&[]), None);
}
