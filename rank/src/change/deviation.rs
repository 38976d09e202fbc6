//! The deviation of an overload from the steady state.

use names::Harm;
use stats::{CLEAR, FLOOR, Sample};

use crate::change::Nature;
use crate::change::tail::{Excess, excess};

/// A deviation, its harmful part, and the harmful change relative to the centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// Signed deviation in units of the floored spread.
    pub z: f64,
    /// Its harmful part, not negative.
    pub harm: f64,
    /// Harmful change / root mean square of the steady samples; of a latency / their median; of a flag of presence / what the
    /// steady state lost of it.
    /// 0 where the change does no harm.
    pub size: f64,
    /// The harmful change itself, in the metric's unit, not negative.
    pub bad: f64,
    /// True where the harm fills only a part of the overload, its mean excess counts, and so much of it is no chance; of events
    /// where the steady state had none under 0.01.
    pub part: bool,
    /// C, L and the denominator.
    pub made_of: (f64, f64, f64),
}

/// The quantile of the overload, counted from its harmless side, that stands for it.
pub const LEVEL: f64 = 0.7;

/// Relative change beyond which more does not count: a hundred times what it is relative to. What was never
/// anything but 0 has no relative change, and counts as this.
pub const SIZE_CAP: f64 = 100.0;

/// Probability of its exceedances below which harm in a part of the window counts: see [`excess`].
const UNLIKELY: f64 = 0.001;

/// Floored robust deviation `z = (L − C) / (max(S, R/√n) + 0.001 · max(|C|, |L|))`.
///
/// C is the steady median and S the steady [`Sample::spread`]. L stands for the overload: its
/// quantile 0.7 counted from the harmless side (from below where up is harmful, from above where
/// down is; where both are, the one further from C), so that a fault which fills a third of the
/// window shows and a few odd samples do not. R is the distance from C of the nearest sample of either side
/// that differs from it by more than rounding: a metric that never left its value in n samples, and moves
/// by R when it does, may still do so once in n, which is a deviation of R/√n (a count that was 5 for a
/// minute is not known to a thousandth). |z| is below 1000 for a metric that never changes its sign.
///
/// Of a flag of presence C and L are the means, the shares of the time that it was there, R is 0, and S at least
/// the standard deviation: a target that missed a third of its scrapes is not gone.
///
/// Where fewer rows than that are harmed, L − C is the mean [`excess`] beyond the steady extreme instead,
/// if that is more and has a probability under 0.001 (always of events where the steady state had none, and of what somebody
/// met with, see [`Nature::met`]); the relative change of the rows beyond counts by their share. `None` when a side is empty.
/// Cost: O(log(m + n)) and the exceedances, for both are sorted.
pub fn deviation(steady: &Sample, overload: &Sample, nature: impl Into<Nature>) -> Option<Deviation> {
    let nature = nature.into();
    let harm = nature.harm;
    let centre = centre(steady, harm)?;
    let level = level(centre, overload, harm)?;
    let scale = scale(steady, overload, harm, centre, level);
    let base = base(steady, centre, nature);
    let whole = harmful(level - centre, harm);
    let none = steady.sorted().last() == Some(&0.0);
    let born = nature.events && none;
    let unlikely = |e: &Excess| e.p < if born { CLEAR } else { UNLIKELY };
    let counts = |e: &Excess| e.mean > whole && (nature.met || born || unlikely(e));
    let excess = excess(steady, overload, harm).filter(counts);
    let (change, bad, size) = match &excess {
        Some(part) => {
            let down = if harm == Harm::Up { 1.0 } else { -1.0 };
            (down * part.mean, part.mean, part.share * (part.mean / part.share / base).min(SIZE_CAP))
        }
        None => (level - centre, whole, if whole == 0.0 { 0.0 } else { whole / base }),
    };
    let z = if change == 0.0 { 0.0 } else { (change / scale).clamp(-f64::MAX, f64::MAX) };
    let size = if size.is_nan() { f64::INFINITY } else { size };
    let harm = if bad == 0.0 { 0.0 } else { z.abs() };
    Some(Deviation { z, harm, size, bad, part: excess.as_ref().is_some_and(unlikely), made_of: (centre, level, scale) })
}

fn centre(steady: &Sample, harm: Harm) -> Option<f64> {
    let median = steady.quantile(0.5)?;
    Some(if harm == Harm::Gone { steady.mean() } else { median })
}

fn level(centre: f64, overload: &Sample, harm: Harm) -> Option<f64> {
    let (low, high) = (overload.quantile(1.0 - LEVEL)?, overload.quantile(LEVEL)?);
    Some(match harm {
        Harm::Up => high,
        Harm::Gone => overload.mean(),
        Harm::Down => low,
        Harm::Both if high - centre >= centre - low => high,
        Harm::Both => low,
    })
}

fn scale(steady: &Sample, overload: &Sample, harm: Harm, centre: f64, level: f64) -> f64 {
    let grain = match harm {
        Harm::Gone => steady.deviation(),
        _ => resolution(centre, steady.sorted(), overload.sorted()) / steady.taken().sqrt(),
    };
    steady.spread().max(grain) + FLOOR * centre.abs().max(level.abs())
}

fn harmful(change: f64, harm: Harm) -> f64 {
    match harm {
        Harm::Up => change.max(0.0),
        Harm::Down | Harm::Gone => (-change).max(0.0),
        Harm::Both => change.abs(),
    }
}

/// What a change is relative to: the root mean square of the steady samples, which is the size of a steady
/// metric, and of one that rests most of the time its size while it works. A latency does not rest (without a request there
/// is none), and a few slow requests would be most of its root mean square: of it it is the median. Of a flag of presence it
/// is what the steady state lost of it, at least a hundredth of it: as of errors, that there are any says most.
fn base(steady: &Sample, centre: f64, nature: Nature) -> f64 {
    match nature.harm {
        Harm::Gone => steady.deviation().max(centre.abs() / SIZE_CAP),
        _ if nature.latency && centre > 0.0 => centre,
        _ => steady.mean().hypot(steady.deviation()),
    }
}

/// Rounding that makes two values of a computed metric (a quantile, a rate) no different ones, relative to their size.
const ROUNDING: f64 = 1e-9;

/// Distance from `centre` of the nearest value of two ascending samples that differs from it by more than rounding; 0 when
/// none does. Cost: O(log n).
pub(super) fn resolution(centre: f64, a: &[f64], b: &[f64]) -> f64 {
    let same = ROUNDING * centre.abs();
    let nearest = |sorted: &[f64]| {
        let below = sorted[..sorted.partition_point(|v| *v < centre - same)].last().map(|v| centre - v);
        let above = sorted[sorted.partition_point(|v| *v <= centre + same)..].first().map(|v| v - centre);
        below.unwrap_or(f64::INFINITY).min(above.unwrap_or(f64::INFINITY))
    };
    let least = nearest(a).min(nearest(b));
    if least.is_finite() { least } else { 0.0 }
}
