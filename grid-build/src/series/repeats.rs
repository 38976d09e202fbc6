//! Samples that only repeat: a server that was asked more often than it scraped answers with the last scrape again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use grid::Name;

use super::Target;
use super::samples::room;
use super::store::{Clock, Series};
use crate::counters::Kind;

/// How often some series change, and how often they have samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Repeats {
    pub(crate) changes_ms: i64,
    pub(crate) samples_ms: i64,
    pub(crate) series: usize,
}

/// Every n-th sample is a scrape, from the one at `phase` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Scrapes {
    every: usize,
    phase: usize,
}

/// No more samples than this are looked at.
const LOOK: usize = 512;
/// And no fewer changes than this say how often a target was scraped.
const CHANGES: usize = 5;

/// Leaves out samples that only repeat the one before, where all series of a target change at every n-th sample at
/// most: then that is how often it was scraped.
pub(crate) fn leave_out_repeats(series: &mut [Series]) -> Vec<Repeats> {
    let mut groups: HashMap<(Option<Target>, *const i64), Vec<u32>> = HashMap::new();
    for (at, one) in series.iter().enumerate() {
        if one.kind != Some(Kind::Column) && one.run.clock.len() > CHANGES {
            let target = Target::of(&Name::parse(&one.name));
            groups.entry((target, one.run.clock.as_ptr())).or_default().push(at as u32);
        }
    }
    let mut repeats: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    let mut thinned: HashMap<(*const i64, Scrapes), Clock> = HashMap::new();
    for ((_, clock), members) in groups {
        let Some(scrapes) = scrapes(members.iter().map(|&at| series[at as usize].run.values.as_slice())) else {
            continue;
        };
        let old = series[members[0] as usize].run.clock.clone();
        let new = thinned.entry((clock, scrapes)).or_insert_with(|| scrapes.of(&old).collect::<Vec<i64>>().into());
        let spacing = |times: &[i64]| (times[times.len() - 1] - times[0]) / (times.len() as i64 - 1);
        *repeats.entry((spacing(new), spacing(&old))).or_default() += members.len();
        for at in members {
            let run = &mut series[at as usize].run;
            let mut values = room(new.len());
            values.extend(scrapes.of(&run.values));
            (run.clock, run.values) = (Arc::clone(new), values);
        }
    }
    let told = |((changes_ms, samples_ms), series)| Repeats { changes_ms, samples_ms, series };
    repeats.into_iter().map(told).collect()
}

impl Scrapes {
    fn of<T: Copy>(self, samples: &[T]) -> impl Iterator<Item = T> {
        samples.iter().copied().skip(self.phase).step_by(self.every)
    }
}

/// At which samples the series change: none where two neighbours do, where there are few changes, or where most are
/// farther apart than the others would have them.
fn scrapes<'a>(series: impl Iterator<Item = &'a [f64]>) -> Option<Scrapes> {
    let mut changed = [false; LOOK];
    for values in series {
        for (at, pair) in values.windows(2).take(LOOK - 2).enumerate() {
            if (pair[0] - pair[1]).abs() > 0.0 {
                let at = at + 1;
                if changed[at - 1] || changed[at + 1] {
                    return None;
                }
                changed[at] = true;
            }
        }
    }
    let places: Vec<usize> = (0..LOOK).filter(|&at| changed[at]).collect();
    let gaps: Vec<usize> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let every = gaps.iter().copied().reduce(divisor)?;
    let exact = gaps.iter().filter(|gap| **gap == every).count();
    let sure = every > 1 && places.len() >= CHANGES && 2 * exact > gaps.len();
    sure.then(|| Scrapes { every, phase: places[0] % every })
}

/// The greatest common divisor (Euclid).
fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_series_of_a_target_says_how_often_it_was_scraped() {
        let busy: Vec<f64> = (0..60).map(|t| f64::from((t + 3) / 5)).collect();
        let idle: Vec<f64> = (0..60).map(|t| f64::from(u8::from(t >= 27))).collect();
        let both = [busy.as_slice(), idle.as_slice()];
        assert_eq!(scrapes(both.into_iter()), Some(Scrapes { every: 5, phase: 2 }));
        let other: Vec<f64> = (0..60).map(|t| f64::from((t + 2) / 5)).collect();
        assert_eq!(scrapes([busy.as_slice(), other.as_slice()].into_iter()), None);
    }

    #[test]
    fn seldom_changes_say_nothing() {
        let seldom: Vec<f64> = (0..60).map(|t| f64::from(t / 20)).collect();
        assert_eq!(scrapes([seldom.as_slice()].into_iter()), None);
        let uneven: Vec<f64> =
            (0..60).map(|t| [2, 4, 10, 20, 32, 44].iter().filter(|c| **c <= t).count() as f64).collect();
        assert_eq!(scrapes([uneven.as_slice()].into_iter()), None);
    }

    #[test]
    fn missing_samples_are_no_changes() {
        let missing: Vec<f64> = (0..60).map(|t| if t > 30 { f64::NAN } else { f64::from(t / 5) }).collect();
        assert_eq!(scrapes([missing.as_slice()].into_iter()), Some(Scrapes { every: 5, phase: 0 }));
    }
}
