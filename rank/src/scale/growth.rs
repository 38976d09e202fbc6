//! How a metric grows with load: its elasticity, its knee, and where it leaves its line.

use crate::scale::line::{Line, knee, theil_sen};
use names::{Harm, Role};
use stats::{quantile, sorted};

/// How a metric would grow with load if the system scaled linearly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ideal {
    /// The exponent: 1 for what is used or served in proportion, 0 for what should stay; `None` for what is free,
    /// which falls as it is used, by no power of the load.
    pub exponent: Option<f64>,
    /// 1 where more than that is worse, −1 where less is.
    pub sign: f64,
}

/// The ideal of a metric by its kind: traffic 1 (less is worse); latency 0 (more is worse);
/// availability and presence 0 (less is worse); what is free none; all else, a use of resources, 1 (more is worse). A `sum` of
/// latencies counts as use: it is the number of requests at work at once. So do handles and settings,
/// which are drivers that nobody expects to grow with the load.
pub fn ideal(harm: Harm, role: Role, kind: &str, name: &str) -> Ideal {
    let total = name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == "sum" || word == "total");
    match (role, harm) {
        (Role::Driver, _) if !["handles", "setting", "maximum"].contains(&kind) => {
            Ideal { exponent: Some(1.0), sign: -1.0 }
        }
        (_, Harm::Down) if kind != "availability" => Ideal { exponent: None, sign: -1.0 },
        (_, Harm::Down | Harm::Gone) => Ideal { exponent: Some(0.0), sign: -1.0 },
        _ if kind == "latency" && !total => Ideal { exponent: Some(0.0), sign: 1.0 },
        _ => Ideal { exponent: Some(1.0), sign: 1.0 },
    }
}

/// A metric's growth over a sweep of loads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Growth {
    /// Levels with a positive load and a value.
    pub levels: usize,
    /// Value at the lowest load, and at the highest.
    pub ends: Option<(f64, f64)>,
    /// Slope of log value on log load, and its 95 % interval.
    pub elasticity: Option<(f64, f64, f64)>,
    /// Log value at load 1 of the line with that slope.
    pub intercept: Option<f64>,
    /// Load of the knee, slope before and after it.
    pub knee: Option<(f64, f64, f64)>,
    /// How much worse than linear: `sign · (slope − exponent)` of the whole sweep or beyond the
    /// knee, whichever is more.
    pub worse: Option<f64>,
    /// First load at which it left its line, for the worse.
    pub left_at: Option<f64>,
}

impl Growth {
    /// What the line gives at a load: `exp(intercept) · load^slope`.
    pub fn line_at(&self, load: f64) -> Option<f64> {
        self.elasticity.zip(self.intercept).map(|((slope, ..), intercept)| (intercept + slope * load.ln()).exp())
    }
}

/// One step of the load at which a metric left its line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The load.
    pub load: f64,
    /// What the line through the lower loads gives.
    pub expected: f64,
    /// What was measured.
    pub actual: f64,
}

/// Fewest levels that make a line.
const LINE_POINTS: usize = 3;
/// A value is taken as at least this share of the largest, so that it has a logarithm.
const LEAST: f64 = 0.001;
/// No value of a sweep is taken as more exact than this, in log: 1 %.
const EXACT: f64 = 0.01;
/// A metric leaves its line when it is off by more than this in log, about 22 %…
const OFF: f64 = 0.2;
/// …and by more than this many robust deviations of the points before.
const DEVIATIONS: f64 = 3.0;

/// Levels in ascending order of load, without those that have no value or no positive load.
pub fn levels(load: &[f64], value: &[f64]) -> Vec<(f64, f64)> {
    let whole = |(n, v): &(f64, f64)| n.is_finite() && v.is_finite() && *n > 0.0;
    let mut points: Vec<(f64, f64)> = load.iter().copied().zip(value.iter().copied()).filter(whole).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    points
}

