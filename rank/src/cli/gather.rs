//! Reads steady and overload grids side by side and measures each metric as soon as it is whole.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use grid::{Batches, Error, Grid, Io, Source};
use names::{Catalogue, Harm, Name, Place, Reading, TREATMENT, Treatment};
use rank::change::Nature;
use rank::measure::{Measure, Run, measure};
use rayon::prelude::*;

use crate::cli::args::Args;

/// One metric, measured.
pub(crate) struct Metric<'a> {
    /// The header's text.
    pub(crate) header: String,
    /// Its name and labels.
    pub(crate) name: Name,
    /// What its name means.
    pub(crate) reading: Reading<'a>,
    /// Whose it is.
    pub(crate) place: Place,
    /// What was found.
    pub(crate) measure: Measure,
}

/// A grid that is being read, batch by batch.
struct Track {
    batches: Batches,
    shape: Shape,
    done: bool,
}

/// What a grid's rows stand for.
#[derive(Clone, Default)]
struct Shape {
    times_ms: Vec<i64>,
    spans: Vec<Range<usize>>,
    steady: bool,
}

/// The columns of one metric that have come so far, one per track.
type Slots = Vec<Option<Vec<f64>>>;

/// Measures every metric of the grids that `args` names. Grids in lines (JSONL) of the same order
/// are measured as they are read, so that memory does not grow with the number of metrics.
pub(crate) fn gather<'a>(args: &Args, catalogue: &'a Catalogue, io: &mut Io) -> Result<Vec<Metric<'a>>, Error> {
    let mut tracks = open(args, io)?;
    let mut waiting: HashMap<String, Slots> = HashMap::new();
    let mut metrics = Vec::new();
    while tracks.iter().any(|t| !t.done) {
        let mut whole = Vec::new();
        for at in 0..tracks.len() {
            let Some(batch) = advance(&mut tracks[at], io)? else { continue };
            accept(batch, at, tracks.len(), &mut waiting, &mut whole);
        }
        metrics.extend(measure_all(whole, &shapes(&tracks), catalogue));
    }
    refuse_mixed(&waiting)?;
    let shapes = shapes(&tracks);
    say_what_is_odd(&shapes, &metrics, &waiting, io)?;
    add_the_partial(waiting, &shapes, catalogue, &mut metrics);
    lose_the_gone(&mut metrics);
    metrics.sort_by(|a, b| a.header.cmp(&b.header));
    Ok(metrics)
}

/// Refuses a series that is a rate in one grid and a level in another: they are not the same quantity. `waiting` has
/// the columns that some grid lacks; only those can be.
fn refuse_mixed(waiting: &HashMap<String, Slots>) -> Result<(), Error> {
    if !waiting.keys().any(|header| header.contains(TREATMENT)) {
        return Ok(());
    }
    let mut series: BTreeMap<Name, Vec<Treatment>> = BTreeMap::new();
    for header in waiting.keys() {
        let name = Name::parse(header);
        let treatment = name.treatment();
        series.entry(name.untreated()).or_default().push(treatment);
    }
    let mut mixed = series.into_iter().filter(|(_, treatments)| treatments.len() > 1);
    let Some((name, mut treatments)) = mixed.next() else { return Ok(()) };
    treatments.sort();
    let words: Vec<&str> = treatments.into_iter().map(Treatment::word).collect();
    let (both, more) = (words.join(" in one grid, "), mixed.count());
    let rest = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    let way_out = "expected the same in both, as grid-build --like gives it";
    Err(Error::failed(format!("{both} in another{rest}, {way_out}: \"{name}\"")))
}

fn open(args: &Args, io: &mut Io) -> Result<Vec<Track>, Error> {
    let stdin = [Path::new("-").to_path_buf()];
    let files = if args.files.is_empty() { &stdin[..] } else { &args.files[..] };
    let steady = args.baseline.iter().map(|path| (path, true));
    let paths: Vec<(&PathBuf, bool)> = steady.chain(files.iter().map(|path| (path, false))).collect();
    let source = |(path, _): &(&PathBuf, bool)| Source::open(path)?.pick(&args.select, &args.drop);
    let opened = grid::batches_of_each(&paths, source, io)?;
    let track = |(batches, (_, steady))| {
        let shape = Shape { steady, ..Shape::default() };
        Track { batches, shape, done: false }
    };
    Ok(opened.into_iter().zip(paths).map(track).collect())
}

fn shapes(tracks: &[Track]) -> Vec<Shape> {
    tracks.iter().map(|t| t.shape.clone()).collect()
}

fn advance(track: &mut Track, io: &mut Io) -> Result<Option<Grid>, Error> {
    if track.done {
        return Ok(None);
    }
    let Some(batch) = track.batches.next_batch(io)? else {
        track.done = true;
        return Ok(None);
    };
    if track.shape.spans.is_empty() {
        track.shape.spans = batch.spans().into_iter().map(|span| span.rows).collect();
        track.shape.times_ms = batch.times_ms.clone();
    }
    Ok(Some(batch))
}

fn accept(
    batch: Grid,
    at: usize,
    tracks: usize,
    waiting: &mut HashMap<String, Slots>,
    whole: &mut Vec<(String, Slots)>,
) {
    for column in batch.columns {
        let slots = waiting.entry(column.name.clone()).or_insert_with(|| vec![None; tracks]);
        slots[at] = Some(column.values);
        if slots.iter().all(Option::is_some) {
            whole.extend(waiting.remove_entry(&column.name));
        }
    }
}

