//! Counters that begin midway although their target was scraped before: they stood at zero until then.

use std::collections::{BTreeMap, HashMap, HashSet};

use grid::Name;
use rayon::prelude::*;

use super::lay::Laying;
use super::reach::{NONE, pick};
use crate::counters::{began_at_zero, metric_of};
use crate::series::{Series, Target};

/// At which ticks a target was there.
pub(super) type Scraped = Vec<bool>;

/// The scrapes of its target, for each series (by its place) that was born midway.
pub(super) type Births = BTreeMap<usize, Scraped>;

/// Finds the counters that were born midway. A client library makes a counter with labels at its first use, so the
/// first errors are a series that was not there before: it counts from zero at the scrapes of its target (`job` and
/// `instance`) that did not show it. A series of no target, the first one of a target, and one whose first values
/// are those of a counter that had run for long, begins with a gap.
pub(super) fn births(series: &[Series], laying: &Laying<'_>) -> Births {
    let first = |one: &Series| one.run.clock.first().copied().unwrap_or(i64::MAX);
    let counts = |one: &Series| laying.decisions.get(&metric_of(&one.name)).is_some_and(|d| d.is_counter());
    let late = |one: &Series| first(one) > laying.lattice.start_ms && began_at_zero(&one.run.values) && counts(one);
    let late: Vec<bool> = series.par_iter().map(late).collect();
    if !late.contains(&true) {
        return Births::new();
    }
    let targets: Vec<Option<Target>> = series.par_iter().map(|one| Target::of(&Name::parse(&one.name))).collect();
    let mut begun: HashMap<&Target, i64> = HashMap::new();
    for (one, target) in series.iter().zip(&targets) {
        let Some(target) = target else { continue };
        let begin = begun.entry(target).or_insert(i64::MAX);
        *begin = first(one).min(*begin);
    }
    let born = |at: &usize| late[*at] && targets[*at].as_ref().is_some_and(|t| begun[t] < first(&series[*at]));
    let born: Vec<usize> = (0..series.len()).filter(born).collect();
    let mut scraped: HashMap<&Target, Scraped> = HashMap::new();
    for target in born.iter().filter_map(|&at| targets[at].as_ref()) {
        scraped.entry(target).or_insert_with(|| scrapes(series, &targets, target, laying));
    }
    born.into_iter().filter_map(|at| Some((at, scraped[targets[at].as_ref()?].clone()))).collect()
}

/// At which ticks any series of the target has a sample.
fn scrapes(series: &[Series], targets: &[Option<Target>], target: &Target, laying: &Laying<'_>) -> Scraped {
    let mut there = vec![false; laying.lattice.ticks];
    let mut seen = HashSet::new();
    for (one, _) in series.iter().zip(targets).filter(|(_, own)| own.as_ref() == Some(target)) {
        if seen.insert(one.run.clock.as_ptr()) {
            let picks = pick(&one.run.clock, &laying.lattice, laying.reach);
            there.iter_mut().zip(picks).for_each(|(there, at)| *there |= at != NONE);
        }
    }
    there
}
