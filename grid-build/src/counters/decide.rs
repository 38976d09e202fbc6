//! Counter or level: by the grid to follow, the type on the line, the name, and the course of the values last.

use std::borrow::Cow;
use std::collections::BTreeMap;

use grid::{Cell, Name, Table};
use names::{Catalogue, Said, TREATMENT, Treatment};
use rayon::prelude::*;

use super::Kind;
use super::increase::is_reset;
use super::recorded::counted;
use crate::series::{Metadata, Series};

/// What becomes of counters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Counters {
    /// Per-second rates, also of metrics that only rise
    #[default]
    Auto,
    /// Per-second rates of counters by type or name
    Rate,
    /// The increase per step of counters by type or name
    Delta,
    /// All values as they were read
    Raw,
    /// All values as they were read: the input is a grid already
    Kept,
}

/// What decided how a metric is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The grid of `--like`.
    Like,
    /// The type on its lines.
    Type,
    /// Its name.
    Name,
    /// It only rose, often enough.
    Course,
    /// Nothing spoke for a counter.
    Nothing,
    /// Raw values were asked for.
    Asked,
    /// It is a column of a grid: its values are what they are.
    Kept,
}

/// The decision on one metric name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision<'a> {
    /// How its series are laid.
    pub treatment: Treatment,
    /// True when its values are increases, to be added up over series; also for the columns of a
    /// grid that has them already.
    pub adds: bool,
    /// Why.
    pub reason: Reason,
    /// How many series have the name.
    pub series: usize,
    /// True when the type on its lines says otherwise than the grid that it follows.
    pub against_type: bool,
    /// True for columns of a grid that are called a counter and fall in resets alone: no rates, most likely, but as they were scraped.
    pub seems_scraped: bool,
    /// True for what only rises, in too few samples to be taken for a counter.
    pub may_count: bool,
    /// What its header carries of the metadata.
    pub said: Said<'a>,
}

impl Decision<'_> {
    /// True when it is laid as a rate or a difference.
    pub fn is_counter(&self) -> bool {
        self.treatment != Treatment::Level
    }
}

/// Fewer samples of a metric do not show that it is a counter.
const SAMPLES: usize = 30;

/// A metric that rose so often in so many samples of a series, and never fell, looks like a counter.
fn looks_counted(rises: usize, samples: usize) -> bool {
    rises >= 10 && samples >= SAMPLES
}

/// The same of one that has fewer samples, and may be.
fn may_be_counted(rises: usize, samples: usize) -> bool {
    rises >= 5 && 2 * rises > samples
}

/// The same of a column that is called one, and should hold rates: these seldom rise from row to row.
fn looks_scraped(rises: usize, samples: usize) -> bool {
    samples >= 10 && 2 * rises > samples
}

/// Decides for every metric name. Series of one name are treated alike, whatever the order in
/// which they came. `like` has a header of each metric in the grid to follow.
pub(crate) fn decide<'a>(
    series: &[Series],
    metadata: &Metadata,
    counters: Counters,
    like: &'a BTreeMap<String, Name>,
) -> BTreeMap<String, Decision<'a>> {
    let mut names: BTreeMap<String, Vec<&[Series]>> = BTreeMap::new();
    for alike in series.chunk_by(|a, b| metric_of(&a.name) == metric_of(&b.name)) {
        names.entry(metric_of(&alike[0].name).into_owned()).or_default().push(alike);
    }
    let names: Vec<(String, Vec<&[Series]>)> = names.into_iter().collect();
    names
        .into_par_iter()
        .map(|(name, group)| {
            let like = like.get(&name);
            let decision = decide_name(&name, &group, counters, like.map(Name::treatment));
            let kind = each(&group).filter_map(|s| s.kind).max();
            let said = like.map_or_else(|| metadata.said(&name, kind), Name::said);
            (name, Decision { said, ..decision })
        })
        .collect()
}

/// The metric name in a canonical header.
pub(crate) fn metric_of(header: &str) -> Cow<'_, str> {
    match header.split_once('{') {
        None => header.into(),
        Some((name, _)) if !name.is_empty() && grid::is_legacy_name(name) => name.into(),
        Some(_) => Name::parse(header).name.into(),
    }
}

/// The series of one name, in pieces.
type Group<'a> = [&'a [Series]];

fn each<'a>(group: &Group<'a>) -> impl Iterator<Item = &'a Series> {
    group.iter().copied().flatten()
}

