//! A series in units of its steady state.

/// The part of the steady centre that is added to the spread: a column that stood still in steady
/// state is measured by it, and a slow leak is not hidden.
const FLOOR: f64 = 0.001;

/// What stood at 1 in steady state and is gone, in its steady units.
pub const ABSENT: f64 = -1.0 / FLOOR;

/// A series in units of its steady state: `(x - median) / spread`, where the spread is the largest
/// of the population deviation, `1.4826 MAD` and `IQR / 1.349` of the steady values, and a
/// thousandth of the median's size on top. Where all of that is 0, equal values become 0 and
/// others a thousand with their sign, as a column that stood still and doubled. No size above a
/// million is returned. NaN stays; all is NaN without steady values.
pub fn in_steady_units(x: &[f64], steady: &[f64]) -> Vec<f64> {
    let mut known: Vec<f64> = steady.iter().copied().filter(|x| !x.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    let Some(centre) = quantile(&known, 0.5) else {
        return vec![f64::NAN; x.len()];
    };
    let count = known.len() as f64;
    let mean = known.iter().sum::<f64>() / count;
    let deviation = (known.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt();
    let quartiles = quantile(&known, 0.75).zip(quantile(&known, 0.25)).map_or(0.0, |(high, low)| high - low);
    let mut apart: Vec<f64> = known.iter().map(|x| (x - centre).abs()).collect();
    apart.sort_by(f64::total_cmp);
    let mad = quantile(&apart, 0.5).unwrap_or(0.0);
    let spread = deviation.max(1.4826 * mad).max(quartiles / 1.349) + FLOOR * centre.abs();
    let one = |&x: &f64| match (x - centre) / spread {
        z if x.is_nan() => z,
        _ if x == centre => 0.0,
        z if spread == 0.0 => z.signum() / FLOOR,
        z => z.clamp(-1e6, 1e6),
    };
    x.iter().map(one).collect()
}

/// How far a series rose: its upper quartile; nothing without values.
pub fn level(z: &[f64]) -> Option<f64> {
    let mut known: Vec<f64> = z.iter().copied().filter(|x| !x.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    quantile(&known, 0.75)
}

/// Linear interpolation between the sorted values, as numpy's default.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let at = q * (sorted.len().checked_sub(1)?) as f64;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    Some(if low == high { low } else { low + (high - low) * at.fract() })
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
