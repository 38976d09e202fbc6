//! One metric's samples of one state, sorted once.

use std::borrow::Cow;

use crate::moments::{mean_of, sum};
use crate::quantile::present;
use crate::spread::{finite, of_sorted};
use crate::{quantile, sorted};

/// The finite samples of one metric in one state, with what is needed of them.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    sorted: Vec<f64>,
    rows: usize,
    held: usize,
    mean: f64,
    deviation: f64,
    autocorrelation: f64,
}

impl Sample {
    /// Takes `values` in time order; samples that are not finite count as missing.
    ///
    /// Cost: one sort, O(n log n) time, O(n) memory.
    pub fn new(values: &[f64]) -> Self {
        Self::held(values, 1)
    }

    /// [`Sample::new`] of values of which so many rows each repeat one sample (see [`crate::rows_held`]).
    pub fn held(values: &[f64], rows: usize) -> Self {
        let (mut sample, kept) = Self::without_autocorrelation(values);
        sample.held = rows.max(1);
        if sample.varies() {
            sample.autocorrelation = autocorrelation(&kept, &sample.sorted, sample.held);
        }
        sample
    }

    /// All but the autocorrelation, and the finite samples in time order.
    pub(crate) fn without_autocorrelation(values: &[f64]) -> (Self, Cow<'_, [f64]>) {
        let kept = present(values);
        let mut sample = Self { sorted: sorted(&kept), rows: values.len(), ..Self::default() };
        if sample.varies() {
            sample.mean = mean_of(&kept, |v| v);
            let away = |v: f64, _| (v - sample.mean) * (v - sample.mean);
            sample.deviation = finite((sum(&kept, &kept, away) / kept.len() as f64).sqrt());
        } else if let Some(only) = sample.sorted.first() {
            sample.mean = *only;
        }
        (sample, kept)
    }

    /// Whether there are samples that differ.
    fn varies(&self) -> bool {
        self.sorted.first() < self.sorted.last()
    }

    /// Number of finite samples.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Number of samples that were taken, of which each may be held for several rows; at least 1.
    pub fn taken(&self) -> f64 {
        (self.len() as f64 / self.held.max(1) as f64).max(1.0)
    }

    /// True when there is no finite sample.
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// The finite samples in ascending order.
    pub fn sorted(&self) -> &[f64] {
        &self.sorted
    }

    /// Arithmetic mean; 0 when empty.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// Standard deviation, denominator n; 0 when empty.
    pub fn deviation(&self) -> f64 {
        self.deviation
    }

    /// Share of the rows that hold no finite sample; `None` without rows.
    pub fn missing(&self) -> Option<f64> {
        (self.rows > 0).then(|| (self.rows - self.len()) as f64 / self.rows as f64)
    }

    /// Correlation r of successive samples (of rows as far apart as samples are), in [0, 1], cut at the Tukey fences so that one outlier does not decide it; 0
    /// for constant samples, which say nothing of it.
    pub fn autocorrelation(&self) -> f64 {
        self.autocorrelation
    }

    /// Number of independent samples these are worth when successive ones correlate by r: `n (1 − r) / (1 + r)` of the n
    /// [taken](Sample::taken), at least 1 (Bayley and Hammersley 1946, first-order process).
    pub fn effective_size(&self, autocorrelation: f64) -> f64 {
        (self.taken() * (1.0 - autocorrelation) / (1.0 + autocorrelation)).max(1.0)
    }

    /// The samples of `whole − x`: of shares of successes the shares of failures; what is beyond the whole, or less away from it than
    /// rounding takes (a billionth), is none. Cost: O(n).
    #[must_use]
    pub fn complement(&self, whole: f64) -> Self {
        let left = |v: &f64| if whole - v < 1e-9 * whole { 0.0 } else { whole - v };
        let sorted = self.sorted.iter().rev().map(left).collect();
        let mean = if self.is_empty() { 0.0 } else { whole - self.mean };
        Self { sorted, mean, ..*self }
    }

    /// See [`quantile`]; `None` when empty.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        quantile(&self.sorted, q)
    }

    /// The robust spread, see [`crate::spread()`]; 0 for constant or empty samples.
    pub fn spread(&self) -> f64 {
        of_sorted(&self.sorted, self.deviation)
    }
}

/// Correlation of values that lie `lag` apart, cut at the Tukey fences; 0 for constant samples, not below 0.
fn autocorrelation(values: &[f64], sorted: &[f64], lag: usize) -> f64 {
    let (Some(q1), Some(q3)) = (quantile(sorted, 0.25), quantile(sorted, 0.75)) else { return 0.0 };
    let reach = 1.5 * (q3 - q1);
    let (low, high) = if reach > 0.0 { (q1 - reach, q3 + reach) } else { (f64::MIN, f64::MAX) };
    let cut = |v: f64| v.clamp(low, high);
    let mean = mean_of(values, cut);
    let product = |a: f64, b: f64| (cut(a) - mean) * (cut(b) - mean);
    let (same, next) = (sum(values, values, product), sum(values.get(lag..).unwrap_or_default(), values, product));
    if same > 0.0 && same.is_finite() && next.is_finite() { (next / same).clamp(0.0, 1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_missing() {
        let s = Sample::new(&[4.0, f64::NAN, 1.0, 3.0, 2.0]);
        assert_eq!((s.len(), s.quantile(0.5), s.quantile(0.25)), (4, Some(2.5), Some(1.75)));
        assert_eq!(s.missing(), Some(0.2));
    }

    #[test]
    fn empty_and_constant_samples_have_no_spread() {
        assert_eq!((Sample::new(&[]).spread(), Sample::new(&[]).missing()), (0.0, None));
        let constant = Sample::new(&[5.0; 9]);
        assert_eq!((constant.spread(), constant.autocorrelation()), (0.0, 0.0));
    }

    #[test]
    fn held_samples_are_worth_less() {
        let free: Vec<f64> = (0..400u32).map(|i| f64::from(i.wrapping_mul(2_654_435_761) >> 16)).collect();
        let held: Vec<f64> = free.iter().flat_map(|v| [*v; 10]).collect();
        let worth = |s: Sample| s.effective_size(s.autocorrelation());
        assert!(worth(Sample::new(&free)) > 300.0);
        assert!(worth(Sample::new(&held)) < 500.0);
        assert!((worth(Sample::held(&held, 10)) - worth(Sample::new(&free))).abs() < 1e-9);
    }
}
