//! Is one sample shifted against another?

use crate::{Sample, erfc};

/// What Mann–Whitney's test says of two samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// Share of pairs (steady, overload) in which the overload is larger, ties counted half:
    /// the area under the ROC curve. 0.5 = no shift, 1 = always larger.
    pub effect: f64,
    /// Two-sided probability of so large a shift by chance.
    pub p: f64,
    /// The probability that these sizes and ties would give if no sample of one side overlapped the other: the
    /// least that such a test can say.
    pub least_p: f64,
}

/// Mann–Whitney's U test, normal approximation with tie and continuity correction.
///
/// `U = Σ rank(overload) − n(n+1)/2`, `effect = U / (m n)`,
/// `z = (|U − m n / 2| − 1/2) / σ`, `σ² = m n (N + 1)/12 · (1 − Σ(t³ − t)/(N³ − N))`
/// (Mann and Whitney 1947; as scipy's `mannwhitneyu(method="asymptotic")`).
/// m and n are replaced by the effective `sizes`, so that a series that is sampled more often than
/// it changes does not become significant by repetition; pass the lengths themselves for the
/// plain test. Both sides are in ascending order. `None` when a side is empty; p = 1 when all values are equal.
/// Cost: O(m + n) on sorted samples.
pub fn mann_whitney(steady: &[f64], overload: &[f64], sizes: (f64, f64)) -> Option<Shift> {
    let (m, n) = (steady.len() as f64, overload.len() as f64);
    if steady.is_empty() || overload.is_empty() {
        return None;
    }
    let (wins, ties) = Merge::new(steady, overload).finish();
    let effect = wins / (m * n);
    let total = m + n;
    let untied = 1.0 - ties / (total * total * total - total);
    let (m, n) = sizes;
    let sigma = (m * n * (m + n + 1.0) / 12.0 * untied).sqrt();
    let p_of = |effect: f64| {
        let away = ((effect - 0.5).abs() * m * n - 0.5).max(0.0);
        if sigma > 0.0 { erfc(away / sigma / std::f64::consts::SQRT_2).clamp(0.0, 1.0) } else { 1.0 }
    };
    Some(Shift { effect, p: p_of(effect), least_p: p_of(1.0) })
}

/// Fewest steady samples from which the dependence of successive samples is estimated.
const ENOUGH: usize = 8;

/// [`mann_whitney`] of two samples, each counting as its effective size.
///
/// The dependence is that of the steady samples, for under the hypothesis that nothing changed
/// it is the same on both sides, and the overload's own would count a step as dependence. Only
/// fewer than 8 steady samples leave it to the overload.
pub fn shift(steady: &Sample, overload: &Sample) -> Option<Shift> {
    let known = if steady.len() < ENOUGH { overload } else { steady };
    let r = known.autocorrelation();
    mann_whitney(steady.sorted(), overload.sorted(), (steady.effective_size(r), overload.effective_size(r)))
}

/// A merge of two ascending samples that counts the pairs won by the overload (ties half) and `Σ (t³ − t)` over groups of
/// equal values; without branches on the data while both sides last.
#[derive(Default)]
struct Merge<'a> {
    a: &'a [f64],
    b: &'a [f64],
    i: usize,
    j: usize,
    before: f64,
    group: usize,
    group_a: usize,
    twice_wins: usize,
    ties: f64,
}

impl<'a> Merge<'a> {
    fn new(a: &'a [f64], b: &'a [f64]) -> Self {
        Merge { a, b, before: f64::NAN, ..Merge::default() }
    }

    fn goes_on(&self) -> bool {
        self.i < self.a.len() && self.j < self.b.len()
    }

    #[inline(always)]
    fn step(&mut self) {
        let (x, y) = (self.a[self.i], self.b[self.j]);
        let from_a = x <= y;
        self.i += usize::from(from_a);
        self.j += usize::from(!from_a);
        self.take(if x < y { x } else { y }, from_a);
    }

    /// Counts the next value. A group of equals that grows from r to r + 1 adds `3 r (r + 1)` to the ties.
    #[inline(always)]
    fn take(&mut self, value: f64, from_a: bool) {
        // In whole numbers: of a choice between two floats the compiler makes a branch that no processor foresees.
        let (same, one_a) = (usize::from(value == self.before), usize::from(from_a));
        (self.group, self.group_a, self.before) = (same * self.group, same * self.group_a + one_a, value);
        self.ties += 3.0 * (self.group * (self.group + 1)) as f64;
        self.group += 1;
        self.twice_wins += (1 - one_a) * (2 * self.i - self.group_a);
    }

    /// Wins and ties when what is left of either side has been counted.
    fn finish(mut self) -> (f64, f64) {
        while self.goes_on() {
            self.step();
        }
        let (a, b) = (self.a, self.b);
        for value in &a[self.i..] {
            self.i += 1;
            self.take(*value, true);
        }
        for value in &b[self.j..] {
            self.take(*value, false);
        }
        (self.twice_wins as f64 / 2.0, self.ties)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effect_is_half_for_equal_samples() {
        let a = [1.0, 2.0, 3.0];
        let shift = mann_whitney(&a, &a, (3.0, 3.0)).unwrap();
        assert_eq!((shift.effect, shift.p), (0.5, 1.0));
    }

    #[test]
    fn all_equal_values_are_no_shift() {
        let shift = mann_whitney(&[2.0; 5], &[2.0; 7], (5.0, 7.0)).unwrap();
        assert_eq!((shift.effect, shift.p), (0.5, 1.0));
        assert_eq!(mann_whitney(&[], &[1.0], (0.0, 1.0)), None);
    }
}
