//! How large each change is beside what it is a part of.
//!
//! * What a service takes that rested is relative to what it takes now: how many times the nothing that it took before says
//!   that there was no load, not that there is a fault.
//! * Memory and processor time are relative to what their service took of them, not to the part: a buffer that grew tenfold
//!   is nothing to a service a thousand times as large.
//! * All else is relative to its own steady state.

use std::collections::HashMap;

use names::Word;
use rayon::prelude::*;

use crate::cli::entry::Entry;
use crate::cli::ranking::Ranking;

/// What can be a part of the same: of one service a kind of resource in one unit, or by one name where that says no unit.
#[derive(PartialEq, Eq, Hash)]
struct Whole<'r> {
    service: Word,
    kind: &'r str,
    unit: &'r str,
    name: Option<Word>,
}

impl<'r> Whole<'r> {
    fn of(entry: &Entry<'r>) -> Option<Self> {
        let reading = entry.reading();
        // Of what is gone nothing is left to be compared.
        entry.metric.measure.overload.get()?;
        let has_parts = match reading.kind {
            "cpu" => true,
            // What is counted of memory are faults and collections, not what is held.
            "memory" => reading.counter != Some(true),
            _ => false,
        };
        let service = entry.place.service.filter(|_| has_parts && entry.is_taken())?;
        let name = reading.unit.is_empty().then_some(entry.meaning.own);
        Some(Whole { service, kind: reading.kind, unit: reading.unit, name })
    }
}

/// Sets the size of each metric's change.
pub(crate) fn set_sizes(ranking: &mut Ranking) {
    let (idle, wholes) = (idle(ranking), wholes(ranking));
    let size = |entry: Entry| {
        let own = entry.metric.measure.size;
        let is_idle = || entry.group().is_some_and(|group| idle.get(&group) == Some(&true));
        if entry.is_taken() && entry.rested() == Some(true) && is_idle() {
            return own.min(1.0);
        }
        match Whole::of(&entry).and_then(|whole| wholes.get(&whole)) {
            Some(whole) if *whole > 0.0 => own.min(entry.metric.measure.bad / whole),
            _ => own,
        }
    };
    let sizes: Vec<f64> = (0..ranking.metrics.list.len()).into_par_iter().map(|at| size(ranking.at(at))).collect();
    ranking.standings.iter_mut().zip(sizes).for_each(|(standing, size)| standing.size = size);
}

/// Of each group whether it rested in steady state: of nothing that it takes in the overload it took more than next to
/// nothing.
fn idle(ranking: &Ranking) -> HashMap<Word, bool> {
    let mut groups = HashMap::new();
    for entry in ranking.by_name().filter(|entry| entry.is_taken() && !entry.place.caller) {
        if let Some((group, rested)) = entry.group().zip(entry.rested()) {
            *groups.entry(group).or_insert(true) &= rested;
        }
    }
    groups
}

/// The largest steady level of each whole.
fn wholes<'r>(ranking: &'r Ranking) -> HashMap<Whole<'r>, f64> {
    let mut wholes = HashMap::new();
    for entry in ranking.by_name() {
        if let Some((whole, steady)) = Whole::of(&entry).zip(entry.metric.measure.steady.get()) {
            let most = wholes.entry(whole).or_insert(0.0_f64);
            *most = most.max(steady);
        }
    }
    wholes
}
