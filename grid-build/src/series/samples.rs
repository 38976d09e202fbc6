//! Samples in order of time, one at a time.

use std::cell::Cell;
use std::ops::AddAssign;

/// What had to be done to bring samples in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Series whose samples were out of order.
    pub unsorted: usize,
    /// Samples left out because another of the same time had the same value.
    pub repeated: usize,
    /// Samples left out although their value was another.
    pub conflicting: usize,
    /// Samples of these whose value was more than a tenth away.
    pub far: usize,
}

impl AddAssign for Tidied {
    fn add_assign(&mut self, other: Self) {
        self.unsorted += other.unsorted;
        self.repeated += other.repeated;
        self.conflicting += other.conflicting;
        self.far += other.far;
    }
}

/// An empty vector for `length` values, in sizes of 64 values: what is freed when a series is laid on
/// the lattice then fits the next one, although a few samples are missing here and there.
pub(crate) fn room<T>(length: usize) -> Vec<T> {
    Vec::with_capacity(if length < 1024 { length } else { length.next_multiple_of(64) })
}

thread_local! {
    /// What a series is read into. Vectors of their own, one as long as its line may need and the
    /// next another, would leave gaps between the samples that are kept.
    static SCRATCH: Cell<(Vec<i64>, Vec<f64>)> = const { Cell::new((Vec::new(), Vec::new())) };
}

/// Empty vectors to read a series into, or to copy it to.
pub(crate) fn scratch() -> (Vec<i64>, Vec<f64>) {
    SCRATCH.take()
}

/// Gives the vectors back for the next series.
pub(crate) fn give_back(mut times_ms: Vec<i64>, mut values: Vec<f64>) {
    times_ms.clear();
    values.clear();
    SCRATCH.set((times_ms, values));
}

/// Copies of the samples, with no more memory than they need; the vectors go back.
pub(crate) fn settle(times_ms: Vec<i64>, values: Vec<f64>) -> (Vec<i64>, Vec<f64>) {
    let (mut kept_times, mut kept_values) = (room(times_ms.len()), room(values.len()));
    kept_times.extend_from_slice(&times_ms);
    kept_values.extend_from_slice(&values);
    give_back(times_ms, values);
    (kept_times, kept_values)
}

/// Sorts samples by time and keeps one of each time: the largest value, so that the result does
/// not depend on the order in which they came; a number rather than a gap.
///
/// `times_ms` and `values` are equally long. Linear when they are in order, else O(n log n).
pub fn tidy(times_ms: &mut Vec<i64>, values: &mut Vec<f64>) -> Tidied {
    let mut tidied = Tidied::default();
    if times_ms.is_sorted_by(|a, b| a < b) {
        return tidied;
    }
    let mut samples: Vec<(i64, f64)> = times_ms.iter().copied().zip(values.iter().copied()).collect();
    if !times_ms.is_sorted() {
        tidied.unsorted = 1;
    }
    // A gap (NaN) comes first among samples of one time, the largest number last.
    let rank = |v: f64| if v.is_nan() { f64::NEG_INFINITY } else { v };
    samples.sort_by(|a, b| a.0.cmp(&b.0).then(rank(a.1).total_cmp(&rank(b.1))));
    times_ms.clear();
    values.clear();
    for (time, value) in samples {
        if times_ms.last() != Some(&time) {
            times_ms.push(time);
            values.push(value);
        } else if let Some(kept) = values.last_mut() {
            let same = *kept == value || kept.is_nan();
            tidied.repeated += usize::from(same);
            tidied.conflicting += usize::from(!same);
            tidied.far += usize::from(!same && (value - *kept).abs() * 10.0 > value.abs().max(kept.abs()));
            *kept = value;
        }
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_in_order_are_left_alone() {
        let (mut t, mut v) = (vec![1, 2, 5], vec![3.0, 1.0, 2.0]);
        assert_eq!(tidy(&mut t, &mut v), Tidied::default());
        assert_eq!((t, v), (vec![1, 2, 5], vec![3.0, 1.0, 2.0]));
    }

    #[test]
    fn the_largest_value_of_a_time_is_kept_in_any_order() {
        for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]] {
            let samples = [(2, 1.0), (1, 5.0), (2, 7.0), (3, f64::NAN), (3, 4.0)];
            let mut t: Vec<i64> = order.iter().map(|&i| samples[i].0).collect();
            let mut v: Vec<f64> = order.iter().map(|&i| samples[i].1).collect();
            let tidied = tidy(&mut t, &mut v);
            assert_eq!((t, v), (vec![1, 2, 3], vec![5.0, 7.0, 4.0]));
            assert_eq!((tidied.unsorted, tidied.repeated, tidied.conflicting), (1, 1, 1));
        }
    }
}
