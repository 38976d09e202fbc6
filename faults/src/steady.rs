//! A series in units of its steady state.

use stats::{FLOOR, quantile, sorted, spread};

/// What stood at 1 in steady state and is gone, in its steady units.
pub const ABSENT: f64 = -1.0 / FLOOR;

/// A series in units of its steady state: `(x - centre) / (spread + FLOOR |centre|)`, with the median and
/// the [robust spread](stats::spread()) of the steady values. Where that unit is 0, equal values become 0 and
/// others a thousand with their sign, as a column that stood still and doubled. No size above a
/// million is returned. NaN stays; all is NaN without steady values.
pub fn in_steady_units(x: &[f64], steady: &[f64]) -> Vec<f64> {
    let Some(state) = spread(steady) else {
        return vec![f64::NAN; x.len()];
    };
    let (centre, unit) = (state.centre, state.spread + FLOOR * state.centre.abs());
    let one = |&x: &f64| match (x - centre) / unit {
        z if x.is_nan() => z,
        _ if x == centre => 0.0,
        z if unit == 0.0 => z.signum() / FLOOR,
        z => z.clamp(-1e6, 1e6),
    };
    x.iter().map(one).collect()
}

/// How far a series rose: its upper quartile; nothing without values.
pub fn level(z: &[f64]) -> Option<f64> {
    quantile(&sorted(z), 0.75)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_that_stood_still_is_measured_by_a_thousandth_of_its_size() {
        assert_eq!(in_steady_units(&[100.0, 101.0, f64::NAN], &[100.0; 5])[..2], [0.0, 10.0]);
        assert_eq!(in_steady_units(&[0.0, -1.0], &[0.0, 0.0]), [0.0, ABSENT]);
        assert!(in_steady_units(&[1.0], &[f64::NAN])[0].is_nan());
    }
}
