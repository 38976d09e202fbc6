//! The series of a piece that have been written: none is written twice when the piece is asked for again.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};

use crate::reply::Series;

/// What is known of a series that has just come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// It has not come before.
    New,
    /// An earlier answer to the same request held it.
    Written,
    /// The same answer held it, with the same samples.
    Twice,
    /// The same answer held it, with other samples.
    Torn,
}

/// The series that have come, by 128 bits of a hash of their labels: some 32 bytes each.
#[derive(Default)]
pub(crate) struct Seen {
    series: HashMap<(u64, u64), (u32, u32)>,
    answer: u32,
}

impl Seen {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.series.len()
    }

    /// Says that the next series are of a further answer.
    pub(crate) fn next_answer(&mut self) {
        self.answer += 1;
    }

    /// Notes a series.
    pub(crate) fn note(&mut self, series: &Series) -> Sight {
        let checksum = series.points.checksum();
        match self.series.entry(identity(series)) {
            Entry::Vacant(place) => {
                place.insert((self.answer, checksum));
                Sight::New
            }
            Entry::Occupied(mut place) => {
                let (answer, before) = place.insert((self.answer, checksum));
                match answer == self.answer {
                    false => Sight::Written,
                    true if before == checksum => Sight::Twice,
                    true => Sight::Torn,
                }
            }
        }
    }
}

/// A hash of the labels, which servers write in one order within an answer but not always in the next.
fn identity(series: &Series) -> (u64, u64) {
    let one = |seed: u8| {
        let labels = series.labels.iter().map(|label| {
            let mut hasher = DefaultHasher::new();
            (seed, label).hash(&mut hasher);
            hasher.finish()
        });
        labels.fold(0, u64::wrapping_add)
    };
    (one(0), one(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(labels: &[(&str, &str)], point: &[u8]) -> Series {
        let labels = labels.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let mut series = Series { labels, ..Series::default() };
        series.points.take(point, None).unwrap();
        series
    }

    #[test]
    fn a_series_is_known_again_in_any_order_of_labels() {
        let mut seen = Seen::default();
        assert_eq!(seen.note(&series(&[("a", "b"), ("c", "d")], b"[1,\"2\"]]")), Sight::New);
        assert_eq!(seen.note(&series(&[("a", "d"), ("c", "b")], b"[1,\"2\"]]")), Sight::New);
        assert_eq!(seen.note(&series(&[("c", "d"), ("a", "b")], b"[1,\"2\"]]")), Sight::Twice);
        assert_eq!(seen.note(&series(&[("a", "b"), ("c", "d")], b"[1,\"3\"]]")), Sight::Torn);
        seen.next_answer();
        assert_eq!(seen.note(&series(&[("a", "b"), ("c", "d")], b"[1,\"3\"]]")), Sight::Written);
        assert_eq!(seen.len(), 2);
    }
}
