//! From the series that were read to the grid: lattice, rates, aggregates, quantiles, gaps.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use grid::{Column, Error, Grid, Name, Table, format_time};

use crate::columns::{Agg, aggregate, drop_buckets, to_quantiles};
use crate::counters::{Counters, Decision, Reason, decide, explain, note_on_resets};
use crate::lattice::{Extent, Fill, Laid, Lattice, Laying, Reach, Wish, fill_all, lay_all, median_interval};
use crate::notes::{count, list};
use crate::series::{Repeats, Series, leave_out_repeats};
use crate::{Load, Store};

/// What becomes of `_bucket` series.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Histograms {
    /// They stay as they are: rates of counters
    #[default]
    Raw,
    /// They are left out; `_sum` and `_count` stay
    Drop,
    /// They become quantiles, and a mean is added
    Quantiles,
}

/// How the grid is made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The lattice.
    pub wish: Wish,
    /// How long a sample stands; two scrape intervals, and one before a failed scrape, when not given.
    pub lookback_ms: Option<i64>,
    /// The scrape interval of a series of one or two samples; that of most series, when not given.
    pub interval_ms: Option<i64>,
    /// What is done with counters.
    pub counters: Counters,
    /// A header of each metric in the grid to follow: what was done with it.
    pub like: BTreeMap<String, Name>,
    /// What is done with histograms.
    pub histograms: Histograms,
    /// Which quantiles.
    pub quantiles: Vec<f64>,
    /// The labels to aggregate to, besides `__name__`.
    pub by: Option<Vec<String>>,
    /// How gauges are aggregated.
    pub agg: Agg,
    /// What gaps are filled with.
    pub fill: Option<Fill>,
    /// The longest gap that is filled; two steps, when not given.
    pub max_gap_ms: Option<i64>,
}

/// A grid, and what is to be said about it.
#[derive(Debug, Default)]
pub struct Built {
    /// The grid; its columns are sorted by name.
    pub grid: Grid,
    /// Lines for standard error.
    pub notes: Vec<String>,
    /// Which metrics are counters, and why.
    pub decisions: Table,
}

/// More cells than this, and more than a hundred for each sample, are a mistake in the times.
const CELLS: usize = 50_000_000;

/// Makes the grid of all that was read. The samples are freed on the way: 8 bytes a cell.
pub fn assemble(mut store: Store, locust: &Load, options: &Options) -> Result<Built, Error> {
    store.join()?;
    let mut built = Built { notes: notes_on(&store), ..Built::default() };
    built.notes.extend(leave_out_repeats(&mut store.series).iter().map(note_on_repeats));
    let extents = extents(&store.series);
    let lattice = match Lattice::fit(&extents, options.wish)? {
        Some(lattice) => Some(lattice),
        None => Lattice::fit(&locust.extents(), options.wish)?,
    };
    let Some(lattice) = lattice else {
        return Err(no_samples(&store, locust));
    };
    check_size(&store.series, locust, lattice)?;
    let decisions = decide(&store.series, &store.metadata, options.counters, &options.like);
    built.notes.extend(note_on_slow(&extents, lattice));
    built.notes.extend(notes_on_counters(&decisions));
    built.notes.extend(note_on_kinds(&decisions));
    built.notes.extend(note_on_resets(&store.series, &decisions));
    built.decisions = explain(&decisions);
    let reach = Reach {
        lookback_ms: options.lookback_ms,
        typical_ms: options.interval_ms.or_else(|| median_interval(&extents)),
    };
    let laying = Laying { lattice, reach, decisions: &decisions };
    let (mut columns, born) = lay_all(std::mem::take(&mut store.series), &laying);
    built.notes.extend(note_on_births(&born));
    columns = combine(columns, options, &mut built.notes);
    if let Some(how) = options.fill {
        let most = options.max_gap_ms.map_or(2, |gap_ms| usize::try_from(gap_ms / lattice.step_ms).unwrap_or(0));
        let filled = fill_all(&mut columns, how, most);
        built.notes.push(format!("{} filled", count(filled, "empty cell")));
    }
    columns.extend(locust.columns(lattice, &mut built.notes));
    columns.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    refuse_twins(&columns)?;
    let columns = columns.into_iter().map(|laid| Column { name: laid.name, values: laid.values }).collect();
    built.grid = Grid { times_ms: lattice.times_ms(), windows: None, columns };
    built.notes.extend(note_on_nothing(&built.grid, &extents));
    Ok(built)
}

