//! Z-normalise a series: how far each value lies from the centre, in units of the spread.
//!
//! ```text
//! z[i] = (x[i] - centre) / spread
//! ```
//!
//! | [`Method`] | centre | spread |
//! | --- | --- | --- |
//! | `Deviation` | mean | standard deviation, `sqrt(Σ (x - mean)² / (n - ddof))` |
//! | `Robust` | median | the largest of the deviation, `1.4826·MAD` and `IQR / 1.349` ([`stats::spread`](stats::spread())) |
//! | `MinMax` | minimum | maximum - minimum |
//!
//! Everywhere a value that is not finite is a missing sample: it counts for nothing and stays where it is, as NaN.
//!
//! ```
//! let mut x = [1.0, f64::NAN, 3.0];
//! znorm::normalise(&mut x, znorm::Method::Deviation { ddof: 0 }, 0.0);
//! assert_eq!((x[0], x[2]), (-1.0, 1.0));
//! assert!(x[1].is_nan());
//! ```

mod scale;

pub use scale::{Method, Scale, against};

/// What became of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every sample was measured by the scale.
    Scaled,
    /// The series does not vary: every sample became 0.
    Constant,
    /// There is no sample: nothing to do.
    Empty,
    /// The series varies but has not more than `ddof` samples: every sample became missing.
    Short,
}

/// Normalises a series by its own centre and spread, the spread being at least `floor·|centre|`.
///
/// A constant series becomes 0, for it does not move. Missing samples stay missing.
pub fn normalise(values: &mut [f64], method: Method, floor: f64) -> Outcome {
    let empty = !values.iter().any(|v| v.is_finite());
    match Scale::of(values, method) {
        Some(scale) if scale.is_constant() => {
            flatten(values);
            Outcome::Constant
        }
        Some(scale) => {
            scale.floored(floor).apply(values);
            Outcome::Scaled
        }
        None => {
            values.fill(f64::NAN);
            if empty { Outcome::Empty } else { Outcome::Short }
        }
    }
}

/// Replaces every sample by 0.
pub fn flatten(values: &mut [f64]) {
    values.iter_mut().for_each(|v| *v = if v.is_finite() { 0.0 } else { f64::NAN });
}

/// Replaces a series by its first differences, `d[i] = x[i] - x[i-1]`.
///
/// The first is missing, and so is each that lacks one of its two samples: after a gap the series starts anew.
pub fn difference(values: &mut [f64]) {
    let mut before = f64::NAN;
    for v in values {
        let now = *v;
        *v = if now.is_finite() && before.is_finite() { (now - before).clamp(-f64::MAX, f64::MAX) } else { f64::NAN };
        before = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Method = Method::Deviation { ddof: 0 };

    #[test]
    fn constant_series_becomes_zeros() {
        for constant in [0.1, 0.0, -3e300, 5e-324] {
            let mut x = [constant, f64::NAN, constant, constant];
            assert_eq!(normalise(&mut x, PLAIN, 0.0), Outcome::Constant);
            assert_eq!((x[0], x[2], x[3]), (0.0, 0.0, 0.0));
            assert!(x[1].is_nan());
        }
    }

    #[test]
    fn rounding_of_a_constant_is_no_movement() {
        let mut x = [1e9, 1e9 + 1e-7, 1e9];
        assert_eq!(normalise(&mut x, PLAIN, 0.0), Outcome::Constant);
    }

    #[test]
    fn series_without_samples_has_no_scale() {
        assert_eq!(normalise(&mut [], PLAIN, 0.0), Outcome::Empty);
        assert_eq!(normalise(&mut [f64::NAN], Method::Robust, 0.0), Outcome::Empty);
    }

    #[test]
    fn varying_series_with_too_few_samples_becomes_missing() {
        let mut x = [1.0, 2.0];
        assert_eq!(normalise(&mut x, Method::Deviation { ddof: 2 }, 0.0), Outcome::Short);
        assert!(x.iter().all(|v| v.is_nan()));
    }

    #[test]
    fn one_sample_is_constant_whatever_the_ddof() {
        let mut x = [7.0];
        assert_eq!(normalise(&mut x, Method::Deviation { ddof: 1 }, 0.0), Outcome::Constant);
    }

    #[test]
    fn largest_numbers_do_not_overflow() {
        let mut x = [f64::MAX, -f64::MAX];
        assert_eq!(normalise(&mut x, PLAIN, 0.0), Outcome::Scaled);
        assert_eq!(x, [1.0, -1.0]);
    }

    #[test]
    fn difference_starts_anew_after_a_gap() {
        let mut x = [1.0, 3.0, f64::NAN, 4.0, 9.0];
        difference(&mut x);
        assert!(x[0].is_nan() && x[2].is_nan() && x[3].is_nan());
        assert_eq!((x[1], x[4]), (2.0, 5.0));
    }
}
