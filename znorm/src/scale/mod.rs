//! What a series is measured by: its own centre and spread, or those of a baseline.

mod spread;

/// What stands for the centre of a series and for its spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Mean and standard deviation; the variance is the sum of squares over `n - ddof`.
    Deviation {
        /// 0 for the population's deviation, 1 for a sample's.
        ddof: usize,
    },
    /// Median, and the largest of the deviation, `1.4826·MAD` and `IQR / 1.349`: [`stats::spread`](stats::spread()).
    Robust,
    /// Minimum and range: the series comes to lie between 0 and 1.
    MinMax,
}

/// The centre and the spread a series is measured by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// What becomes 0.
    pub centre: f64,
    /// What becomes 1; never negative.
    pub spread: f64,
    /// What both are multiples of: the unit of the series, 1; or a power of two, where the spread would not fit an `f64`.
    pub unit: f64,
}

impl Scale {
    /// Measures a series: its centre and spread by `method`. `None` when it has no sample, or varies but has not more
    /// than `ddof` samples.
    ///
    /// A series of one value, however often, has the spread 0 whatever the `ddof`. Values of any magnitude are good:
    /// those whose squares would leave the range of `f64` are measured after scaling by a power of two, which is exact.
    /// Cost: O(n) time; `Robust` sorts a copy of the samples, O(n log n).
    pub fn of(values: &[f64], method: Method) -> Option<Scale> {
        let scale = spread::measure(values, method)?;
        if (1e-140..1e140).contains(&scale.spread) {
            return Some(scale);
        }
        let largest = values.iter().filter(|v| v.is_finite()).fold(0.0_f64, |m, v| m.max(v.abs()));
        if largest == 0.0 || (1e-140..1e140).contains(&largest) {
            return Some(scale);
        }
        let unit = 2f64.powi((largest.log2() as i32).clamp(-1000, 1000));
        let scaled: Vec<f64> = values.iter().map(|v| v / unit).collect();
        let scale = spread::measure(&scaled, method)?;
        let spread = scale.spread * unit;
        Some(if spread.is_finite() {
            Scale { centre: scale.centre * unit, spread, ..scale }
        } else {
            Scale { unit, ..scale }
        })
    }

    /// Whether the series does not vary: its spread is not more than the rounding of its centre, `ε·|centre|` with
    /// `ε = 2⁻⁵²` (the rule of scipy's `zscore`).
    pub fn is_constant(&self) -> bool {
        self.spread <= f64::EPSILON * self.centre.abs()
    }

    /// The same scale with a spread of at least `floor·|centre|`.
    ///
    /// A baseline that hardly moves would otherwise turn every later ripple into thousands. A high floor hides what
    /// moves slowly (a memory leak of half a per cent), so keep it at a thousandth or below.
    pub fn floored(self, floor: f64) -> Scale {
        Scale { spread: self.spread.max(floor * self.centre.abs()), ..self }
    }

    /// Replaces every sample by `(x - centre) / spread`; what does not fit an `f64` becomes the largest that does,
    /// and a zero has no sign.
    pub fn apply(&self, values: &mut [f64]) {
        let unit = if self.spread > 1e300 { 2f64.powi(-10) } else { 1.0 };
        let (centre, spread) = (self.centre * unit, self.spread * unit);
        let unit = unit / self.unit;
        for v in values {
            *v =
                if v.is_finite() { ((*v * unit - centre) / spread).clamp(-f64::MAX, f64::MAX) + 0.0 } else { f64::NAN };
        }
    }
}

/// The scale to measure `values` by, given that of a baseline of the same series.
///
/// It is the baseline's, its spread at least `floor·|centre|`. A constant baseline at 0 leaves nothing to measure by
/// (an error rate that was never seen before): there the spread is the root mean square of `values - centre`, so that
/// a series that left its baseline is not hidden. `None` when the baseline is constant and `values` never leave it.
pub fn against(baseline: Scale, values: &[f64], floor: f64) -> Option<Scale> {
    if !baseline.is_constant() {
        return Some(baseline.floored(floor));
    }
    let centre = baseline.centre;
    let distance = |v: &f64| (v - centre).abs().min(f64::MAX);
    let moved: Vec<f64> = values.iter().filter(|v| v.is_finite()).map(distance).collect();
    let largest = moved.iter().fold(0.0_f64, |m, v| m.max(*v));
    if largest <= f64::EPSILON * centre.abs() {
        return None;
    }
    let scale = baseline.floored(floor);
    let squares: f64 = moved.iter().map(|v| (v / largest).powi(2)).sum();
    let spread = largest * (squares / moved.len() as f64).sqrt();
    Some(if scale.is_constant() { Scale { spread, ..scale } } else { scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_lifts_a_small_spread_only() {
        let scale = Scale { centre: -1000.0, spread: 0.5, unit: 1.0 };
        assert_eq!(scale.floored(0.001).spread, 1.0);
        assert_eq!(scale.floored(0.0001).spread, 0.5);
    }

    #[test]
    fn series_that_leaves_a_baseline_of_zeros_is_seen() {
        let zeros = Scale { centre: 0.0, spread: 0.0, unit: 1.0 };
        assert_eq!(against(zeros, &[0.0, f64::NAN, 0.0], 0.001), None);
        assert_eq!(against(zeros, &[5.0, 5.0], 0.001), Some(Scale { spread: 5.0, ..zeros }));
        assert_eq!(against(zeros, &[f64::MAX], 0.001).map(|s| s.spread), Some(f64::MAX));
    }

    #[test]
    fn score_beyond_all_numbers_is_the_largest_number() {
        let mut x = [1e300, -1e300];
        Scale { centre: 0.0, spread: 1e-300, unit: 1.0 }.apply(&mut x);
        assert_eq!(x, [f64::MAX, -f64::MAX]);
    }

    #[test]
    fn a_range_above_the_largest_number_becomes_0_to_1() {
        let mut x = [1e308, -1e308, 0.0];
        Scale::of(&x, Method::MinMax).unwrap().apply(&mut x);
        assert_eq!(x, [1.0, 0.0, 0.5]);
    }
}
