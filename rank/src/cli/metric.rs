//! A metric: what was measured of it, what its name means, and whose it is.

use std::collections::{HashMap, HashSet};

use names::{Catalogue, Harm, Name, Place, Role, phenomenon};
use rank::change::Nature;
use rank::measure::Measure;
use rank::note::Note;
use rayon::prelude::*;

use crate::cli::words::{Word, Words};

/// One metric, measured.
pub(crate) struct Metric<'a> {
    /// The header's text.
    pub(crate) header: Box<str>,
    /// What its name means.
    pub(crate) sense: Sense<'a>,
    /// True for errors that only the overload has, measured as if there had been none in steady state.
    pub(crate) born: bool,
    /// What was found.
    pub(crate) measure: Measure,
}

/// What a name says of a metric.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sense<'a> {
    /// What it measures.
    pub(crate) kind: &'a str,
    /// The direction that is bad.
    pub(crate) harm: Harm,
    /// The part of its kind in a fault.
    pub(crate) role: Role,
    /// True for what a load generator put on or saw.
    pub(crate) outcome: bool,
}

impl<'a> Sense<'a> {
    /// Reads a name; also how a change of it is judged.
    pub(crate) fn of(catalogue: &'a Catalogue, name: &Name) -> (Self, Nature) {
        let reading = catalogue.read(name);
        let (kind, harm) = (reading.kind, reading.harm);
        let success = kind == "availability" && reading.counter != Some(true) && harm == Harm::Down;
        let nature = Nature { harm, success, events: kind == "errors" };
        (Sense { kind, harm, role: reading.role, outcome: reading.outcome.is_some() }, nature)
    }
}

impl Metric<'_> {
    /// True where some steady grid has it.
    pub(crate) fn in_steady(&self) -> bool {
        !self.born && self.measure.note != Note::NotInSteady
    }

    /// True where some overload grid has it.
    pub(crate) fn in_overload(&self) -> bool {
        self.measure.note != Note::NotInOverload
    }
}

/// Whose a metric is, and what it belongs together with.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Belonging {
    /// Its service.
    pub(crate) service: Option<Word>,
    /// What told it.
    pub(crate) from: Option<Word>,
    /// Its own name, without the service.
    pub(crate) own: Option<Word>,
    /// The one that is waited for.
    pub(crate) peer: Option<Word>,
    /// The two ends of a call that was timed by itself.
    pub(crate) call: Option<(Word, Word)>,
    /// The group it is ranked in.
    pub(crate) group: Option<Word>,
    /// What it is an aspect of.
    pub(crate) phenomenon: Option<Word>,
    /// Name and quantile, where it has labels: series that share them differ in what lies below the service.
    pub(crate) family: Option<Word>,
    /// True where the service is a caller's view of another.
    pub(crate) caller: bool,
    /// True for the monitoring's own.
    pub(crate) monitoring: bool,
}

/// Metrics whose names are read together.
const TOGETHER: usize = 4096;

/// Finds out whose each metric is, `by` which label it is grouped, and numbers the texts.
pub(crate) fn belongings(metrics: &[Metric], catalogue: &Catalogue, by: &str, words: &mut Words) -> Vec<Belonging> {
    let survey = catalogue.survey(|| metrics.iter().map(|metric| Name::parse(&metric.header)));
    let mut out = Vec::with_capacity(metrics.len());
    for metrics in metrics.chunks(TOGETHER) {
        let read = |metric: &Metric| {
            let name = Name::parse(&metric.header);
            (survey.place(&name), name)
        };
        let read: Vec<(Place, Name)> = metrics.par_iter().map(read).collect();
        out.extend(read.iter().map(|(place, name)| belonging(place, name, by, words)));
    }
    out
}

fn belonging(place: &Place, name: &Name, by: &str, words: &mut Words) -> Belonging {
    let mut word = |text: Option<&str>| text.map(|text| words.add(text));
    let service = place.service.as_deref();
    let group = match by {
        "metric" | "service" => service,
        "name" | "__name__" => Some(name.name.as_str()),
        label => name.label(label),
    };
    let family = |name: &Name| format!("{}\u{0}{}", name.name, name.label("quantile").unwrap_or_default());
    Belonging {
        service: word(service),
        from: word(Some(place.from.as_str()).filter(|from| !from.is_empty())),
        own: word(Some(&place.metric)),
        peer: word(place.peer.as_deref()),
        call: word(name.label("caller")).zip(word(name.label("callee"))),
        group: word(group),
        phenomenon: word(Some(&phenomenon(name).name)),
        family: word((!name.labels.is_empty()).then(|| family(name)).as_deref()),
        caller: place.caller,
        monitoring: place.monitoring,
    }
}

/// Errors that were born in the overload count from 0 where their service was scraped in steady state: a client
/// library makes the series of a status at its first use. Elsewhere they have no steady state.
pub(crate) fn check_the_born(metrics: &mut [Metric], belongings: &[Belonging]) {
    let known = metrics.iter().zip(belongings).filter(|(metric, _)| metric.in_steady());
    let scraped: HashSet<Word> = known.filter_map(|(_, belonging)| belonging.service).collect();
    let all = metrics.iter_mut().zip(belongings).filter(|(metric, _)| metric.born);
    for (metric, _) in all.filter(|(_, b)| b.service.is_none_or(|service| !scraped.contains(&service))) {
        metric.measure = metric.measure.without_steady();
    }
}

/// Kinds that fall silent when nobody asks, so that their silence says nothing of their service.
const ASKED_FOR: [&str; 4] = ["latency", "availability", "errors", "traffic"];

/// What vanishes counts as presence lost: of a service none of whose metrics has a sample in the overload, and
/// which showed more in steady state than how its requests went, all do.
pub(crate) fn lose_the_gone(metrics: &mut [Metric], belongings: &[Belonging]) {
    let seen = |missing: Option<f64>| missing.is_some_and(|missing| missing < 1.0);
    let mut there: HashMap<Word, (bool, bool)> = HashMap::new();
    for (metric, belonging) in metrics.iter().zip(belongings) {
        let Some(service) = belonging.service else { continue };
        let (before, after) = there.entry(service).or_default();
        *before |= seen(metric.measure.missing_steady.get()) && !ASKED_FOR.contains(&metric.sense.kind);
        *after |= seen(metric.measure.missing_overload.get());
    }
    let is_gone = |b: &Belonging| b.service.is_some_and(|service| there.get(&service) == Some(&(true, false)));
    for (metric, belonging) in metrics.iter_mut().zip(belongings) {
        if is_gone(belonging) && metric.measure.steady.get().is_some() {
            metric.measure.lose();
        }
    }
}
