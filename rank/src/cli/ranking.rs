//! Scores the measured metrics and puts them in order.

use std::collections::{BTreeMap, HashMap};

use names::{Catalogue, Harm, Name, Role, Share};
use rank::calls::Calls;
use rank::known::Known;
use rank::score::Parts;
use rank::verdict::Verdict;
use rayon::prelude::*;
use stats::false_discovery;

use crate::cli::args::Order;
use crate::cli::metric::{Belonging, Metric};
use crate::cli::suspicion::{judge, score};
use crate::cli::words::{Word, Words};

/// Where a metric stands among the others.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standing {
    /// Its part in a fault: that of its kind, or driver for load, outcomes and the monitoring itself.
    pub(crate) role: Role,
    /// Its number among the aspects of its phenomenon, the strongest first.
    pub(crate) aspect: u32,
    /// The limit it is held to.
    pub(crate) limit: Option<Word>,
    /// Share of that limit in use in the overload.
    pub(crate) used: Known,
    /// False discovery rate.
    pub(crate) q: Known,
    /// True where it changed for the worse, beyond chance and beyond drift.
    pub(crate) moved: bool,
    /// True where it moved before the users felt anything.
    pub(crate) drift: bool,
    /// The parts of its score.
    pub(crate) parts: Parts,
    /// What the order is made of; not known without samples on both sides.
    pub(crate) score: Known,
}

/// A metric with all that is known of it.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'r> {
    pub(crate) metric: &'r Metric<'r>,
    pub(crate) belonging: &'r Belonging,
    pub(crate) standing: &'r Standing,
}

/// Share of its overload level below which a metric was at rest in steady state.
const REST: f64 = 0.01;

impl Entry<'_> {
    /// True for a flag of presence that is lost for good, and for the metrics of a service that is.
    pub(crate) fn is_gone(&self) -> bool {
        let m = &self.metric.measure;
        let flag = self.metric.sense.harm == Harm::Gone && m.size.is_infinite();
        flag || m.harm > 0.0 && m.overload.get().is_none()
    }

    /// True for what a service takes in the overload and took next to nothing of in steady state: percentages of
    /// it say that it rested.
    pub(crate) fn is_resting(&self) -> bool {
        let m = &self.metric.measure;
        let taken = !matches!(self.standing.role, Role::Driver | Role::Symptom);
        let rests = |(steady, overload): (f64, f64)| overload > 0.0 && steady < REST * overload;
        taken && self.standing.moved && m.steady.get().zip(m.overload.get()).is_some_and(rests)
    }

    /// True for what `spans` measured of a call between two services.
    pub(crate) fn is_of_a_call(&self) -> bool {
        self.belonging.call.is_some()
    }
}

/// The metrics of a comparison in order, best first, and what they say as a whole.
pub(crate) struct Ranking<'a> {
    pub(crate) metrics: Vec<Metric<'a>>,
    pub(crate) belongings: Vec<Belonging>,
    pub(crate) standings: Vec<Standing>,
    pub(crate) words: Words,
    pub(crate) verdict: Verdict,
    order: Vec<u32>,
}

impl Ranking<'_> {
    /// How many metrics there are.
    pub(crate) fn count(&self) -> usize {
        self.order.len()
    }

    /// The metric at a place, counted from 0.
    pub(crate) fn entry(&self, place: usize) -> Entry<'_> {
        self.at(self.order[place] as usize)
    }

    /// All in order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.count()).map(|place| self.entry(place))
    }

    /// The text of a word, where there is one.
    pub(crate) fn text(&self, word: Option<Word>) -> Option<&str> {
        word.map(|word| self.words.text(word))
    }

    /// The metric of a number, in the order of names.
    pub(crate) fn at(&self, at: usize) -> Entry<'_> {
        Entry { metric: &self.metrics[at], belonging: &self.belongings[at], standing: &self.standings[at] }
    }

    /// All, in the order of names.
    pub(crate) fn by_name(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.metrics.len()).map(|at| self.at(at))
    }
}

/// What decides on the order beside the metrics themselves.
pub(crate) struct Ways<'w> {
    /// The users' symptom.
    pub(crate) when: Option<&'w str>,
    pub(crate) order: Order,
    /// The calls between services, (caller, callee).
    pub(crate) calls: &'w [(String, String)],
}

/// Scores the metrics, which stand in the order of their names, and puts them in order; ties by name.
pub(crate) fn rank<'a>(
    metrics: Vec<Metric<'a>>,
    belongings: Vec<Belonging>,
    mut words: Words,
    catalogue: &Catalogue,
    ways: &Ways,
) -> Ranking<'a> {
    let mut standings = standings(&metrics, &belongings);
    hold_to_limits(&metrics, &mut standings, catalogue, &mut words);
    mark_drift(&metrics, &mut standings, ways.when);
    let order = (0..metrics.len() as u32).collect();
    let mut ranking = Ranking { metrics, belongings, standings, words, verdict: Verdict::Quiet, order };
    score(&mut ranking, ways.order);
    ranking.verdict = judge(&mut ranking);
    if ways.order == Order::Fused {
        put_callees_first(&mut ranking, ways.calls);
    }
    let standings = &ranking.standings;
    let key = |at: u32| standings[at as usize].score.get().unwrap_or(f64::NEG_INFINITY);
    // Numbers are in the order of names.
    ranking.order.par_sort_unstable_by(|a, b| key(*b).total_cmp(&key(*a)).then(a.cmp(b)));
    number_aspects(&mut ranking);
    ranking
}

