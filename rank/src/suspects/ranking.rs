//! Scores the measured metrics and puts them in order.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::calls::{Calls, MOVED};
use crate::keyed::by_key;
use crate::known::Known;
use crate::measure::Found;
use crate::note::Note;
use crate::score::Strength;
use crate::verdict::{Q, Verdict};
use names::{Catalogue, Harm, Role, Word, WordMap};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use stats::adjust;

use crate::suspects::entry::{By, Charge, Entry, Standing};
use crate::suspects::limits::{Held, hold_to_limits};
use crate::suspects::metric::{Metric, Metrics, Place};
use crate::suspects::sizes::relate_sizes;
use crate::suspects::stores;
use crate::suspects::suspicion::{charge_the_still, judge, score};

/// The metrics of a comparison in order, best first, and what they say as a whole.
pub struct Ranking<'a> {
    /// What was measured.
    pub metrics: Metrics<'a>,
    /// Whose the series of each place are.
    pub places: Vec<Place>,
    /// Where each stands, in the order of names.
    pub standings: Vec<Standing>,
    /// What others say of each; nothing before they are scored.
    pub strengths: Vec<Strength>,
    /// What they say as a whole.
    pub verdict: Verdict,
    /// The numbers of those that changed too much to be passed over, whether or not it is proven.
    pub large: Vec<usize>,
    /// What they are grouped by.
    pub by: By,
    /// Of the metrics that are held to one, the limit and the share of it in use.
    pub limits: FxHashMap<u32, Held>,
    /// Stores that stand before those who wait for them, for no other reason.
    pub ahead: Vec<String>,
    apart: bool,
    order: Vec<u32>,
}

impl Ranking<'_> {
    /// How many metrics there are.
    pub fn count(&self) -> usize {
        self.order.len()
    }

    /// True where most metrics have no samples on one side, there are none, or the two states are hardly of one system: of what is
    /// on one side nothing is known.
    pub fn is_apart(&self) -> bool {
        let scored = self.side_by_side().filter(Entry::is_scored).count();
        self.apart || scored == 0 || 2 * scored < self.standings.len()
    }

    /// The metric at a place, counted from 0.
    pub fn entry(&self, place: usize) -> Entry<'_> {
        self.at(self.order[place] as usize)
    }

    /// All in order.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.count()).map(|place| self.entry(place))
    }

    /// The text of a word, where there is one.
    pub fn text(&self, word: Option<Word>) -> Option<&str> {
        word.map(|word| self.metrics.book.word(word))
    }

    /// The metric of a number, in the order of names.
    pub fn at(&self, at: usize) -> Entry<'_> {
        let metric = &self.metrics.list[at];
        let (meaning, place) = (self.metrics.meaning(metric), self.metrics.book.place(metric.header));
        let (place, standing) = (&self.places[place], &self.standings[at]);
        Entry { metric, meaning, place, standing, ranking: self, at }
    }

    /// All, in the order of names.
    pub fn by_name(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.metrics.list.len()).map(|at| self.at(at))
    }

    /// The same, for what is asked of each by itself.
    pub fn side_by_side(&self) -> impl IndexedParallelIterator<Item = Entry<'_>> {
        (0..self.metrics.list.len()).into_par_iter().map(|at| self.at(at))
    }
}

/// The score to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Order {
    /// Size of pct_change
    Pct,
    /// Size of pct_diff
    PctDiff,
    /// Size of z
    Z,
    /// Distance of effect from 0.5
    Effect,
    /// Deviation, relative size, share and support together
    Fused,
}

/// What decides on the order beside the metrics themselves.
pub struct Ways<'w> {
    /// What metrics are grouped by.
    pub by: By,
    /// The number of the users' symptom.
    pub when: Option<usize>,
    /// The score to sort by.
    pub order: Order,
    /// True where the two states are hardly of one system.
    pub apart: bool,
    /// The calls between services, (caller, callee).
    pub calls: &'w [(String, String)],
    /// How many of the first rows are looked at; those behind them are in no order, and their aspects have no numbers.
    pub depth: usize,
}

/// Scores the metrics, which stand in the order of their names, and puts them in order; ties by name.
pub fn rank<'a>(mut metrics: Metrics<'a>, places: Vec<Place>, catalogue: &Catalogue, ways: &Ways) -> Ranking<'a> {
    let limits = hold_to_limits(&mut metrics, catalogue);
    let mut standings = standings(&metrics);
    mark_drift(&metrics, &mut standings, ways.when);
    let (by, apart) = (ways.by, ways.apart);
    let (strengths, verdict, large) = (Vec::new(), Verdict::Quiet, Vec::new());
    let (ahead, order) = (Vec::new(), Vec::new());
    let mut ranking =
        Ranking { metrics, places, standings, strengths, verdict, large, by, limits, ahead, apart, order };
    relate_sizes(&mut ranking);
    ranking.verdict = judge(&mut ranking);
    // Where nothing is proven, what is largest is all there is to see.
    if ranking.verdict == Verdict::Worse {
        mark_chance(&mut ranking);
    }
    charge_the_still(&mut ranking);
    score(&mut ranking, ways.order);
    if ways.order == Order::Fused {
        put_callees_first(&mut ranking, ways.calls);
    }
    let score = |standing: &Standing| standing.score.get().unwrap_or(f64::NEG_INFINITY);
    let count = ranking.standings.len();
    let mut order: Vec<(f64, u32)> = ranking.standings.par_iter().map(score).zip(0..count as u32).collect();
    // Numbers are in the order of names.
    let before = |a: &(f64, u32), b: &(f64, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    let depth = ways.depth.min(count);
    if depth < count {
        order.select_nth_unstable_by(depth, before);
    }
    order[..depth].par_sort_unstable_by(before);
    ranking.order = order.into_iter().map(|(_, at)| at).collect();
    number_aspects(&mut ranking, depth);
    ranking
}

