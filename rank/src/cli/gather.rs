//! Reads steady and overload grids side by side and measures each metric as soon as it is whole.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::PathBuf;
use std::vec::IntoIter;

use grid::{Batches, Column, Error, Grid, Io, Source};
use names::{Name, TREATMENT, Treatment};
use rank::change::Nature;
use rank::measure::{Measure, Run, measure};

use crate::cli::settings::Grids;

/// What a grid's rows stand for.
#[derive(Default)]
pub(crate) struct Shape {
    times_ms: Vec<i64>,
    spans: Vec<Range<usize>>,
    steady: bool,
}

/// The columns of one metric that have come so far, one per grid.
pub(crate) type Slots = Vec<Option<Vec<f64>>>;

/// Two states in the wrong order are most likely a slip.
pub(crate) const SWAPPED: &str = "the baseline is later than the overload: are the two swapped?";

/// Metrics that are measured together.
const TOGETHER: usize = 1024;

/// Gives every metric of the grids to `take`, by its header, some at a time, to be measured by [`measure_one`]. Grids in
/// lines (JSONL) of the same order are taken as they are read, so that memory does not grow with the number of metrics.
/// True when the steady state is the later one.
pub(crate) fn gather(
    grids: &Grids,
    io: &mut Io,
    mut take: impl FnMut(Vec<(String, Slots)>, &[Shape], &mut Io) -> Result<(), Error>,
) -> Result<bool, Error> {
    let (mut open, mut shapes) = open(grids, io)?;
    let mut waiting: HashMap<String, Slots> = HashMap::new();
    let most = open.iter().map(Batches::left).max().flatten();
    let all = most.map(|most| io.working(format_args!("measuring {most} metrics"), most));
    loop {
        let mut sides = Vec::with_capacity(open.len());
        for (batches, shape) in open.iter_mut().zip(&mut shapes) {
            sides.push(batches.next_batch(io)?.map(|batch| enter(batch, shape)));
        }
        if sides.iter().all(Option::is_none) {
            break;
        }
        let columns = sides.iter().flatten().map(ExactSizeIterator::len).max().unwrap_or(0);
        let some = all.is_none().then(|| io.working(format_args!("measuring {columns} metrics"), columns));
        let mut sides: Vec<IntoIter<Column>> = sides.into_iter().map(Option::unwrap_or_default).collect();
        while sides.iter().any(|side| side.len() > 0) {
            let whole = next_whole(&mut sides, &mut waiting);
            let count = whole.len();
            take(whole, &shapes, io)?;
            all.iter().chain(&some).for_each(|working| working.counted(count));
        }
    }
    refuse_mixed(&waiting)?;
    let mut partial: Vec<(String, Slots)> = waiting.into_iter().collect();
    partial.sort_by(|a, b| a.0.cmp(&b.0));
    take(partial, &shapes, io)?;
    Ok(are_swapped(&shapes))
}

fn open(grids: &Grids, io: &mut Io) -> Result<(Vec<Batches>, Vec<Shape>), Error> {
    let steady = grids.steady.iter().map(|path| (path, true));
    let paths: Vec<(&PathBuf, bool)> = steady.chain(grids.overload.iter().map(|path| (path, false))).collect();
    let picker = io.picker(&grids.select, &grids.drop)?;
    let source = |(path, steady): &(&PathBuf, bool)| {
        let source = Source::open(path)?.pick(picker.clone());
        Ok(if *steady { source.beside() } else { source })
    };
    let opened = grid::batches_of_each(&paths, source, io)?;
    let shape = |(_, steady): &(&PathBuf, bool)| Shape { steady: *steady, ..Shape::default() };
    Ok((opened, paths.iter().map(shape).collect()))
}

/// Keeps the times of a grid's first batch; gives its columns.
fn enter(batch: Grid, shape: &mut Shape) -> IntoIter<Column> {
    if shape.spans.is_empty() {
        shape.spans = batch.spans().into_iter().map(|span| span.rows).collect();
        shape.times_ms = batch.times_ms;
    }
    batch.columns.into_iter()
}

/// The next metrics that every grid has. Where the grids have them in the same order, none needs to wait for its others.
fn next_whole(sides: &mut [IntoIter<Column>], waiting: &mut HashMap<String, Slots>) -> Vec<(String, Slots)> {
    let mut whole = Vec::with_capacity(TOGETHER);
    while whole.len() < TOGETHER && sides.iter().any(|side| side.len() > 0) {
        let first = sides[0].as_slice().first().map(|column| column.name.as_str());
        let same = sides.iter().all(|side| side.as_slice().first().map(|column| column.name.as_str()) == first);
        let next = sides.iter_mut().map(Iterator::next);
        if same {
            let mut next = next.flatten().peekable();
            let name = next.peek_mut().map(|column| std::mem::take(&mut column.name)).unwrap_or_default();
            whole.push((name, next.map(|column| Some(column.values)).collect()));
            continue;
        }
        let next: Vec<Option<Column>> = next.collect();
        let count = next.len();
        for (at, column) in next.into_iter().enumerate().filter_map(|(at, column)| Some((at, column?))) {
            let slots = waiting.entry(column.name.clone()).or_insert_with(|| vec![None; count]);
            slots[at] = Some(column.values);
            if slots.iter().all(Option::is_some) {
                whole.extend(waiting.remove_entry(&column.name));
            }
        }
    }
    whole
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

fn are_swapped(shapes: &[Shape]) -> bool {
    let first = |steady: bool| shapes.iter().filter(|s| s.steady == steady).filter_map(|s| s.times_ms.first()).min();
    let last = |steady: bool| shapes.iter().filter(|s| s.steady == steady).filter_map(|s| s.times_ms.last()).max();
    first(true) > last(false) && last(false).is_some()
}

/// Measures a metric.
pub(crate) fn measure_one(mut slots: Slots, shapes: &[Shape], nature: Nature) -> Measure {
    // A column that is empty throughout is no other than none, where another grid of its side has it: one export cut in two has all
    // columns on both sides.
    let has_samples = |values: &Vec<f64>| values.iter().any(|value| value.is_finite());
    let filled: Vec<bool> = slots.iter().map(|values| values.as_ref().is_some_and(has_samples)).collect();
    let has = |steady| shapes.iter().zip(&filled).any(|(shape, filled)| *filled && shape.steady == steady);
    let (has_steady, has_overload) = (has(true), has(false));
    for ((shape, slot), filled) in shapes.iter().zip(&mut slots).zip(filled) {
        if !filled && if shape.steady { has_steady } else { has_overload } {
            *slot = None;
        }
    }
    // Whether their service was scraped in steady state is known when all metrics are.
    let born = nature.events && !has_steady;
    if born {
        for (shape, slot) in shapes.iter().zip(&mut slots).filter(|(shape, _)| shape.steady) {
            *slot = Some(vec![0.0; shape.times_ms.len()]);
        }
    }
    let (mut steady, mut overload) = (Vec::new(), Vec::new());
    for (track, values) in shapes.iter().zip(&slots) {
        let Some(values) = values else { continue };
        if track.steady {
            steady.push(values.as_slice());
        } else {
            let run =
                |rows: &Range<usize>| Run { values: &values[rows.clone()], times_ms: &track.times_ms[rows.clone()] };
            overload.extend(track.spans.iter().map(run));
        }
    }
    let mut measure = measure(&steady, &overload, nature);
    measure.found.born = born;
    measure
}
