//! When a metric left its steady level.

use stats::Sample;

use crate::change::Change;

/// Deviation below which no onset is looked for.
const MOVED: f64 = 1.0;

/// Row of `overload` (in time order, NaN = missing) from which the metric has left its steady
/// level: the k that maximises `Σ_{i ≥ k} (dᵢ − D/2)`, where dᵢ is the deviation from the steady
/// median in the direction of the change, cut to [−D, 2D], and D that of the whole window's level.
/// It is the maximum-likelihood place of one step of height D in normal noise (Page 1955); of what rises slowly that is the middle, so
/// the rows before it that follow each other beyond all of the steady state belong to it.
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
    let (least, most) = (*steady.sorted().first()?, *steady.sorted().last()?);
    let is_beyond = |value: f64| if height > 0.0 { value > most } else { value < least };
    let rows = overload[..at?].iter().enumerate().rev().filter(|(_, value)| value.is_finite());
    rows.take_while(|(_, value)| is_beyond(**value)).last().map(|(row, _)| row).or(at)
}
