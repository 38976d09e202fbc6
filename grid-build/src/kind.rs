//! Counter or gauge: by the type on the line, else the suffix, else the course of the values.

use std::collections::BTreeMap;

use grid::{Cell, Name, Table};
use rayon::prelude::*;

use crate::store::Series;

/// The type that came with a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Said to be unknown.
    Unknown,
    /// A column of a grid: its values are what they are.
    Column,
    /// Goes up and down.
    Gauge,
    /// Quantiles, with counters `_sum` and `_count`.
    Summary,
    /// Counters `_bucket`, `_sum` and `_count`.
    Histogram,
    /// Goes up, except for resets.
    Counter,
}

impl Kind {
    /// The word in the field `type`; none for words that say nothing.
    pub fn parse(word: &str) -> Option<Kind> {
        match word {
            "counter" => Some(Kind::Counter),
            "gauge" | "info" | "stateset" => Some(Kind::Gauge),
            "histogram" | "gaugehistogram" => Some(Kind::Histogram),
            "summary" => Some(Kind::Summary),
            _ => Some(Kind::Unknown),
        }
    }
}

/// How counters are laid on the lattice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Counters {
    /// Per-second rates, also of what only looks like a counter
    #[default]
    Auto,
    /// Per-second rates of counters by type or suffix
    Rate,
    /// The difference over a step of counters by type or suffix
    Delta,
    /// Every value as it was read
    Raw,
}

/// What decided whether a metric is a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The type on its lines.
    Type,
    /// `_total`, `_sum`, `_count` or `_bucket` at the end of its name.
    Suffix,
    /// It only rose, often enough.
    Course,
    /// Nothing spoke for a counter.
    Nothing,
    /// It was asked for raw values, or it is a column of a grid.
    Asked,
}

/// The decision on one metric name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// True when it is laid as a rate or a difference.
    pub counter: bool,
    /// True when its values are increases, to be added up over series; also for the columns of a
    /// grid that has them already.
    pub adds: bool,
    /// Why.
    pub reason: Reason,
    /// How many series have the name.
    pub series: usize,
}

/// A metric that rose at least this often, in series of at least `SAMPLES`, and never fell looks
/// like a counter.
const RISES: usize = 10;
const SAMPLES: usize = 30;

/// Decides for every metric name. Series of one name are treated alike, whatever the order in
/// which they came.
pub(crate) fn decide(series: &[Series], counters: Counters) -> BTreeMap<String, Decision> {
    let mut names: BTreeMap<String, Vec<&Series>> = BTreeMap::new();
    for one in series {
        names.entry(metric_of(&one.name)).or_default().push(one);
    }
    let names: Vec<(String, Vec<&Series>)> = names.into_iter().collect();
    names
        .into_par_iter()
        .map(|(name, group)| {
            let decision = decide_name(&name, &group, counters);
            (name, decision)
        })
        .collect()
}

/// The metric name in a canonical header.
pub(crate) fn metric_of(header: &str) -> String {
    match header.split_once('{') {
        None => header.to_string(),
        Some((name, _)) if !name.is_empty() && grid::is_legacy_name(name) => name.to_string(),
        Some(_) => Name::parse(header).name,
    }
}

fn decide_name(name: &str, group: &[&Series], counters: Counters) -> Decision {
    let kind = group.iter().filter_map(|s| s.kind).max();
    let by_suffix = ["_total", "_sum", "_count", "_bucket"].iter().any(|end| name.ends_with(end));
    let (counter, reason) = match kind {
        _ if counters == Counters::Raw => (false, Reason::Asked),
        Some(Kind::Column) if counters == Counters::Auto => (false, Reason::Asked),
        Some(Kind::Counter) => (true, Reason::Type),
        Some(Kind::Gauge) => (false, Reason::Type),
        Some(Kind::Histogram | Kind::Summary) => (by_suffix, Reason::Type),
        _ if by_suffix => (true, Reason::Suffix),
        _ if counters == Counters::Auto && looks_like_a_counter(group) => (true, Reason::Course),
        _ => (false, Reason::Nothing),
    };
    let adds = counter || kind == Some(Kind::Column) && by_suffix;
    Decision { counter, adds, reason, series: group.len() }
}

/// True when no series of the name ever falls or is negative, and one of them rises often enough.
fn looks_like_a_counter(group: &[&Series]) -> bool {
    let mut risen = false;
    for series in group {
        let (mut rises, mut last) = (0, f64::NAN);
        let runs = std::iter::once(&series.run).chain(&series.more);
        let values = runs.flat_map(|run| &run.values).filter(|v| !v.is_nan());
        let mut samples = 0;
        for &value in values {
            if value < last || value < 0.0 {
                return false;
            }
            rises += usize::from(value > last);
            last = value;
            samples += 1;
        }
        risen |= rises >= RISES && samples >= SAMPLES;
    }
    risen
}

/// The decisions as a table, for `--explain`.
pub(crate) fn explain(decisions: &BTreeMap<String, Decision>) -> Table {
    let mut table = Table::new(&["metric", "series", "treated_as", "because"]);
    for (name, decision) in decisions {
        let because = match decision.reason {
            Reason::Type => "type on the line",
            Reason::Suffix => "suffix of the name",
            Reason::Course => "it only rises",
            Reason::Nothing => "no type, no suffix, and it falls or seldom rises",
            Reason::Asked => "values are kept as they are",
        };
        let treated = if decision.counter { "counter" } else { "gauge" };
        table.push(vec![
            Cell::from(name.as_str()),
            Cell::from(decision.series),
            Cell::from(treated),
            Cell::from(because),
        ]);
    }
    table
}