/// The noise of a metric: the median over its levels of the standard error of the mean there. What is below it cannot be
/// told from nothing. 0 where no level has one.
pub fn noise(errors: &[f64]) -> f64 {
    let known: Vec<f64> = errors.iter().copied().filter(|error| error.is_finite()).collect();
    quantile(&sorted(&known), 0.5).unwrap_or(0.0)
}

/// Elasticity, knee and how much worse than linear, of [`levels`].
///
/// Values are taken as at least a thousandth of the largest and at least the [`noise`], so that what is 0 at low load
/// can grow, and what is next to it does not seem to. A metric above 0 at fewer than three levels has no growth: one or
/// two values may be chance. Cost: O(n² log n) for n levels.
pub fn growth(points: &[(f64, f64)], noise: f64, ideal: Ideal) -> Growth {
    let ends = points.first().zip(points.last()).map(|(a, b)| (a.1, b.1));
    let mut growth = Growth { levels: points.len(), ends, ..Growth::default() };
    let worse = |step: &Step| ideal.sign * (step.actual - step.expected) > 0.0;
    growth.left_at = steps(points, noise).into_iter().find(worse).map(|step| step.load);
    let above = points.iter().filter(|point| point.1 > 0.0).count();
    let Some((x, y)) = logs(points, noise).filter(|_| above >= LINE_POINTS) else { return growth };
    let Some(line) = theil_sen(&x, &y).filter(|_| x.len() >= LINE_POINTS) else { return growth };
    let bend = knee(&x, &y, EXACT);
    growth.elasticity = Some((line.slope, line.interval.0, line.interval.1));
    growth.intercept = Some(line.intercept);
    growth.knee = bend.map(|k| (k.at.exp(), k.before, k.after));
    growth.worse = ideal.exponent.map(|exponent| {
        let excess = |slope: f64| ideal.sign * (slope - exponent);
        bend.map_or(excess(line.slope), |k| excess(line.slope).max(excess(k.after)))
    });
    growth
}

