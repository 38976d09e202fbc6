//! What differs between a metric's steady and overload samples.
//!
//! * `deviation`: how far the overload lies from the steady state, in units of its spread.
//! * [`tail`]: harm that fills only a part of the overload.
//! * `onset`: the row from which it did.
//! * `silence`: how long it has had no sample, or no other one, at the end.

mod deviation;
mod onset;
mod silence;
pub mod tail;

use names::Harm;
use stats::Sample;

pub use deviation::{Deviation, LEVEL, SIZE_CAP, deviation};
pub use onset::onset;
pub use silence::{silence, standstill};

/// How a change of a metric is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    /// The direction that does harm.
    pub harm: Harm,
    /// True for a share of successes, which is judged by the failures it leaves: 100 % → 95.5 % is 0 → 4.5 % failed.
    pub success: bool,
    /// True for a count of errors, or of how often something waited or was held back at a limit, each of which is an event:
    /// where there were none, a few rows of them are no chance.
    pub events: bool,
    /// True for a latency, which is there only while something is asked for: it never rests, and its size is its median.
    pub latency: bool,
    /// True for what somebody met with, a latency, a wait or an error: more of it than ever before is harm in however few rows,
    /// while a burst of work is what a resource is there for.
    pub met: bool,
    /// True for what a load generator saw of the users: a burst that lasts is more of it, not one event.
    pub felt: bool,
}

impl Nature {
    /// Of what is only known to do harm in a direction.
    pub const fn plain(harm: Harm) -> Self {
        Nature { harm, success: false, events: false, latency: false, met: false, felt: false }
    }
}

impl From<Harm> for Nature {
    fn from(harm: Harm) -> Self {
        Nature::plain(harm)
    }
}

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
    /// Harmful change relative to the steady root mean square; infinite where that is 0.
    pub size: f64,
    /// The harmful change in the metric's unit.
    pub bad: f64,
    /// True where it fills only a part of the overload, and is no chance.
    pub part: bool,
    /// C, L and the denominator of the deviation.
    pub made_of: Option<(f64, f64, f64)>,
}

/// Compares `overload` with `steady`.
pub fn compare(steady: &Sample, overload: &Sample, nature: impl Into<Nature>) -> Change {
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
    let Some(deviation) = deviation(steady, overload, nature) else { return Change::default() };
    Change {
        pct_change: pct_change.filter(|v| v.is_finite()),
        pct_diff: Some(pct_diff),
        z: Some(deviation.z),
        harm: deviation.harm,
        size: deviation.size,
        bad: deviation.bad,
        part: deviation.part,
        made_of: Some(deviation.made_of),
    }
}

/// What a share of successes leaves.
const FAILURES: Nature = Nature { events: true, met: true, ..Nature::plain(Harm::Up) };

