//! One metric's samples of one state, sorted once.

use std::borrow::Cow;

/// The finite samples of one metric in one state, with what is needed of them.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    sorted: Vec<f64>,
    rows: usize,
    mean: f64,
    deviation: f64,
    dependence: f64,
}

impl Sample {
    /// Takes `values` in time order; samples that are not finite count as missing.
    ///
    /// Cost: one sort, O(n log n) time, O(n) memory.
    pub fn new(values: &[f64]) -> Self {
        let kept: Cow<[f64]> = match values.iter().all(|v| v.is_finite()) {
            true => values.into(),
            false => values.iter().copied().filter(|v| v.is_finite()).collect(),
        };
        let mut keys: Vec<i64> = kept.iter().map(|v| key(*v)).collect();
        keys.sort_unstable();
        let sorted: Vec<f64> = keys.iter().map(|k| unkey(*k)).collect();
        let mut sample = Self { sorted, rows: values.len(), ..Self::default() };
        match (sample.sorted.first(), sample.sorted.last()) {
            (Some(least), Some(most)) if least < most => sample.describe(&kept),
            (Some(only), _) => sample.mean = *only,
            _ => {}
        }
        sample
    }

    /// Mean, deviation and dependence of samples that are not all equal.
    fn describe(&mut self, kept: &[f64]) {
        let mean = mean_of(kept, |v| v);
        self.mean = mean;
        let squares = sum(kept, kept, |v, _| (v - mean) * (v - mean));
        self.deviation = finite((squares / kept.len() as f64).sqrt());
        self.dependence = dependence(kept, &self.sorted);
    }

    /// Number of finite samples.
    pub fn len(&self) -> usize {
        self.sorted.len()
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

    /// Correlation r of successive samples, in [0, 1], cut at the Tukey fences so that one outlier
    /// does not decide it; 0 for constant samples, which tell nothing of it.
    pub fn dependence(&self) -> f64 {
        self.dependence
    }

    /// Number of independent samples these are worth when successive ones correlate by r:
    /// `n (1 − r) / (1 + r)`, at least 1 (Bayley and Hammersley 1946, first-order process).
    pub fn worth(&self, dependence: f64) -> f64 {
        let n = self.len() as f64;
        (n * (1.0 - dependence) / (1.0 + dependence)).max(1.0)
    }

    /// Quantile `q` in [0, 1], linear between neighbours (Hyndman and Fan 1996, type 7, numpy's
    /// default); `None` when empty.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        quantile(&self.sorted, q)
    }

    /// Robust spread that no single way of varying can hide: the largest of the standard
    /// deviation, 1.4826 × the median absolute deviation and the interquartile range / 1.349, all
    /// of which estimate σ for normal samples. 0 for constant or empty samples.
    pub fn spread(&self) -> f64 {
        let (Some(q1), Some(median), Some(q3)) = (self.quantile(0.25), self.quantile(0.5), self.quantile(0.75)) else {
            return 0.0;
        };
        let mad = 1.4826 * median_distance(&self.sorted, median);
        finite(self.deviation.max(mad).max((q3 - q1) / 1.349))
    }
}

/// Sum of `term` over two series as far as both go, in eight partial sums: several are added at a time, and less is rounded
/// away.
fn sum(a: &[f64], b: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    let mut sums = [0.0; 8];
    for (a, b) in a.chunks(8).zip(b.chunks(8)) {
        sums.iter_mut().zip(a).zip(b).for_each(|((sum, a), b)| *sum += term(*a, *b));
    }
    sums.iter().sum()
}

/// Mean of `term` that does not overflow where the sum would.
fn mean_of(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let n = values.len() as f64;
    let whole = sum(values, values, |v, _| term(v));
    if whole.is_finite() { whole / n } else { sum(values, values, |v, _| term(v) / n) }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::MAX }
}

/// Maps a finite value to an integer of the same order, so that integers can be sorted; −0 is 0.
fn key(value: f64) -> i64 {
    let bits = (value + 0.0).to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

fn unkey(key: i64) -> f64 {
    f64::from_bits((key ^ (((key >> 63) as u64) >> 1) as i64) as u64)
}

/// Quantile of ascending values, type 7.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = q.clamp(0.0, 1.0) * last as f64;
    let low = at.floor() as usize;
    let high = (low + 1).min(last);
    let part = at - low as f64;
    let (a, b) = (sorted[low], sorted[high]);
    let gap = b - a;
    Some(match gap.is_finite() {
        // From the nearer end, as numpy does: nothing is lost where the values are close.
        true if part < 0.5 => a + gap * part,
        true => b - gap * (1.0 - part),
        false => a * (1.0 - part) + b * part,
    })
}