/// Rows beyond the reach of all samples.
fn note_on_nothing(grid: &Grid, extents: &[Extent]) -> Option<String> {
    let (first_ms, last_ms) = (grid.times_ms.first()?, grid.times_ms.last()?);
    let samples = extents.iter().map(|e| e.first_ms).min().zip(extents.iter().map(|e| e.last_ms).max());
    let is_empty = grid.columns.iter().all(|column| column.values.iter().all(|value| value.is_nan()));
    let (from_ms, to_ms) = samples.filter(|_| is_empty)?;
    if from_ms <= *last_ms && *first_ms <= to_ms {
        return Some("no row has a value".to_string());
    }
    let [first, last, from, to] = [*first_ms, *last_ms, from_ms, to_ms].map(format_time);
    Some(format!("no row has a value: the rows are from {first} to {last}, the samples from {from} to {to}"))
}

fn combine(mut columns: Vec<Laid>, options: &Options, notes: &mut Vec<String>) -> Vec<Laid> {
    if let Some(by) = &options.by {
        columns = aggregate(columns, by, options.agg);
    }
    match options.histograms {
        Histograms::Raw => columns,
        Histograms::Drop => drop_buckets(columns),
        Histograms::Quantiles => to_quantiles(columns, &options.quantiles, notes),
    }
}

/// One extent for each clock.
fn extents(series: &[Series]) -> Vec<Extent> {
    let mut clocks: HashMap<*const i64, (&[i64], usize)> = HashMap::new();
    for one in series {
        clocks.entry(one.run.clock.as_ptr()).or_insert((&one.run.clock, 0)).1 += 1;
    }
    clocks.into_values().filter_map(|(times_ms, series)| Extent::of(times_ms, series)).collect()
}

fn check_size(series: &[Series], load: &Load, lattice: Lattice) -> Result<(), Error> {
    let samples = series.iter().map(|s| s.run.values.len()).sum::<usize>() + load.samples();
    let cells = lattice.ticks.saturating_mul(series.len() + load.width());
    if cells <= CELLS || cells / 100 <= samples {
        return Ok(());
    }
    let (first, last) = (format_time(lattice.start_ms), format_time(lattice.time_ms(lattice.ticks - 1)));
    let what = format!("{cells} cells for {samples} samples, from {first} to {last}");
    Err(Error::failed(format!("{what}: give --start, --end or --step if that is meant")))
}

fn refuse_twins(columns: &[Laid]) -> Result<(), Error> {
    match columns.windows(2).find(|pair| pair[0].name == pair[1].name) {
        Some(pair) => Err(Error::failed(format!("two columns would have one name: \"{}\"", pair[0].name))),
        None => Ok(()),
    }
}

/// What was dropped or put right while reading.
fn notes_on(store: &Store) -> Vec<String> {
    let mut notes = store.warnings.clone();
    notes.sort();
    notes.dedup();
    for (names, what) in [
        (&store.native, "with native histograms only, passed over"),
        (&store.half_native, "with native histograms besides values, of which the values alone are read"),
    ] {
        let names: BTreeSet<&String> = names.iter().collect();
        let names: Vec<&String> = names.into_iter().collect();
        if !names.is_empty() {
            notes.push(format!("{} {what}: {}", count(names.len(), "series"), list(&names)));
        }
    }
    if store.missing > 0 {
        let what = "null, stale or not finite: gaps";
        notes.push(format!("{} {what}", count(store.missing, "sample")));
    }
    let tidied = store.tidied;
    if tidied.unsorted > 0 {
        notes.push(format!("{} out of order: sorted by time", count(tidied.unsorted, "series")));
    }
    if tidied.repeated > 0 {
        notes.push(format!("{} repeated: taken once", count(tidied.repeated, "sample")));
    }
    if tidied.conflicting > 0 {
        let what = "of one time with different values: the largest is kept";
        notes.push(format!("{} {what}", count(tidied.conflicting, "sample")));
    }
    notes
}

