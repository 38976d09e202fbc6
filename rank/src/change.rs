//! What differs between a metric's steady and overload samples.

use names::Harm;
use stats::{FLOOR, Sample};

/// Deviation below which no onset is looked for.
const MOVED: f64 = 1.0;

/// The difference of one overload window from the steady state.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Change {
    /// Difference of the means in percent of the steady mean; `None` for a zero steady mean
    /// (0 when both are zero) or an empty side.
    pub pct_change: Option<f64>,
    /// Symmetric difference `200 (o − s) / (|s| + |o|)` in percent, within ±200; 0 for two zeros.
    pub pct_diff: Option<f64>,
    /// Floored robust deviation, signed: up is positive. See [`deviation`].
    pub z: Option<f64>,
    /// The part of |z| that does harm: 0 when the metric moved the harmless way.
    pub harm: f64,
    /// Harmful change relative to the steady median or mean; infinite where both are 0, and for what is gone.
    pub size: f64,
    /// C, L and the denominator of the deviation.
    pub made_of: Option<(f64, f64, f64)>,
}

/// Compares `overload` with `steady`; `harm` says which way is bad.
pub fn compare(steady: &Sample, overload: &Sample, harm: Harm) -> Change {
    if steady.is_empty() || overload.is_empty() {
        return Change::default();
    }
    let (s, o) = (steady.mean(), overload.mean());
    let pct_change = match (s == 0.0, o == 0.0) {
        (true, true) => Some(0.0),
        (true, false) => None,
        _ => Some(100.0 * (o - s) / s.abs()),
    };
    let sum = s.abs() + o.abs();
    let pct_diff = if sum > 0.0 { 200.0 * (o / sum - s / sum) } else { 0.0 };
    let Some(deviation) = deviation(steady, overload, harm) else { return Change::default() };
    Change {
        pct_change: pct_change.filter(|v| v.is_finite()),
        pct_diff: Some(pct_diff),
        z: Some(deviation.z),
        harm: deviation.harm,
        size: deviation.size,
        made_of: Some(deviation.made_of),
    }
}

/// A deviation, its harmful part, and the harmful change relative to the centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// Signed deviation in units of the floored spread.
    pub z: f64,
    /// Its harmful part, not negative.
    pub harm: f64,
    /// Harmful change / |steady median|, or / |steady mean| where the median is 0 (a counter of rare events); of a
    /// flag of presence / |L|, for what is gone has changed as much as it can. 0 where the change does no harm.
    pub size: f64,
    /// C, L and the denominator.
    pub made_of: (f64, f64, f64),
}

/// The quantile of the overload, counted from its harmless side, that stands for it.
pub const LEVEL: f64 = 0.7;

/// Floored robust deviation `z = (L − C) / (max(S, R/√n) + 0.001 · max(|C|, |L|))`.
///
/// C is the steady median and S the steady [`Sample::spread`]. L stands for the overload: its
/// quantile 0.7 counted from the harmless side (from below where up is harmful, from above where
/// down is; where both are, the one further from C), so that a fault which fills a third of the
/// window shows and a few odd samples do not. R is the distance from C of the nearest sample of either side
/// that differs from it by more than rounding: a metric that never left its value in n samples, and moves
/// by R when it does, may still do so once in n, which is a deviation of R/√n (a count that was 5 for a
/// minute is not known to a thousandth; R is 0 for flags of presence). |z| is below 1000 for a metric that never changes its sign.
/// `None` when a side is empty. Cost: O(log(m + n)), for both are sorted.
pub fn deviation(steady: &Sample, overload: &Sample, harm: Harm) -> Option<Deviation> {
    let centre = steady.quantile(0.5)?;
    let (low, high) = (overload.quantile(1.0 - LEVEL)?, overload.quantile(LEVEL)?);
    let level = match harm {
        Harm::Up => high,
        Harm::Down | Harm::Gone => low,
        Harm::Both if high - centre >= centre - low => high,
        Harm::Both => low,
    };
    let (spread, root) = (steady.spread(), (steady.len() as f64).sqrt());
    let grain = match harm {
        Harm::Gone => 0.0,
        _ => resolution(centre, steady.sorted(), overload.sorted()) / root,
    };
    let scale = spread.max(grain) + FLOOR * centre.abs().max(level.abs());
    let change = level - centre;
    let z = if change == 0.0 { 0.0 } else { (change / scale).clamp(-f64::MAX, f64::MAX) };
    let bad = match harm {
        Harm::Up => change.max(0.0),
        Harm::Down | Harm::Gone => (-change).max(0.0),
        Harm::Both => change.abs(),
    };
    let base = match harm {
        Harm::Gone => level,
        _ if centre == 0.0 => steady.mean(),
        _ => centre,
    };
    let size = if bad == 0.0 { 0.0 } else { bad / base.abs() };
    Some(Deviation { z, harm: if bad == 0.0 { 0.0 } else { z.abs() }, size, made_of: (centre, level, scale) })
}

/// Rounding that makes two values of a computed metric (a quantile, a rate) no different ones, relative to their size.
const ROUNDING: f64 = 1e-9;

/// Distance from `centre` of the nearest value of two ascending samples that differs from it by more than rounding; 0 when
/// none does. Cost: O(log n).
fn resolution(centre: f64, a: &[f64], b: &[f64]) -> f64 {
    let same = ROUNDING * centre.abs();
    let nearest = |sorted: &[f64]| {
        let below = sorted[..sorted.partition_point(|v| *v < centre - same)].last().map(|v| centre - v);
        let above = sorted[sorted.partition_point(|v| *v <= centre + same)..].first().map(|v| v - centre);
        below.unwrap_or(f64::INFINITY).min(above.unwrap_or(f64::INFINITY))
    };
    let least = nearest(a).min(nearest(b));
    if least.is_finite() { least } else { 0.0 }
}

