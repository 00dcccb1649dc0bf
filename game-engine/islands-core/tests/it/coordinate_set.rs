//! Sets of cells, compared with the standard library's sets.

use std::collections::BTreeSet;

use islands_core::{Coordinate, CoordinateSet, Rng};

use crate::monkey::pick;

/// A random set of fewer than fifty cells, in both representations.
fn any_set(rng: &mut Rng) -> (CoordinateSet, BTreeSet<Coordinate>) {
    let cells: Vec<Coordinate> = Coordinate::all().collect();
    let some: Vec<Coordinate> = (0..rng.next_u64() % 50)
        .map(|_| pick(rng, &cells))
        .collect();
    (some.iter().copied().collect(), some.into_iter().collect())
}

fn cells(set: CoordinateSet) -> Vec<Coordinate> {
    set.iter().collect()
}

#[test]
fn sets_of_bits_are_sets() {
    let mut rng = Rng::new(1);
    for _ in 0..500 {
        let (a, naive_a) = any_set(&mut rng);
        let (b, naive_b) = any_set(&mut rng);
        assert_eq!(cells(a), Vec::from_iter(naive_a.iter().copied()));
        assert_eq!(a.len(), naive_a.len());
        assert_eq!(a.is_empty(), naive_a.is_empty());
        assert_eq!(cells(a | b), Vec::from_iter(&naive_a | &naive_b));
        assert_eq!(cells(a & b), Vec::from_iter(&naive_a & &naive_b));
        assert_eq!(cells(a - b), Vec::from_iter(&naive_a - &naive_b));
        assert_eq!(a.overlaps(b), !naive_a.is_disjoint(&naive_b));
        assert_eq!(a.is_subset(b), naive_a.is_subset(&naive_b));
        assert!((a & b).is_subset(a));
        for cell in Coordinate::all() {
            assert_eq!(a.contains(cell), naive_a.contains(&cell));
            assert!(a.with(cell).contains(cell));
        }
    }
}

#[test]
fn all_cells_are_a_hundred() {
    assert_eq!(CoordinateSet::ALL.len(), 100);
    assert_eq!(
        Coordinate::all().collect::<CoordinateSet>(),
        CoordinateSet::ALL
    );
    assert_eq!(CoordinateSet::EMPTY, CoordinateSet::default());
}

#[test]
fn a_set_is_listed_as_its_cells() {
    let set: CoordinateSet = Coordinate::all().take(2).collect();
    assert_eq!(format!("{set:?}"), "{A1, A2}");
}