fn standings(metrics: &Metrics) -> Vec<Standing> {
    let mut q: Vec<f64> = metrics.list.par_iter().map(|m| m.measure.p.get().unwrap_or(f64::NAN)).collect();
    adjust(&mut q);
    let standing = |q: f64| {
        let (moved, chance, drift, charge) = (false, false, false, Charge::Labels);
        Standing { aspect: 0, q: q.into(), moved, chance, drift, charge, score: Known::NOTHING }
    };
    q.into_par_iter().map(standing).collect()
}

/// False discovery rate above which a change is more likely chance than not.
const CHANCE: f64 = 0.5;

/// Marks what is more likely chance than a change, though the rows are enough to prove one.
fn mark_chance(ranking: &mut Ranking) {
    let tests = tests(&ranking.standings);
    let Ranking { metrics, standings, .. } = ranking;
    let mark = |(standing, metric): (&mut Standing, &Metric)| {
        let m = &metric.measure;
        let lost = m.note == Note::Gone || metrics.meaning(metric).reading.harm == Harm::Gone;
        let unlikely = standing.q.get().is_some_and(|q| q > CHANCE);
        standing.chance = unlikely && least_q(m, tests) < Q && !m.part && !lost;
    };
    standings.par_iter_mut().zip(&metrics.list).for_each(mark);
}

/// How many changes have been tested.
pub(crate) fn tests(standings: &[Standing]) -> f64 {
    standings.par_iter().filter(|standing| standing.q.get().is_some()).count() as f64
}

/// The false discovery rate that a metric would have if none of its overload samples overlapped the steady ones.
pub(crate) fn least_q(found: &Found, tests: f64) -> f64 {
    found.least_p.get().map_or(1.0, |p| (p * tests).min(1.0))
}

/// Where the users' delay, the column `when`, is to date the fault, what had moved by the first row of the overload, a row or
/// more before that did, was moving before anything broke.
fn mark_drift(metrics: &Metrics, standings: &mut [Standing], when: Option<usize>) {
    let Some(when) = when else { return };
    let onset = |metric: &Metric| metric.measure.onset.get();
    if onset(&metrics.list[when]).is_none_or(|seconds| seconds <= 0.0) {
        return;
    }
    for (metric, standing) in metrics.list.iter().zip(standings) {
        standing.drift = metrics.meaning(metric).reading.harm != Harm::Gone && onset(metric) == Some(0.0);
    }
}

/// Puts the first metric of a callee before that of its callers: see [`Calls::order`].
fn put_callees_first(ranking: &mut Ranking, calls: &[(String, String)]) {
    if calls.is_empty() && !stores::are_known(ranking) {
        return;
    }
    let first = first_of_each_group(ranking);
    let granted = stores::calls(ranking, &first, calls);
    let mut number: HashMap<&str, usize> = first.keys().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let mut graph = Calls::default();
    let said = calls.iter().map(|(caller, callee)| (caller.as_str(), callee.as_str()));
    for (caller, callee) in said.chain(granted.iter().copied()) {
        let [caller, callee] = [caller, callee].map(|name| {
            let next = number.len();
            *number.entry(name).or_insert(next)
        });
        graph.add(caller, callee);
    }
    if graph.is_empty() {
        return;
    }
    let stores: HashSet<&str> = granted.iter().map(|(_, store)| *store).collect();
    let (services, places): (Vec<&String>, Vec<usize>) = first.iter().unzip();
    let mut scores: Vec<Option<f64>> = places.iter().map(|at| ranking.standings[*at].score.get()).collect();
    scores.resize(number.len(), None);
    let (mut raised, mut ahead, mut next) = (Vec::new(), Vec::new(), f64::NEG_INFINITY);
    for service in graph.order(&scores).into_iter().rev() {
        // The others are in their order.
        let Some(own) = scores[service].filter(|own| *own > MOVED) else { continue };
        if own <= next {
            raised.push((places[service], next + 1e-9));
            if stores.contains(services[service].as_str()) {
                ahead.push(services[service].clone());
            }
        }
        next = own.max(next + 1e-9);
    }
    raised.into_iter().for_each(|(at, score)| ranking.standings[at].score = score.into());
    ranking.ahead = ahead;
}

/// The number of the best suspect of each group; a group of callers' views alone has none.
fn first_of_each_group(ranking: &Ranking) -> BTreeMap<String, usize> {
    let suspect = |entry: Entry| {
        let is_suspect = entry.role() != Role::Driver && !entry.place.caller;
        Some((entry.group()?, (entry.standing.score.get().filter(|_| is_suspect)?, entry.at)))
    };
    let better = |a: (f64, usize), b: (f64, usize)| if a.0 > b.0 || a.0 == b.0 && a.1 < b.1 { a } else { b };
    let first: WordMap<(f64, usize)> = by_key(ranking.side_by_side().filter_map(suspect), better);
    first.into_iter().map(|(group, (_, at))| (ranking.metrics.book.word(group).to_string(), at)).collect()
}

fn number_aspects(ranking: &mut Ranking, depth: usize) {
    let aspect = |place: usize| {
        let entry = ranking.entry(place);
        let group = entry.group().map_or(0, Word::number) as u64;
        (group << 32 | entry.meaning.phenomenon.number() as u64, place as u32)
    };
    let mut aspects: Vec<(u64, u32)> = (0..depth).into_par_iter().map(aspect).collect();
    aspects.par_sort_unstable();
    for of_one in aspects.chunk_by(|a, b| a.0 == b.0) {
        for ((_, place), number) in of_one.iter().zip(1..) {
            ranking.standings[ranking.order[*place as usize] as usize].aspect = number;
        }
    }
}
