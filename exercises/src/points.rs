//! Points, which are split over the cases of an exercise.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use serde::{Serialize, Serializer};

/// Points in hundredths, so that a sum is exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points {
    hundredths: u32,
}

impl Points {
    /// No points.
    pub const ZERO: Points = Points { hundredths: 0 };

    /// Returns this many points.
    pub fn whole(points: u32) -> Points {
        Points {
            hundredths: points * 100,
        }
    }

    /// Splits the points into `parts` shares that differ by at most a hundredth.
    ///
    /// ```
    /// use exercises::Points;
    ///
    /// let shares = Points::whole(1).split(3);
    /// assert_eq!(shares.iter().map(ToString::to_string).collect::<Vec<_>>(), ["0.34", "0.33", "0.33"]);
    /// assert_eq!(shares.into_iter().sum::<Points>(), Points::whole(1));
    /// ```
    pub fn split(self, parts: usize) -> Vec<Points> {
        let count = u32::try_from(parts).unwrap_or(u32::MAX);
        let shares = (0..count).map(|part| Points {
            hundredths: self.hundredths / count + u32::from(part < self.hundredths % count),
        });
        shares.collect()
    }
}

impl Add for Points {
    type Output = Points;

    fn add(self, other: Points) -> Points {
        Points {
            hundredths: self.hundredths + other.hundredths,
        }
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Points>>(points: I) -> Points {
        points.fold(Points::ZERO, Points::add)
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.hundredths / 100, self.hundredths % 100) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, rest) => write!(f, "{whole}.{rest:02}"),
        }
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.hundredths) / 100.0)
    }
}