/// The steps of the load at which a metric left the line through all lower loads: Theil and Sen's
/// line of log value on log load from the third load on, left by more than 22 % and three robust
/// deviations. Once left, the line keeps to the loads before.
pub fn steps(points: &[(f64, f64)], noise: f64) -> Vec<Step> {
    let Some((x, y)) = logs(points, noise) else { return Vec::new() };
    let (mut kept_x, mut kept_y, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for (i, (n, v)) in x.iter().zip(&y).enumerate() {
        let distinct = kept_x.windows(2).filter(|w| w[0] < w[1]).count() + 1;
        let line = if distinct < LINE_POINTS { None } else { theil_sen(&kept_x, &kept_y) };
        let off = line.map(|line| (line.intercept + line.slope * n, tolerance(&line, &kept_x, &kept_y)));
        match off {
            Some((expected, tolerance)) if (v - expected).abs() > tolerance => {
                left.push(Step { load: points[i].0, expected: expected.exp(), actual: points[i].1 });
            }
            _ => {
                kept_x.push(*n);
                kept_y.push(*v);
            }
        }
    }
    left
}

fn tolerance(line: &Line, x: &[f64], y: &[f64]) -> f64 {
    let mut off: Vec<f64> = x.iter().zip(y).map(|(a, b)| (b - line.intercept - line.slope * a).abs()).collect();
    off.sort_by(f64::total_cmp);
    OFF.max(DEVIATIONS * 1.4826 * off[off.len() / 2])
}

/// Logarithms of load and value; `None` when no value is positive.
fn logs(points: &[(f64, f64)], noise: f64) -> Option<(Vec<f64>, Vec<f64>)> {
    let most = points.iter().map(|p| p.1).max_by(f64::total_cmp).filter(|v| *v > 0.0)?;
    let x = points.iter().map(|p| p.0.ln()).collect();
    let y = points.iter().map(|p| p.1.max(LEAST * most).max(noise).ln()).collect();
    Some((x, y))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COST: Ideal = Ideal { exponent: Some(1.0), sign: 1.0 };
    const LOADS: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

    fn sweep(f: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        levels(&LOADS, &LOADS.map(f))
    }

    #[test]
    fn powers_have_their_exponent_as_elasticity() {
        let g = growth(&sweep(|n| 3.0 * n.powf(1.5)), 0.0, COST);
        assert!((g.elasticity.unwrap().0 - 1.5).abs() < 1e-12 && (g.worse.unwrap() - 0.5).abs() < 1e-12);
        assert_eq!((g.knee, g.left_at), (None, None));
        assert!((g.line_at(100.0).unwrap() - 3000.0).abs() < 1e-9 && Growth::default().line_at(1.0).is_none());
    }

    #[test]
    fn a_queue_that_appears_is_worse_than_a_line() {
        let g = growth(&sweep(|n| if n > 10.0 { n * n } else { 0.0 }), 0.0, COST);
        assert!(g.worse.unwrap() > 1.0, "{g:?}");
        assert_eq!(g.left_at, Some(16.0));
    }

    #[test]
    fn throughput_that_flattens_is_worse_than_linear() {
        let yields = ideal(Harm::Up, Role::Driver, "traffic", "rps");
        let g = growth(&sweep(|n| n.min(10.0)), 0.0, yields);
        assert!(g.worse.unwrap() > 0.9, "{g:?}");
        assert_eq!(
            steps(&sweep(|n| n.min(10.0)), 0.0)[0],
            Step { load: 16.0, expected: steps(&sweep(|n| n.min(10.0)), 0.0)[0].expected, actual: 10.0 }
        );
    }

    #[test]
    fn sums_of_latency_are_use_and_latencies_should_stay() {
        assert_eq!(ideal(Harm::Up, Role::Symptom, "latency", "request_duration_seconds_sum").exponent, Some(1.0));
        assert_eq!(ideal(Harm::Up, Role::Symptom, "latency", "latency_p90").exponent, Some(0.0));
    }

    #[test]
    fn what_is_set_need_not_grow() {
        let constant =
            |kind| growth(&sweep(|_| 16.0), 0.0, ideal(Harm::Up, Role::Driver, kind, "workers")).worse.unwrap();
        assert_eq!(["setting", "handles", "traffic"].map(constant), [-1.0, -1.0, 1.0]);
    }

    #[test]
    fn one_or_two_values_above_nothing_are_no_growth_but_leave_their_line() {
        let g = growth(&sweep(|n| if n > 20.0 { n } else { 0.0 }), 0.0, COST);
        assert_eq!((g.elasticity, g.worse, g.left_at), (None, None, Some(32.0)));
    }

    #[test]
    fn what_is_below_its_own_noise_does_not_grow() {
        let values = sweep(|n| 0.01 * n.powf(1.5));
        let worse = |noise| growth(&values, noise, COST).worse.unwrap();
        assert!((worse(0.0) - 0.5).abs() < 1e-9);
        assert_eq!(worse(noise(&[9.0, f64::NAN, 8.0, 20.0])), -1.0);
    }

    #[test]
    fn what_is_free_has_no_growth_to_expect() {
        let free = ideal(Harm::Down, Role::Cause, "cpu", "cpu_idle");
        let g = growth(&sweep(|n| 1.0 - n / 100.0), 0.0, free);
        assert!(g.worse.is_none() && g.elasticity.is_some() && g.left_at.is_some());
        assert_eq!(ideal(Harm::Down, Role::Symptom, "availability", "up").exponent, Some(0.0));
    }

    #[test]
    fn without_positive_values_nothing_grows() {
        assert_eq!(growth(&sweep(|_| 0.0), 0.0, COST).elasticity, None);
        assert_eq!(growth(&levels(&[1.0, f64::NAN, 0.0], &[1.0; 3]), 0.0, COST).levels, 1);
    }
}
