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

/// Of every so many samples those at `phases` are scrapes: one, where the samples are a whole part of the scrape interval
/// apart; several, as 2 of 3 for samples every 10 s of scrapes every 15 s.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Scrapes {
    every: usize,
    phases: Vec<usize>,
}

/// No more samples than this are looked at.
const LOOK: usize = 512;
/// And no fewer changes than this say how often a target was scraped.
const CHANGES: usize = 5;
/// Patterns of up to so many scrapes are known by their coming thrice.
const PATTERN: usize = 8;

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
        let new = thinned.entry((clock, scrapes.clone())).or_insert_with(|| scrapes.clock(&old).into());
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
    fn of<'a, T: Copy>(&'a self, samples: &'a [T]) -> impl Iterator<Item = T> + 'a {
        samples.chunks(self.every).flat_map(|chunk| self.phases.iter().filter_map(|&at| chunk.get(at).copied()))
    }

    /// When the scrapes were. They were even, and each was seen by the next sample: a sample is late by the part of the
    /// spacing that the evenness leaves, less what all are late by.
    fn clock(&self, times_ms: &[i64]) -> Vec<i64> {
        let spacing_ms = (times_ms[times_ms.len() - 1] - times_ms[0]) / (times_ms.len() as i64 - 1);
        let late_ms: Vec<i64> = self.late().map(|late| (late * spacing_ms as f64).round() as i64).collect();
        self.of(times_ms).zip(late_ms.into_iter().cycle()).map(|(time, late)| time - late).collect()
    }

    /// How late each scrape of a pattern is seen, in samples.
    fn late(&self) -> impl Iterator<Item = f64> + '_ {
        let even = self.every as f64 / self.phases.len() as f64;
        let after = move |(at, phase): (usize, &usize)| *phase as f64 - at as f64 * even;
        let least = self.phases.iter().enumerate().map(after).fold(f64::INFINITY, f64::min);
        self.phases.iter().enumerate().map(move |one| after(one) - least)
    }
}

/// At which samples the series change: none where they do at nearly all, where there are few changes, or where these are
/// neither even nor of a pattern that even scrapes make.
fn scrapes<'a>(series: impl Iterator<Item = &'a [f64]>) -> Option<Scrapes> {
    let mut changed = [false; LOOK];
    for values in series {
        for (at, pair) in values.windows(2).take(LOOK - 1).enumerate() {
            if (pair[0] - pair[1]).abs() > 0.0 {
                changed[at + 1] = true;
            }
        }
        if changed.chunk_by(|a, b| a == b).any(|run| run[0] && run.len() > PATTERN) {
            return None;
        }
    }
    let places: Vec<usize> = (0..LOOK).filter(|&at| changed[at]).collect();
    let gaps: Vec<usize> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
    even(&places, &gaps).or_else(|| pattern(&places, &gaps))
}

/// Every n-th sample, where most changes are so far apart and the others a multiple of it.
fn even(places: &[usize], gaps: &[usize]) -> Option<Scrapes> {
    let every = gaps.iter().copied().reduce(divisor)?;
    let exact = gaps.iter().filter(|gap| **gap == every).count();
    let sure = every > 1 && places.len() >= CHANGES && 2 * exact > gaps.len();
    sure.then(|| Scrapes { every, phases: vec![places[0] % every] })
}

/// The shortest pattern that all changes follow, of at least two, and that even scrapes make: none is late by a sample.
fn pattern(places: &[usize], gaps: &[usize]) -> Option<Scrapes> {
    let repeats = |length: &usize| gaps.iter().zip(&gaps[*length..]).all(|(a, b)| a == b);
    let most = PATTERN.min(gaps.len() / 3);
    let length = (2..=most).find(repeats).filter(|_| gaps.len() >= 2 * CHANGES)?;
    let every = gaps[..length].iter().sum();
    let mut phases: Vec<usize> = places[..length].iter().map(|place| place % every).collect();
    phases.sort_unstable();
    let scrapes = Scrapes { every, phases };
    let is_even = scrapes.late().all(|late| late < 1.0);
    is_even.then_some(scrapes)
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
        assert_eq!(scrapes(both.into_iter()), Some(Scrapes { every: 5, phases: vec![2] }));
        let other: Vec<f64> = (0..60).map(|t| f64::from((t + 2) / 5)).collect();
        assert_eq!(scrapes([busy.as_slice(), other.as_slice()].into_iter()), None);
    }

    #[test]
    fn samples_that_are_no_part_of_the_scrape_interval_show_a_pattern() {
        for (step, interval, every, phases) in
            [(10, 15, 3, vec![0, 2]), (10, 25, 5, vec![0, 3]), (12, 15, 5, vec![0, 2, 3, 4])]
        {
            let times: Vec<i64> = (0..60).map(|at| at * step).collect();
            let values: Vec<f64> = times.iter().map(|time| (time / interval) as f64).collect();
            let found = scrapes([values.as_slice()].into_iter()).unwrap();
            assert_eq!(found, Scrapes { every, phases }, "{step} of {interval}");
            let clock = found.clock(&times);
            assert!(clock.windows(2).all(|pair| pair[1] - pair[0] == interval) && clock[0] == 0, "{clock:?}");
        }
        let uneven: Vec<f64> = (0..60).map(|at| f64::from(at / 5 * 2 + i32::from(at % 5 > 0))).collect();
        assert_eq!(scrapes([uneven.as_slice()].into_iter()), None);
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
        assert_eq!(scrapes([missing.as_slice()].into_iter()), Some(Scrapes { every: 5, phases: vec![0] }));
    }
}