fn standings(metrics: &[Metric], belongings: &[Belonging]) -> Vec<Standing> {
    let q = false_discovery(&metrics.iter().map(|m| m.measure.p.get()).collect::<Vec<_>>());
    let standing = |((metric, belonging), q): ((&Metric, &Belonging), Option<f64>)| {
        let stands_apart = metric.sense.outcome || belonging.monitoring;
        Standing {
            role: if stands_apart { Role::Driver } else { metric.sense.role },
            aspect: 0,
            limit: None,
            used: Known::NOTHING,
            q: q.into(),
            moved: false,
            drift: false,
            parts: Parts::default(),
            score: Known::NOTHING,
        }
    };
    metrics.iter().zip(belongings).zip(q).map(standing).collect()
}

/// Finds the share of its limit that each metric uses in the overload.
fn hold_to_limits(metrics: &[Metric], standings: &mut [Standing], catalogue: &Catalogue, words: &mut Words) {
    let known = |(at, metric): (usize, &Metric)| {
        let name = metric.header.split('{').next().unwrap_or_default();
        let may = name.is_empty() || catalogue.knows_limit(name);
        may.then(|| (at, Name::parse(&metric.header)))
    };
    let (places, names): (Vec<usize>, Vec<Name>) = metrics.iter().enumerate().filter_map(known).unzip();
    let level = |at: &usize| metrics[places[*at]].measure.overload.get().filter(|v| v.is_finite());
    for pair in catalogue.limits(&names) {
        let Some(limit) = level(&pair.limit) else { continue };
        let all: f64 = pair.used.iter().filter_map(level).sum();
        let share = match pair.share {
            Share::Used => all / limit,
            Share::Free => 1.0 - all / limit,
            Share::Lost => continue,
        };
        if share.is_finite() {
            let name = words.add(&names[pair.limit].name);
            for at in pair.used {
                (standings[places[at]].used, standings[places[at]].limit) = (share.into(), Some(name));
            }
        }
    }
}

/// The users' delay dates the fault: what had moved by the first row of the overload, a row or more before
/// the column `when` did, was moving before anything broke.
fn mark_drift(metrics: &[Metric], standings: &mut [Standing], when: Option<&str>) {
    let Some(when) = when else { return };
    let onset = |metric: &Metric| metric.measure.onset.get();
    let symptom = metrics.iter().find(|metric| &*metric.header == when).and_then(onset);
    if symptom.is_none_or(|seconds| seconds <= 0.0) {
        return;
    }
    for (metric, standing) in metrics.iter().zip(standings) {
        standing.drift = metric.sense.harm != Harm::Gone && onset(metric) == Some(0.0);
    }
}

/// Puts the first metric of a callee before that of its callers: see [`Calls::order`].
fn put_callees_first(ranking: &mut Ranking, calls: &[(String, String)]) {
    if calls.is_empty() {
        return;
    }
    let first = first_of_each_group(ranking);
    let mut number: HashMap<&str, usize> = first.keys().enumerate().map(|(i, name)| (name.as_str(), i)).collect();
    let mut graph = Calls::default();
    for (caller, callee) in calls {
        let [caller, callee] = [caller, callee].map(|name| {
            let next = number.len();
            *number.entry(name).or_insert(next)
        });
        graph.add(caller, callee);
    }
    if graph.is_empty() {
        return;
    }
    let places: Vec<usize> = first.values().copied().collect();
    let mut scores: Vec<Option<f64>> = places.iter().map(|at| ranking.standings[*at].score.get()).collect();
    scores.resize(number.len(), None);
    let mut next = f64::NEG_INFINITY;
    for service in graph.order(&scores).into_iter().rev() {
        let score = &mut ranking.standings[places[service]].score;
        if let Some(own) = score.get() {
            next = own.max(next + 1e-9);
            *score = next.into();
        }
    }
}

/// The number of the best suspect of each group; a group of callers' views alone has none.
fn first_of_each_group(ranking: &Ranking) -> BTreeMap<String, usize> {
    let mut first: HashMap<Word, (usize, f64)> = HashMap::new();
    for (at, entry) in ranking.by_name().enumerate() {
        let (Some(group), Some(score)) = (entry.belonging.group, entry.standing.score.get()) else { continue };
        if entry.standing.role == Role::Driver || entry.belonging.caller {
            continue;
        }
        let best = first.entry(group).or_insert((at, score));
        if best.1 < score {
            *best = (at, score);
        }
    }
    first.into_iter().map(|(group, (at, _))| (ranking.words.text(group).to_string(), at)).collect()
}

fn number_aspects(ranking: &mut Ranking) {
    let mut found: HashMap<(Option<Word>, Option<Word>), u32> = HashMap::new();
    for &at in &ranking.order {
        let belonging = &ranking.belongings[at as usize];
        let number = found.entry((belonging.group, belonging.phenomenon)).or_default();
        *number += 1;
        ranking.standings[at as usize].aspect = *number;
    }
}
