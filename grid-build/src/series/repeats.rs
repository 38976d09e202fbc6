//! Samples that only repeat: a server that was asked more often than it scraped answers with the last scrape again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use grid::Name;

use super::Target;
use super::samples::room;
use super::scrapes::Scrapes;
use super::store::{Clock, Series};
use crate::counters::Kind;

/// How often some series change, and how often they have samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Repeats {
    pub(crate) changes_ms: i64,
    pub(crate) samples_ms: i64,
    pub(crate) series: usize,
}

/// Which samples are kept, and the times of their scrapes.
type Kept = (Vec<usize>, Clock);

/// The schedule is found in no more samples than this; all changes are then held against it.
const LOOK: usize = 512;
/// Where so many samples in a row change, most do.
const RUN: usize = 8;

/// Leaves out samples that only repeat the one before, where all series of a target change as those of even scrapes do, less
/// often than there are samples: then that is how often it was scraped. Where one change is off that schedule, nothing is left out.
pub(crate) fn leave_out_repeats(series: &mut [Series]) -> Vec<Repeats> {
    let mut groups: HashMap<(Option<Target>, *const i64), Vec<u32>> = HashMap::new();
    for (at, one) in series.iter().enumerate() {
        if one.kind != Some(Kind::Column) && one.run.clock.len() > 2 {
            let target = Target::of(&Name::parse(&one.name));
            groups.entry((target, one.run.clock.as_ptr())).or_default().push(at as u32);
        }
    }
    let mut repeats: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    let mut thinned: HashMap<(*const i64, [u64; 2]), Kept> = HashMap::new();
    for ((_, clock), members) in groups {
        let old = series[members[0] as usize].run.clock.clone();
        let values = || members.iter().map(|&at| series[at as usize].run.values.as_slice());
        let Some(scrapes) = scrapes_of(values, &old) else { continue };
        let (kept, new) = thinned.entry((clock, scrapes.bits())).or_insert_with(|| {
            let (kept, times_ms) = scrapes.seen(&old);
            (kept, times_ms.into())
        });
        let spacing_ms = (old[old.len() - 1] - old[0]) / (old.len() as i64 - 1);
        *repeats.entry((scrapes.every_ms.round() as i64, spacing_ms)).or_default() += members.len();
        for at in members {
            let run = &mut series[at as usize].run;
            let mut values = room(new.len());
            values.extend(kept.iter().map(|&at| run.values[at]));
            (run.clock, run.values) = (Arc::clone(new), values);
        }
    }
    let told = |((changes_ms, samples_ms), series)| Repeats { changes_ms, samples_ms, series };
    repeats.into_iter().map(told).collect()
}

/// The scrapes that made the changes of the series, if even ones made them all.
fn scrapes_of<'a, I: Iterator<Item = &'a [f64]>>(series: impl Fn() -> I, times_ms: &[i64]) -> Option<Scrapes> {
    let scrapes = Scrapes::of(&changes(series(), LOOK.min(times_ms.len()))?, times_ms)?;
    if times_ms.len() <= LOOK {
        return Some(scrapes);
    }
    scrapes.through(&changes(series(), times_ms.len())?, times_ms)
}

/// At which of the first samples the series change; none where nearly all do.
fn changes<'a>(series: impl Iterator<Item = &'a [f64]>, look: usize) -> Option<Vec<usize>> {
    let mut changed = vec![false; look];
    for values in series {
        for (at, pair) in values[..look].windows(2).enumerate() {
            if (pair[0] - pair[1]).abs() > 0.0 {
                changed[at + 1] = true;
            }
        }
        if changed.chunk_by(|a, b| a == b).any(|run| run[0] && run.len() > RUN) {
            return None;
        }
    }
    Some((0..look).filter(|&at| changed[at]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The scrape interval and the first sample that sees one, of series with a sample each second.
    fn found<'a>(series: impl IntoIterator<Item = &'a [f64]>) -> Option<(f64, usize)> {
        let series: Vec<&[f64]> = series.into_iter().collect();
        let times_ms: Vec<i64> = (0..series[0].len() as i64).map(|at| at * 1000).collect();
        let scrapes = scrapes_of(|| series.iter().copied(), &times_ms)?;
        Some((scrapes.every_ms / 1e3, scrapes.seen(&times_ms).0[0]))
    }

    #[test]
    fn the_busiest_series_of_a_target_says_how_often_it_was_scraped() {
        let busy: Vec<f64> = (0..60).map(|t| f64::from((t + 3) / 5)).collect();
        let idle: Vec<f64> = (0..60).map(|t| f64::from(u8::from(t >= 27))).collect();
        let both = [busy.as_slice(), idle.as_slice()];
        assert_eq!(found(both), Some((5.0, 2)));
        let other: Vec<f64> = (0..60).map(|t| f64::from((t + 2) / 5)).collect();
        assert_eq!(found([busy.as_slice(), other.as_slice()]), None);
    }

    #[test]
    fn uneven_changes_are_no_scrapes() {
        let uneven: Vec<f64> = (0..60).map(|at| f64::from(at / 5 * 2 + i32::from(at % 5 > 0))).collect();
        assert_eq!(found([uneven.as_slice()]), None);
    }

    #[test]
    fn seldom_changes_say_nothing() {
        let seldom: Vec<f64> = (0..60).map(|t| f64::from(t / 20)).collect();
        assert_eq!(found([seldom.as_slice()]), None);
        let uneven: Vec<f64> =
            (0..60).map(|t| [2, 4, 10, 20, 32, 44].iter().filter(|c| **c <= t).count() as f64).collect();
        assert_eq!(found([uneven.as_slice()]), None);
    }

    #[test]
    fn missing_samples_are_no_changes() {
        let missing: Vec<f64> = (0..60).map(|t| if t > 30 { f64::NAN } else { f64::from(t / 5) }).collect();
        assert_eq!(found([missing.as_slice()]), Some((5.0, 0)));
    }

    #[test]
    fn a_change_off_the_schedule_shows_that_there_is_none() {
        let steady: Vec<f64> = (0..3000).map(|t| f64::from(t / 12)).collect();
        assert_eq!(found([steady.as_slice()]), Some((12.0, 0)));
        // Of a gauge that changes at each sample later on, or of another series that does so once.
        let busy: Vec<f64> = (0..1200).map(|t| f64::from(if t < 600 { t / 12 } else { t })).collect();
        assert_eq!(found([busy.as_slice()]), None);
        let once: Vec<f64> = (0..3000).map(|t| f64::from(u8::from(t >= 2001))).collect();
        assert_eq!(found([steady.as_slice(), once.as_slice()]), None);
    }

    #[test]
    fn an_interval_that_is_no_part_of_the_samples_holds_to_the_end() {
        let scraped: Vec<f64> = (0..90_000).map(|t| f64::from((t * 10 + 3) / 74)).collect();
        assert_eq!(found([scraped.as_slice()]).map(|found| found.0), Some(7.4));
    }
}