/// Two states that share no metric, or stand in the wrong order, are most likely a slip.
fn say_what_is_odd(
    shapes: &[Shape],
    whole: &[Metric],
    partial: &HashMap<String, Slots>,
    io: &mut Io,
) -> Result<(), Error> {
    let has = |slots: &Slots, steady: bool| shapes.iter().zip(slots).any(|(s, v)| s.steady == steady && v.is_some());
    let both = !whole.is_empty() || partial.values().any(|slots| has(slots, true) && has(slots, false));
    if !both && partial.values().any(|slots| has(slots, true)) && partial.values().any(|slots| has(slots, false)) {
        let one = |steady| partial.iter().filter(|(_, slots)| has(slots, steady)).map(|(name, _)| name).min();
        let name = |steady| one(steady).map_or("", String::as_str);
        let (steady, overload) = (name(true), name(false));
        return Err(Error::failed(format!(
            "no metric is in both steady and overload grids: \"{steady}\" only in steady, \"{overload}\" only in overload"
        )));
    }
    let first = |steady: bool| shapes.iter().filter(|s| s.steady == steady).filter_map(|s| s.times_ms.first()).min();
    let last = |steady: bool| shapes.iter().filter(|s| s.steady == steady).filter_map(|s| s.times_ms.last()).max();
    if first(true) > last(false) && last(false).is_some() {
        io.note("the baseline is later than the overload: are the two swapped?");
    }
    Ok(())
}

/// Measures the metrics that not every grid has. Errors that were born in the overload count from 0 in the rows
/// of a steady state in which their service was scraped: a client library makes the series of a status at its first use.
fn add_the_partial<'a>(
    waiting: HashMap<String, Slots>,
    shapes: &[Shape],
    catalogue: &'a Catalogue,
    metrics: &mut Vec<Metric<'a>>,
) {
    let mut partial: Vec<(String, Slots)> = waiting.into_iter().collect();
    partial.sort_by(|a, b| a.0.cmp(&b.0));
    let mut names: Vec<Name> = metrics.iter().map(|m| m.name.clone()).collect();
    names.extend(partial.iter().map(|(header, _)| Name::parse(header)));
    let places = catalogue.places(&names);
    let steady = |slots: &Slots| shapes.iter().zip(slots).any(|(shape, values)| shape.steady && values.is_some());
    let (of_whole, of_partial) = places.split_at(metrics.len());
    let known = of_whole.iter().chain(of_partial.iter().zip(&partial).filter(|(_, p)| steady(&p.1)).map(|(p, _)| p));
    let scraped: HashSet<String> = known.filter_map(|place| place.service.clone()).collect();
    for ((_, slots), (name, place)) in partial.iter_mut().zip(names[metrics.len()..].iter().zip(of_partial)) {
        let errors = catalogue.read(name, None).kind == "errors";
        if errors && !steady(slots) && place.service.as_ref().is_some_and(|s| scraped.contains(s)) {
            grid_of_zeros(shapes, slots);
        }
    }
    metrics.extend(measure_all(partial, shapes, catalogue));
    for (metric, place) in metrics.iter_mut().zip(places) {
        metric.place = place;
    }
}

fn grid_of_zeros(shapes: &[Shape], slots: &mut Slots) {
    for (shape, slot) in shapes.iter().zip(slots).filter(|(shape, _)| shape.steady) {
        *slot = Some(vec![0.0; shape.times_ms.len()]);
    }
}

/// Kinds that fall silent when nobody asks, so that their silence says nothing of their service.
const ASKED_FOR: [&str; 4] = ["latency", "availability", "errors", "traffic"];

/// What vanishes counts as presence lost: of a service none of whose metrics has a sample in the overload, and
/// which showed more in steady state than how its requests went, all do.
fn lose_the_gone(metrics: &mut [Metric]) {
    let seen = |share: Option<f64>| share.is_some_and(|missing| missing < 1.0);
    let mut there: HashMap<&str, (bool, bool)> = HashMap::new();
    for metric in metrics.iter() {
        let Some(service) = metric.place.service.as_deref() else { continue };
        let (before, after) = there.entry(service).or_default();
        *before |= seen(metric.measure.missing_steady) && !ASKED_FOR.contains(&metric.reading.kind);
        *after |= seen(metric.measure.missing_overload);
    }
    let gone: HashSet<String> =
        there.into_iter().filter(|(_, seen)| *seen == (true, false)).map(|(service, _)| service.to_string()).collect();
    let lost =
        |m: &&mut Metric| m.place.service.as_ref().is_some_and(|s| gone.contains(s)) && m.measure.steady.is_some();
    metrics.iter_mut().filter(lost).for_each(|metric| metric.measure.lose());
}

fn measure_all<'a>(metrics: Vec<(String, Slots)>, shapes: &[Shape], catalogue: &'a Catalogue) -> Vec<Metric<'a>> {
    metrics.into_par_iter().map(|(header, slots)| measure_one(header, &slots, shapes, catalogue)).collect()
}

fn measure_one<'a>(header: String, slots: &Slots, shapes: &[Shape], catalogue: &'a Catalogue) -> Metric<'a> {
    let name = Name::parse(&header);
    let (mut steady, mut overload) = (Vec::new(), Vec::new());
    for (track, values) in shapes.iter().zip(slots) {
        let Some(values) = values else { continue };
        if track.steady {
            steady.push(values.as_slice());
        } else {
            let run =
                |rows: &Range<usize>| Run { values: &values[rows.clone()], times_ms: &track.times_ms[rows.clone()] };
            overload.extend(track.spans.iter().map(run));
        }
    }
    let reading = catalogue.read(&name, None);
    let success = reading.kind == "availability" && reading.counter != Some(true);
    let success = success && reading.harm == Harm::Down;
    let nature = Nature { harm: reading.harm, success, events: reading.kind == "errors" };
    Metric { measure: measure(&steady, &overload, nature), header, name, reading, place: Place::default() }
}