/// Compares shares of successes, of `whole`, by the shares of failures that they leave. The percentages are those
/// of the successes, z is negative where they fall.
pub fn compare_share(steady: &Sample, overload: &Sample, whole: f64) -> Change {
    let change = compare(steady, overload, Harm::Down);
    let failures = deviation(&steady.complement(whole), &overload.complement(whole), FAILURES);
    let Some(failures) = failures else { return change };
    let (centre, level, scale) = failures.made_of;
    let made_of = Some((whole - centre, whole - level, scale));
    let (harm, size, bad, part) = (failures.harm, failures.size, failures.bad, failures.part);
    Change { z: Some(0.0 - failures.z), harm, size, bad, part, made_of, ..change }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::deviation::resolution;

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
    fn rare_events_are_compared_with_their_root_mean_square() {
        assert_eq!(change(&[0.0, 0.0, 0.0, 4.0], &[2.0; 4], Harm::Up).size, 1.0);
        assert_eq!(change(&[0.0; 4], &[2.0; 4], Harm::Up).size, f64::INFINITY);
    }

    #[test]
    fn a_latency_is_compared_with_its_median() {
        let (steady, overload) = ([0.02, 0.02, 0.02, 0.02, 2.0], [0.5; 5]);
        let latency = Nature { latency: true, ..Nature::from(Harm::Up) };
        let size = |nature: Nature| compare(&Sample::new(&steady), &Sample::new(&overload), nature).size;
        assert!((size(latency) - 24.0).abs() < 1e-9 && size(Harm::Up.into()) < 0.6);
        assert_eq!(compare(&Sample::new(&[0.0; 5]), &Sample::new(&overload), latency).size, f64::INFINITY);
    }

    #[test]
    fn a_few_rows_of_events_are_likely_where_there_were_some() {
        let overload = [[0.0, 0.0, 0.0, 25.0]; 2].concat();
        let events = Nature { events: true, ..Nature::from(Harm::Up) };
        let harm = |steady: &[f64]| compare(&Sample::new(steady), &Sample::new(&overload), events).harm;
        assert!(harm(&[0.0; 20]) > 0.0 && harm(&[&[0.0; 19][..], &[1.0]].concat()) == 0.0);
    }

    #[test]
    fn a_few_rows_of_errors_are_events() {
        let (steady, overload) = ([0.0; 20], [[0.0, 0.0, 0.0, 25.0]; 5].concat());
        let errors = Nature { events: true, ..Nature::from(Harm::Up) };
        let found = compare(&Sample::new(&steady), &Sample::new(&overload), errors);
        assert_eq!((found.size, found.bad), (25.0, 6.25));
        assert_eq!(change(&steady, &overload, Harm::Up).harm, 0.0);
    }

    #[test]
    fn what_is_slower_than_ever_before_was_waited_for() {
        let (steady, overload) = ([&[1.0; 10][..], &[2.0; 10]].concat(), [&[1.5; 57][..], &[22.0; 3]].concat());
        let of = |nature: Nature| compare(&Sample::new(&steady), &Sample::new(&overload), nature);
        let latency = of(Nature { latency: true, met: true, ..Nature::from(Harm::Up) });
        assert!((latency.bad - 1.0).abs() < 1e-12 && latency.harm > 0.0 && !latency.part, "{latency:?}");
        assert_eq!(of(Harm::Up.into()).bad, 0.0);
    }

    #[test]
    fn the_harmless_way_does_no_harm() {
        let c = change(&[1.0, 2.0, 3.0], &[0.0, 0.0, 0.0], Harm::Up);
        assert!(c.z.unwrap() < 0.0 && c.harm == 0.0 && c.size == 0.0);
    }

    #[test]
    fn what_is_gone_has_changed_as_much_as_it_can() {
        assert_eq!(change(&[8.0; 5], &[2.0; 5], Harm::Down).size, 0.75);
        assert_eq!(change(&[1.0; 5], &[0.0; 5], Harm::Gone).size, SIZE_CAP);
    }

    #[test]
    fn what_is_there_for_a_part_of_the_time_is_not_gone() {
        let (whole, third) = ([1.0; 12], [1.0, 0.0, 1.0].repeat(4));
        let part = change(&whole, &third, Harm::Gone);
        assert!((part.size - SIZE_CAP / 3.0).abs() < 1e-9 && (part.bad - 1.0 / 3.0).abs() < 1e-9, "{part:?}");
        assert!(part.harm > 300.0 && part.harm < change(&whole, &[0.0; 12], Harm::Gone).harm, "{part:?}");
        // What was lost as often before has not changed, and one scrape more is little beside it.
        assert_eq!(change(&third, &third, Harm::Gone).harm, 0.0);
        assert!(change(&third, &[&third[..11], &[0.0]].concat(), Harm::Gone).harm < 0.5);
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
        assert_eq!(super::onset(&s, &overload, &c, o.quantile(0.75).unwrap()), Some(4));
        let still = compare(&s, &s, Harm::Up);
        assert_eq!(super::onset(&s, &steady, &still, s.quantile(0.75).unwrap()), None);
    }
}
