//! Counters that begin anew again and again.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::decide::{Decision, metric_of};
use super::increase::is_reset;
use crate::notes::count;
use crate::series::Series;

/// Two targets behind one address, each asked by chance, make a fall of a quarter of the changes; an eighth leaves room
/// for those that are small and for one that is asked less often. A rollout restarts a target once, not thrice.
const SHARE: usize = 8;
const LEAST: usize = 3;

/// A word on counters that were reset at so many of their changes that no restarts are meant.
pub(crate) fn note_on_resets(series: &[Series], decisions: &BTreeMap<String, Decision<'_>>) -> Option<String> {
    let often = |one: &&Series| {
        let is_counter = decisions.get(&*metric_of(&one.name)).is_some_and(Decision::is_counter);
        let (resets, changes) = if is_counter { resets(&one.run.values) } else { (0, 0) };
        resets >= LEAST && resets * SHARE >= changes
    };
    let often: Vec<&Series> = series.par_iter().filter(often).collect();
    // The first name of the most resets, whatever the order of the series.
    let worst = often.iter().min_by_key(|one| (usize::MAX - resets(&one.run.values).0, &one.name))?;
    let (times, samples) = (resets(&worst.run.values).0, worst.run.values.len());
    let what = format!("{} {times} times in {}", worst.name, count(samples, "sample"));
    let why = "several targets behind one address, or one that keeps starting";
    Some(format!("{} reset again and again, {what}: {why}", count(often.len(), "counter")))
}

/// How often a counter was reset, and how often it changed.
fn resets(values: &[f64]) -> (usize, usize) {
    let (mut resets, mut changes, mut last) = (0, 0, f64::NAN);
    for &value in values.iter().filter(|value| !value.is_nan()) {
        resets += usize::from(value < last && is_reset(last, value));
        changes += usize::from((value - last).abs() > 0.0);
        last = value;
    }
    (resets, changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_and_changes_are_counted() {
        assert_eq!(resets(&[5.0, 5.0, f64::NAN, 1.0, 2.0, 1.99, 0.0]), (2, 4));
        assert_eq!(resets(&[]), (0, 0));
    }
}
