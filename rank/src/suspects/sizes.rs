//! How large each change is beside what it is a part of.
//!
//! * What a service takes that rested is relative to what it takes now: how many times the nothing that it took before says
//!   that there was no load, not that there is a fault.
//! * Memory and processor time are relative to what their service took of them, not to the part: a buffer that grew tenfold
//!   is nothing to a service a thousand times as large.
//! * All else is relative to its own steady state.

use crate::keyed::by_key;
use names::{Word, WordMap};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::suspects::entry::Entry;
use crate::suspects::ranking::Ranking;

/// What can be a part of the same: of one service a kind of resource in one unit, or by one name where that says no unit.
#[derive(PartialEq, Eq, Hash)]
struct Whole<'r> {
    service: Word,
    kind: Word,
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
        Some(Whole { service, kind: entry.meaning.kind, unit: reading.unit, name })
    }
}

/// Makes the sizes of changes, which are relative to the metric itself, relative to what it is a part of.
pub(crate) fn relate_sizes(ranking: &mut Ranking) {
    let (idle, wholes) = (idle(ranking), wholes(ranking));
    let smaller = |entry: Entry| {
        let (own, bad) = (entry.metric.measure.size, entry.metric.measure.bad);
        let is_idle = || entry.group().is_some_and(|group| idle.get(&group) == Some(&true));
        let size = if entry.is_taken() && entry.rested() == Some(true) && is_idle() {
            1.0
        } else {
            let whole = Whole::of(&entry).and_then(|whole| wholes.get(&whole).copied());
            bad / whole.filter(|whole| *whole > 0.0)?
        };
        (size < own).then_some((entry.at, size))
    };
    let smaller: Vec<(usize, f64)> = ranking.side_by_side().filter_map(smaller).collect();
    for (at, size) in smaller {
        ranking.metrics.list[at].measure.size = size;
    }
}

/// Of each group whether it rested in steady state: of nothing that it takes in the overload it took more than next to
/// nothing. Memory is held at rest as well, and nothing waits where enough work is done.
fn idle(ranking: &Ranking) -> WordMap<bool> {
    let tells = |entry: &Entry| entry.is_taken() && !["memory", "saturation"].contains(&entry.reading().kind);
    let taken = ranking.side_by_side().filter(|entry| tells(entry) && !entry.place.caller);
    by_key(taken.filter_map(|entry| entry.group().zip(entry.rested())), |a, b| a && b)
}

/// The largest steady level of each whole.
fn wholes<'r>(ranking: &'r Ranking) -> FxHashMap<Whole<'r>, f64> {
    let level = |entry: Entry<'r>| Whole::of(&entry).zip(entry.metric.measure.steady.get());
    by_key(ranking.side_by_side().filter_map(level), f64::max)
}
