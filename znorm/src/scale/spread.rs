//! Centre and spread of one series whose squares fit an `f64`.

use super::{Method, Scale};

/// Centre and spread by `method`; `None` when there is no sample, or a varying series has not more than `ddof`.
pub(crate) fn measure(values: &[f64], method: Method) -> Option<Scale> {
    match method {
        Method::Deviation { ddof } => {
            stats::deviation(values, ddof).map(|m| Scale { centre: m.mean, spread: m.deviation, unit: 1.0 })
        }
        Method::Robust => stats::spread(values).map(|s| Scale { centre: s.centre, spread: s.spread, unit: 1.0 }),
        Method::MinMax => range(values),
    }
}

/// Minimum and range.
fn range(values: &[f64]) -> Option<Scale> {
    let samples = || values.iter().copied().filter(|v| v.is_finite());
    let centre = samples().min_by(f64::total_cmp)?;
    let largest = samples().max_by(f64::total_cmp)?;
    Some(Scale { centre, spread: largest - centre, unit: 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minus_zero_is_the_smaller_zero_and_no_range() {
        assert_eq!(range(&[0.0, -0.0]).map(|s| s.spread), Some(0.0));
    }
}
