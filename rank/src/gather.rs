//! Reads steady and overload grids side by side and measures each metric as soon as it is whole.

use crate::args::Args;
use grid::{Batches, Error, Grid, Io, Source};
use names::{Catalogue, Name, TREATMENT, Treatment};
use rank::measure::{Measure, Run, measure};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One metric, measured.
pub(crate) struct Metric {
    /// The header's text.
    pub(crate) header: String,
    /// Its name and labels.
    pub(crate) name: Name,
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

/// The columns of one metric that have come so far, one a track.
type Slots = Vec<Option<Vec<f64>>>;

/// Measures every metric of the grids that `args` names. Grids in lines (JSONL) of the same order
/// are measured as they are read, so that memory does not grow with the number of metrics.
pub(crate) fn gather(args: &Args, catalogue: &Catalogue, io: &mut Io) -> Result<Vec<Metric>, Error> {
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
    metrics.extend(measure_all(waiting.into_iter().collect(), &shapes(&tracks), catalogue));
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

fn measure_all(metrics: Vec<(String, Slots)>, shapes: &[Shape], catalogue: &Catalogue) -> Vec<Metric> {
    metrics.into_par_iter().map(|(header, slots)| measure_one(header, &slots, shapes, catalogue)).collect()
}

fn measure_one(header: String, slots: &Slots, shapes: &[Shape], catalogue: &Catalogue) -> Metric {
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
    let harm = catalogue.read(&name, None).harm;
    Metric { measure: measure(&steady, &overload, harm), header, name }
}