fn no_samples(store: &Store, load: &Load) -> Error {
    match (store.native.first(), load.ends_early()) {
        (Some(name), _) => Error::failed(format!("no samples in the input but native histograms: \"{name}\"")),
        (None, Some(why)) => Error::failed(format!("no samples in the input: {why}")),
        (None, None) => Error::failed("no samples in the input"),
    }
}

/// Series that are scraped less often than there are rows.
fn note_on_slow(extents: &[Extent], lattice: Lattice) -> Option<String> {
    let slow = extents.iter().filter(|e| e.interval_ms.is_some_and(|interval| interval > lattice.step_ms));
    let slow: usize = slow.map(|e| e.series).sum();
    let step = format_time(lattice.step_ms);
    let what = format!("scraped less often than every {step} s: values and rates stand until the next scrape");
    (slow > 0).then(|| format!("{} {what}", count(slow, "series")))
}

/// Samples that only repeated what had been scraped.
fn note_on_repeats(repeats: &Repeats) -> String {
    let Repeats { changes_ms, samples_ms, series } = *repeats;
    let (changes, samples) = (format_time(changes_ms), format_time(samples_ms));
    let what =
        format!("change every {changes} s only, though sampled every {samples} s: taken as scraped every {changes} s");
    format!("{} {what}", count(series, "series"))
}

/// Counters that were not there when their targets were first scraped.
fn note_on_births(born: &[String]) -> Option<String> {
    let what = "began midway, counted from zero";
    (!born.is_empty()).then(|| format!("{} {what}: {}", count(born.len(), "counter"), list(born)))
}

/// Metrics whose names say nothing, but whose descriptions do.
fn note_on_kinds(decisions: &BTreeMap<String, Decision<'_>>) -> Option<String> {
    let told = decisions.iter().filter(|(_, d)| d.reason != Reason::Kept && d.said.kind.is_some());
    let names: Vec<&String> = told.map(|(name, _)| name).collect();
    let what = "whose kind its metadata tells, not its name";
    (!names.is_empty()).then(|| format!("{} {what}: {}", count(names.len(), "metric"), list(&names)))
}

/// Metrics that may be counters, had they more samples.
fn note_on_short(decisions: &BTreeMap<String, Decision<'_>>) -> Option<String> {
    let names: Vec<&String> = decisions.iter().filter(|(_, d)| d.may_count).map(|(name, _)| name).collect();
    let what = "only rising in less than 30 samples, values kept: perhaps counted (more samples or types tell)";
    (!names.is_empty()).then(|| format!("{} {what}: {}", count(names.len(), "metric"), list(&names)))
}

/// How it was found out which metrics are counters, and what is not sure of it.
fn notes_on_counters(decisions: &BTreeMap<String, Decision<'_>>) -> Vec<String> {
    let by = |reason: Reason| decisions.values().filter(|d| d.is_counter() && d.reason == reason).count();
    let names = |is: &dyn Fn(&Decision) -> bool| -> Vec<&String> {
        decisions.iter().filter(|(_, d)| is(d)).map(|(name, _)| name).collect()
    };
    let guessed = names(&|d| d.is_counter() && d.reason == Reason::Course);
    let against = names(&|d| d.against_type);
    let like = by(Reason::Like);
    let all = by(Reason::Type) + by(Reason::Name) + guessed.len() + like;
    let mut notes = Vec::new();
    if all > 0 {
        let mut how = format!("{} by type, {} by name", by(Reason::Type), by(Reason::Name));
        if like > 0 {
            how.push_str(&format!(", {like} as in --like"));
        }
        if !guessed.is_empty() {
            how.push_str(&format!(", {} because they only rise: {}", guessed.len(), list(&guessed)));
        }
        notes.push(format!("counters: {all} of {} ({how})", count(decisions.len(), "metric")));
    }
    if !against.is_empty() {
        let what = "treated as in --like, against the type on their lines";
        notes.push(format!("{} {what}: {}", count(against.len(), "metric"), list(&against)));
    }
    let scraped = names(&|d| d.seems_scraped);
    if !scraped.is_empty() {
        let what = "kept as rates, though they rise as counters do that were scraped (--counters rate makes rates)";
        notes.push(format!("{} {what}: {}", count(scraped.len(), "metric"), list(&scraped)));
    }
    notes.extend(note_on_short(decisions));
    notes
}