/// Row of `overload` (in time order, NaN = missing) from which the metric has left its steady
/// level: the k that maximises `Σ_{i ≥ k} (dᵢ − D/2)`, where dᵢ is the deviation from the steady
/// median in the direction of the change, cut to [−D, 2D], and D that of the whole window's level.
/// It is the maximum-likelihood place of one step of height D in normal noise (Page 1955).
/// `None` when the metric hardly moved (|z| < 1). Ties: the earliest. Cost: O(n).
pub fn onset(steady: &Sample, overload: &[f64], change: &Change, level: f64) -> Option<usize> {
    let centre = steady.quantile(0.5)?;
    let height = level - centre;
    if change.z.is_none_or(|z| z.abs() < MOVED) || height == 0.0 {
        return None;
    }
    let (mut sum, mut best, mut at) = (0.0, f64::NEG_INFINITY, None);
    for (row, value) in overload.iter().enumerate().rev().filter(|(_, v)| v.is_finite()) {
        sum += ((value - centre) / height).clamp(-1.0, 2.0) - 0.5;
        if sum >= best {
            (best, at) = (sum, Some(row));
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(steady: &[f64], overload: &[f64], harm: Harm) -> Change {
        compare(&Sample::new(steady), &Sample::new(overload), harm)
    }

    #[test]
    fn a_constant_metric_that_moves_has_a_finite_deviation() {
        let c = change(&[100.0; 9], &[100.0, 90.0, 90.0, 90.0], Harm::Down);
        let expected = 10.0 / (10.0 / 3.0 + 0.1);
        assert!((c.z.unwrap() + expected).abs() < 1e-9, "{c:?}");
        assert!((c.harm - expected).abs() < 1e-9);
    }

    #[test]
    fn resolution_is_the_nearest_other_value_of_either_side() {
        assert_eq!(resolution(1.0, &[1.0, 1.0, 4.0], &[2.5, 4.0, 9.0]), 1.5);
        assert_eq!(resolution(4.0, &[1.0, 1.0, 4.0], &[2.5, 4.0, 9.0]), 1.5);
        assert_eq!((resolution(3.0, &[3.0], &[3.0]), resolution(0.0, &[], &[])), (0.0, 0.0));
    }

    #[test]
    fn rounding_is_no_step() {
        let steady = [0.004_95, 0.004_95, 0.004_949_999_999_999_999, 0.004_95];
        let c = change(&steady, &[0.004_95, 0.009_9, 0.009_9, 0.009_9], Harm::Up);
        let expected = 0.004_95 / (0.004_95 / 2.0 + 0.001 * 0.009_9);
        assert!((c.z.unwrap() - expected).abs() < 1e-9, "{c:?}");
    }

    #[test]
    fn rare_events_are_compared_with_their_mean() {
        assert_eq!(change(&[0.0, 0.0, 0.0, 4.0], &[2.0; 4], Harm::Up).size, 2.0);
        assert_eq!(change(&[0.0; 4], &[2.0; 4], Harm::Up).size, f64::INFINITY);
    }

    #[test]
    fn the_harmless_way_does_no_harm() {
        let c = change(&[1.0, 2.0, 3.0], &[0.0, 0.0, 0.0], Harm::Up);
        assert!(c.z.unwrap() < 0.0 && c.harm == 0.0 && c.size == 0.0);
    }

    #[test]
    fn what_is_gone_has_changed_as_much_as_it_can() {
        assert_eq!(change(&[8.0; 5], &[2.0; 5], Harm::Down).size, 0.75);
        assert_eq!(change(&[1.0; 5], &[0.0; 5], Harm::Gone).size, f64::INFINITY);
    }

    #[test]
    fn zero_baselines_have_no_percentage_but_a_symmetric_one() {
        let c = change(&[0.0; 5], &[2.0; 5], Harm::Up);
        assert_eq!((c.pct_change, c.pct_diff), (None, Some(200.0)));
        assert!((c.z.unwrap() - 2.0 / (2.0 / 5.0_f64.sqrt() + 0.002)).abs() < 1e-9);
        let none = change(&[0.0; 5], &[0.0; 5], Harm::Up);
        assert_eq!((none.pct_change, none.pct_diff, none.z), (Some(0.0), Some(0.0), Some(0.0)));
    }

    #[test]
    fn an_empty_side_says_nothing() {
        assert_eq!(change(&[], &[1.0], Harm::Up), Change::default());
        assert_eq!(change(&[1.0], &[f64::NAN], Harm::Up), Change::default());
    }

    #[test]
    fn onset_is_the_first_row_after_the_step() {
        let (steady, overload) = ([1.0, 1.2, 0.8, 1.0, 1.1], [1.0, 1.1, 0.9, f64::NAN, 9.0, 9.1, 8.9, 9.0]);
        let (s, o) = (Sample::new(&steady), Sample::new(&overload));
        let c = compare(&s, &o, Harm::Up);
        assert_eq!(onset(&s, &overload, &c, o.quantile(0.75).unwrap()), Some(4));
        let still = compare(&s, &s, Harm::Up);
        assert_eq!(onset(&s, &steady, &still, s.quantile(0.75).unwrap()), None);
    }
}