/// Median of |x − centre| of ascending values: both sides of the centre are ascending distances, of
/// which the smallest k are found by bisection. O(log n).
fn median_distance(sorted: &[f64], centre: f64) -> f64 {
    let n = sorted.len();
    let middle = sorted.partition_point(|v| *v < centre);
    let upper = nearest(sorted, middle, centre, n / 2 + 1);
    if n % 2 == 1 {
        return upper;
    }
    let lower = nearest(sorted, middle, centre, n / 2);
    lower + (upper - lower) / 2.0
}

/// The k-th smallest distance from the centre, 1 ≤ k ≤ n; `middle` values are below the centre.
fn nearest(sorted: &[f64], middle: usize, centre: f64, k: usize) -> f64 {
    let left = |i: usize| centre - sorted[middle - 1 - i];
    let right = |j: usize| sorted[middle + j] - centre;
    let (mut few, mut many) = (k.saturating_sub(sorted.len() - middle), k.min(middle));
    while few < many {
        let i = usize::midpoint(few, many);
        // One more from the left is nearer than the last from the right.
        if left(i) < right(k - i - 1) {
            few = i + 1;
        } else {
            many = i;
        }
    }
    let from_left = if few > 0 { left(few - 1) } else { 0.0 };
    let from_right = if few < k { right(k - few - 1) } else { 0.0 };
    from_left.max(from_right)
}

/// Correlation of successive samples, cut at the Tukey fences; 0 for constant samples, not below 0.
fn dependence(values: &[f64], sorted: &[f64]) -> f64 {
    let (Some(q1), Some(q3)) = (quantile(sorted, 0.25), quantile(sorted, 0.75)) else { return 0.0 };
    let reach = 1.5 * (q3 - q1);
    let (low, high) = if reach > 0.0 { (q1 - reach, q3 + reach) } else { (f64::MIN, f64::MAX) };
    let cut = |v: f64| v.clamp(low, high);
    let mean = mean_of(values, cut);
    let product = |a: f64, b: f64| (cut(a) - mean) * (cut(b) - mean);
    let (same, next) = (sum(values, values, product), sum(values.get(1..).unwrap_or_default(), values, product));
    if same > 0.0 && same.is_finite() && next.is_finite() { (next / same).clamp(0.0, 1.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours() {
        let s = Sample::new(&[4.0, f64::NAN, 1.0, 3.0, 2.0]);
        assert_eq!((s.len(), s.quantile(0.5), s.quantile(0.25)), (4, Some(2.5), Some(1.75)));
        assert_eq!(s.missing(), Some(0.2));
    }

    #[test]
    fn keys_keep_the_order_of_values() {
        let values = [-1e300, -2.0, -0.0, 0.0, 1e-300, 7.5];
        assert!(values.windows(2).all(|w| key(w[0]) <= key(w[1])));
        assert!(values.iter().all(|v| unkey(key(*v)) == *v));
    }

    #[test]
    fn median_distance_equals_the_sorted_one() {
        for n in 1..12 {
            let mut values: Vec<f64> = (0..n).map(|i| f64::from((i * 7919) % 13)).collect();
            values.sort_by(f64::total_cmp);
            let centre = quantile(&values, 0.5).unwrap();
            let mut away: Vec<f64> = values.iter().map(|v| (v - centre).abs()).collect();
            away.sort_by(f64::total_cmp);
            assert_eq!(median_distance(&values, centre), quantile(&away, 0.5).unwrap(), "{values:?}");
        }
    }

    #[test]
    fn empty_and_constant_samples_have_no_spread() {
        assert_eq!((Sample::new(&[]).spread(), Sample::new(&[]).missing()), (0.0, None));
        let constant = Sample::new(&[5.0; 9]);
        assert_eq!((constant.spread(), constant.dependence()), (0.0, 0.0));
    }

    #[test]
    fn held_samples_are_worth_less() {
        let free: Vec<f64> = (0..400u32).map(|i| f64::from(i.wrapping_mul(2_654_435_761) >> 16)).collect();
        let held: Vec<f64> = free.iter().flat_map(|v| [*v; 10]).collect();
        let worth = |s: Sample| s.worth(s.dependence());
        assert!(worth(Sample::new(&free)) > 300.0);
        assert!(worth(Sample::new(&held)) < 500.0);
    }
}
