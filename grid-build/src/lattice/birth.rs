//! Counters that begin midway although their target was scraped before: they stood at zero until then.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use grid::Name;
use rayon::prelude::*;

use super::lay::Laying;
use super::reach::{NONE, pick};
use crate::counters::{began_at_zero, metric_of};
use crate::series::{Clock, Series, Target};

/// At which ticks a target was there.
pub(super) type Scraped = Vec<bool>;

/// The scrapes of its target, for each series (by its name) that was born midway.
pub(super) type Births = BTreeMap<Box<str>, Arc<Scraped>>;

/// Finds the counters that were born midway. A client library makes a counter with labels at its first use, so the
/// first errors are a series that was not there before: it counts from zero at the scrapes of its target (`job` and
/// `instance`) that did not show it. A series of no target, the first one of a target, and one whose first values
/// are those of a counter that had run for long, begins with a gap.
pub(super) fn births(series: &[Series], laying: &Laying<'_>) -> Births {
    let first = |one: &Series| one.run.clock.first().copied().unwrap_or(i64::MAX);
    let counts = |one: &Series| laying.decisions.get(&*metric_of(&one.name)).is_some_and(|d| d.is_counter());
    let late = |one: &Series| first(one) > laying.lattice.start_ms && began_at_zero(&one.run.values) && counts(one);
    let late: Vec<&Series> = series.par_iter().filter(|one| late(one)).collect();
    if late.is_empty() {
        return Births::new();
    }
    let target = |one: &Series| Target::of(&Name::parse(&one.name));
    let targets: HashSet<Target> = late.par_iter().filter_map(|one| target(one)).collect();
    // The clocks of a target, which are few, whatever the number of its series.
    let mut clocks: HashMap<&Target, Vec<&Clock>> = HashMap::new();
    let own: Vec<Option<&Target>> = series.par_iter().map(|one| targets.get(&target(one)?)).collect();
    let mut seen = HashSet::new();
    for (one, own) in series.iter().zip(own) {
        if let Some(own) = own.filter(|own| seen.insert((*own, one.run.clock.as_ptr()))) {
            clocks.entry(own).or_default().push(&one.run.clock);
        }
    }
    let mut scraped: HashMap<&Target, Arc<Scraped>> = HashMap::new();
    let mut births = Births::new();
    for one in late {
        let Some((own, clocks)) = target(one).and_then(|own| clocks.get_key_value(&own)) else { continue };
        if clocks.iter().filter_map(|clock| clock.first()).any(|begun| *begun < first(one)) {
            let scraped = scraped.entry(own).or_insert_with(|| scrapes(clocks, laying).into());
            births.insert(one.name.clone(), scraped.clone());
        }
    }
    births
}

/// At which ticks any of the clocks of a target has a sample.
fn scrapes(clocks: &[&Clock], laying: &Laying<'_>) -> Scraped {
    let mut there = vec![false; laying.lattice.ticks];
    for clock in clocks {
        let picks = pick(clock, &laying.lattice, laying.reach);
        there.iter_mut().zip(picks).for_each(|(there, at)| *there |= at != NONE);
    }
    there
}
