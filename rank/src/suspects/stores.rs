//! Who waits for databases and caches where nobody says who calls them.
//!
//! A store answers and asks nobody. So whoever waits may wait for it: a service that is there, and of which something else
//! changed most than what it takes of the processor or of memory. But a store that was asked for more than before has its load
//! from those who asked.

use std::collections::{BTreeMap, HashMap};

use crate::calls::MOVED;
use crate::keyed::by_key;
use crate::score::grew;
use crate::verdict::Verdict;
use names::{Exposer, Role, Word, WordMap};
use rayon::prelude::*;
use stats::{quantile, sorted};

use crate::suspects::entry::{By, Entry};
use crate::suspects::ranking::Ranking;

/// The calls that can be taken for granted, (caller, callee), between the services that moved; of each of all `suspects` is the
/// number of its best. None of a store whose calls are `known`.
pub(crate) fn calls<'r>(
    ranking: &'r Ranking,
    suspects: &'r BTreeMap<String, usize>,
    known: &[(String, String)],
) -> Vec<(&'r str, &'r str)> {
    if !are_known(ranking) {
        return Vec::new();
    }
    let exposers = exposers(ranking);
    let asked = asked(ranking, &exposers);
    let entries = suspects.iter().map(|(service, at)| (service.as_str(), ranking.at(*at)));
    let moved = entries.filter(|(_, entry)| entry.standing.score.get() > Some(MOVED));
    let exposer = |entry: &Entry| entry.group().and_then(|service| exposers.get(&service));
    let (silent, others): (Vec<_>, Vec<_>) = moved.partition(|(_, entry)| exposer(entry).is_some());
    let is_known = |store: &str| known.iter().any(|(_, callee)| callee == store);
    let was_asked_for_more = |entry: &Entry| {
        let growth = entry.group().and_then(|store| asked.get(&store));
        growth.is_some_and(|growth| grew(Role::Driver, *growth, None))
    };
    // What is large by chance alone keeps nobody waiting.
    let changed = changed(ranking);
    let did_change = |entry: &Entry| {
        ranking.verdict != Verdict::Worse || entry.group().is_some_and(|store| changed.contains_key(&store))
    };
    let stores = silent.into_iter().filter(|(store, entry)| {
        let is_store = exposer(entry) == Some(&Exposer::Store);
        is_store && did_change(entry) && !is_known(store) && !was_asked_for_more(entry)
    });
    let stores: Vec<&str> = stores.map(|(store, _)| store).collect();
    let callers = others.into_iter().filter(|(_, entry)| entry.role() != Role::Cause && !entry.is_gone());
    callers.flat_map(|(caller, _)| stores.iter().map(move |store| (caller, *store))).collect()
}

/// True where a store may be among the services.
pub(crate) fn are_known(ranking: &Ranking) -> bool {
    let mut meanings = ranking.metrics.book.meanings();
    ranking.by == By::Service && meanings.any(|meaning| meaning.reading.exposer == Some(Exposer::Store))
}

/// The services that are stores or machines by what they expose.
fn exposers(ranking: &Ranking) -> WordMap<Exposer> {
    let said = ranking.side_by_side().filter_map(|entry| Some((entry.place.service?, entry.reading().exposer?)));
    // A machine may have the name of the store that runs on it.
    by_key(said, |a, b| if a == Exposer::Store { a } else { b })
}

/// The services of which something changed for the worse beyond chance.
fn changed(ranking: &Ranking) -> WordMap<()> {
    let moved = ranking.side_by_side().filter(|entry| entry.standing.moved);
    by_key(moved.filter_map(|entry| Some((entry.group()?, ()))), |(), ()| ())
}

/// By how much of itself the traffic of each store grew: the median over all that moved.
fn asked(ranking: &Ranking, exposers: &WordMap<Exposer>) -> HashMap<Word, f64> {
    let change = |entry: Entry| {
        let service = entry.place.service.filter(|service| exposers.get(service) == Some(&Exposer::Store))?;
        let is_asked = entry.reading().kind == "traffic" && !entry.place.caller;
        let change = entry.metric.measure.pct_change.get().filter(|change| is_asked && *change != 0.0)?;
        Some((service, change / 100.0))
    };
    let changes: Vec<(Word, f64)> = ranking.side_by_side().filter_map(change).collect();
    let mut of_each: HashMap<Word, Vec<f64>> = HashMap::new();
    changes.into_iter().for_each(|(store, change)| of_each.entry(store).or_default().push(change));
    of_each.into_iter().filter_map(|(store, all)| Some((store, quantile(&sorted(&all), 0.5)?))).collect()
}