fn decide_name(name: &str, group: &Group<'_>, counters: Counters, like: Option<Treatment>) -> Decision<'static> {
    let kind = each(group).filter_map(|s| s.kind).max();
    let word = kind.and_then(Kind::word);
    let own = counted(name, word);
    // What is declared a gauge is counted by its name alone.
    let by_type = word.is_some_and(|word| word != "gauge" || own == Some(false));
    let (counter, reason) = match (own, like) {
        _ if counters == Counters::Kept => (false, Reason::Kept),
        _ if kind == Some(Kind::Column) && is_kept(group, counters) => (false, Reason::Kept),
        _ if counters == Counters::Raw => (false, Reason::Asked),
        (_, Some(like)) if counters == Counters::Auto => (like != Treatment::Level, Reason::Like),
        (Some(own), _) => (own, if by_type { Reason::Type } else { Reason::Name }),
        _ if counters == Counters::Auto && only_rises(group, false, looks_counted) => match is_level(group) {
            true => (false, Reason::Name),
            false => (true, Reason::Course),
        },
        _ => (false, Reason::Nothing),
    };
    let treatment = match (counter, reason, like) {
        (true, Reason::Like, Some(like)) => like,
        (true, ..) if counters == Counters::Delta => Treatment::Delta,
        (true, ..) => Treatment::Rate,
        (false, ..) => Treatment::Level,
    };
    let was_counted = reason == Reason::Kept && each(group).all(|s| holds_increases(&s.name, name));
    let against_type = reason == Reason::Like && word.is_some() && own.is_some_and(|own| own != counter);
    Decision {
        treatment,
        adds: counter || was_counted,
        reason,
        series: each(group).count(),
        against_type,
        seems_scraped: reason == Reason::Kept && counters == Counters::Auto && seems_scraped(group, own),
        may_count: reason == Reason::Nothing && counters == Counters::Auto && !name.is_empty() && may_count(group),
        said: Said::default(),
    }
}

/// True for columns that are called a counter and rise as one.
fn seems_scraped(group: &Group<'_>, own: Option<bool>) -> bool {
    own == Some(true) && !each(group).any(|s| s.name.contains(TREATMENT)) && only_rises(group, true, looks_scraped)
}

/// True for what only rises in series that are all short, and has no name of a level.
fn may_count(group: &Group<'_>) -> bool {
    let is_short = each(group).all(|series| series.run.values.len() < SAMPLES);
    is_short && only_rises(group, false, may_be_counted) && !is_level(group)
}

/// True for columns of a grid that stay as they are: unless counters are asked for, and where they are none any more.
fn is_kept(group: &Group<'_>, counters: Counters) -> bool {
    let done = |s: &Series| s.name.contains(TREATMENT) && holds_increases(&s.name, &s.name);
    matches!(counters, Counters::Auto | Counters::Raw) || each(group).any(done)
}

/// True for the header of a column that holds increases already.
fn holds_increases(header: &str, metric: &str) -> bool {
    let treatment = if header.contains(TREATMENT) { Name::parse(header).treatment() } else { Treatment::usual(metric) };
    treatment != Treatment::Level
}

/// True for a name that is a level's.
fn is_level(group: &Group<'_>) -> bool {
    each(group).next().is_some_and(|series| Catalogue::default().is_level(&Name::parse(&series.name)))
}

/// True when no series of the name ever falls or is negative, and one of them rises often enough for its samples. With resets,
/// one may fall as a counter does that begins anew, once in eight rises.
fn only_rises(group: &Group<'_>, with_resets: bool, is_enough: impl Fn(usize, usize) -> bool) -> bool {
    let mut risen = false;
    for series in each(group) {
        let (mut rises, mut resets, mut last) = (0, 0, f64::NAN);
        let values = series.run.values.iter().filter(|v| !v.is_nan());
        let mut samples = 0;
        for &value in values {
            let is_reset = with_resets && value < last && is_reset(last, value);
            if value < last && !is_reset || value < 0.0 {
                return false;
            }
            resets += usize::from(is_reset);
            rises += usize::from(value > last);
            last = value;
            samples += 1;
        }
        if 8 * resets > rises {
            return false;
        }
        risen |= is_enough(rises, samples);
    }
    risen
}

/// The decisions as a table, for `--explain`.
pub(crate) fn explain(decisions: &BTreeMap<String, Decision<'_>>) -> Table {
    let mut table = Table::new(&["metric", "series", "treated_as", "because"]);
    for (name, decision) in decisions {
        let because = match decision.reason {
            Reason::Like => "as in --like",
            Reason::Type => "type on the line",
            Reason::Name => "its name",
            Reason::Course => "it only rises",
            Reason::Nothing => "no type, nothing in its name, and it falls or seldom rises",
            Reason::Asked => "raw values were asked for",
            Reason::Kept => "a column of a grid",
        };
        table.push(vec![
            Cell::from(name.as_str()),
            Cell::from(decision.series),
            Cell::from(decision.treatment.word()),
            Cell::from(because),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    use crate::series::Run;

    fn series(name: &str, kind: Option<Kind>, values: impl Iterator<Item = f64>) -> Series {
        let values: Vec<f64> = values.collect();
        let clock = Arc::new((0..values.len() as i64).collect());
        Series { name: name.into(), kind, adds: false, run: Run { clock, values } }
    }

    fn decided(name: &str, kind: Option<Kind>, rising: bool, like: Option<Treatment>) -> (Treatment, Reason) {
        let series = series(name, kind, (0..40).map(|i| if rising { f64::from(i) } else { f64::from(i % 7) }));
        let decision = decide_name(name, &[std::slice::from_ref(&series)], Counters::Auto, like);
        (decision.treatment, decision.reason)
    }

    #[test]
    fn type_then_name_then_course() {
        let (rate, level) = (Treatment::Rate, Treatment::Level);
        assert_eq!(decided("a_total", Some(Kind::Gauge), true, None), (level, Reason::Type));
        assert_eq!(decided("a", Some(Kind::Counter), false, None), (rate, Reason::Type));
        assert_eq!(decided("a_total", None, false, None), (rate, Reason::Name));
        assert_eq!(decided("process_open_fds", None, true, None), (level, Reason::Name));
        assert_eq!(decided("a", Some(Kind::Unknown), true, None), (rate, Reason::Course));
        assert_eq!(decided("a", None, false, None), (level, Reason::Nothing));
    }

    #[test]
    fn the_grid_to_follow_comes_first() {
        for like in [Treatment::Rate, Treatment::Delta, Treatment::Level] {
            assert_eq!(decided("a", Some(Kind::Counter), true, Some(like)), (like, Reason::Like));
        }
    }
}
