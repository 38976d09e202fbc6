//! `--emit measures` and `--measures`: what was measured of each metric, so that many machines can measure and one rank.

use grid::{Cell, Error, Io, Picker, Rows, Source, Table, TableBatches, TableForm};
use names::{Catalogue, Name};
use rank::known::Known;
use rank::measure::Measure;
use rank::note::Note;
use rayon::prelude::*;

use crate::cli::gather::{SWAPPED, gather};
use crate::cli::metric::{Metric, Sense};
use crate::cli::settings::{Grids, Shards};

/// Columns beside the numbers of a measure.
const BEFORE: [&str; 5] = ["metric", "kind", "harm", "born", "steady_grids"];
const AFTER: [&str; 2] = ["runs", "note"];

fn header() -> Vec<String> {
    BEFORE.iter().chain(&Measure::NUMBERS).chain(&AFTER).map(|name| (*name).to_string()).collect()
}

/// Measures the grids and writes a row a metric, as they come.
pub(crate) fn emit(grids: &Grids, form: TableForm, catalogue: &Catalogue, io: &mut Io) -> Result<(), Error> {
    let mut open = false;
    let swapped = gather(grids, catalogue, io, |metrics, io| {
        let rows = Rows::new(header(), metrics.len(), |at| row(&metrics[at], grids.steady.len()));
        if std::mem::replace(&mut open, true) { rows.write_body(form, io) } else { rows.write(form, io) }
    })?;
    if swapped {
        io.note(SWAPPED);
    }
    Ok(())
}

fn row(metric: &Metric, steady_grids: usize) -> Vec<Cell> {
    let sense = &metric.sense;
    let mut cells = vec![
        Cell::from(&*metric.header),
        sense.kind.into(),
        sense.harm.name().into(),
        Cell::from(metric.born.then_some("yes")),
        steady_grids.into(),
    ];
    cells.extend(metric.measure.numbers().map(exact));
    cells.extend([(metric.measure.runs as usize).into(), metric.measure.note.text().into()]);
    cells
}

/// A number that reads back to the same bits; what is beyond all numbers as one that is.
fn exact(number: Known) -> Cell {
    match number.get() {
        Some(f64::INFINITY) => "1e999".into(),
        Some(f64::NEG_INFINITY) => "-1e999".into(),
        other => other.into(),
    }
}

fn number(cell: &Cell) -> Option<Known> {
    match cell {
        Cell::Empty => Some(Known::NOTHING),
        Cell::Text(text) => {
            let finite = grid::parse_number(text.as_bytes());
            finite.or_else(|| text.parse().ok().filter(|v: &f64| !v.is_nan())).map(Known::from)
        }
        other => other.number().map(Known::from),
    }
}

/// Reads measures in any order. Also gives the number of steady grids they were made beside, the same for all.
pub(crate) fn read<'a>(shards: &Shards, catalogue: &'a Catalogue) -> Result<(Vec<Metric<'a>>, usize), Error> {
    let mut picker = Picker::new(&shards.select, &shards.drop)?;
    let (mut metrics, mut steady_grids) = (Vec::new(), None);
    for path in &shards.files {
        let mut batches = TableBatches::open(Source::open(path)?)?;
        let place = batches.place().to_string();
        while let Some(table) = batches.next_batch()? {
            let columns = Columns::of(&table).map_err(|e| e.at(&place))?;
            // All of them, so that the first that cannot be read is told, whichever thread comes first.
            let read: Vec<_> = table.rows.par_iter().map(|row| columns.metric(row, catalogue)).collect();
            for one in read {
                let (metric, grids) = one.map_err(|e| e.at(&place))?;
                if *steady_grids.get_or_insert(grids) != grids {
                    let what = "measured beside another number of steady grids than those before it";
                    return Err(Error::parse(&place, what, &metric.header));
                }
                if picker.keeps(&metric.header) {
                    metrics.push(metric);
                }
            }
        }
    }
    if steady_grids.is_none() {
        return Err(Error::empty("", "what rank --emit measures prints"));
    }
    picker.check_used()?;
    Ok((metrics, steady_grids.unwrap_or(1)))
}

/// Where the columns of measures stand.
struct Columns {
    text: [usize; 6],
    steady_grids: usize,
    numbers: [usize; Measure::NUMBERS.len()],
}

impl Columns {
    fn of(table: &Table) -> Result<Self, Error> {
        let mut missing = None;
        let mut place = |name: &'static str| {
            let found = table.column(name);
            missing = missing.or(found.is_none().then_some(name));
            found.unwrap_or_default()
        };
        let text = ["metric", "kind", "harm", "born", "runs", "note"].map(&mut place);
        let (steady_grids, numbers) = (place("steady_grids"), Measure::NUMBERS.map(&mut place));
        match missing {
            Some(name) => {
                Err(Error::failed(format!("no column \"{name}\": expected what rank --emit measures prints")))
            }
            None => Ok(Columns { text, steady_grids, numbers }),
        }
    }

    fn metric<'a>(&self, row: &[Cell], catalogue: &'a Catalogue) -> Result<(Metric<'a>, usize), Error> {
        let [header, kind, harm, born, runs, note] = self.text.map(|at| &row[at]);
        let header = header.text();
        let wrong = |what: &str| Error::parse("", what, &header);
        let whole = |n: &f64| (0.0..=f64::from(u32::MAX)).contains(n);
        let count = |cell: &Cell| number(cell)?.get().filter(whole).map(|n| n as u32);
        let mut numbers = [Known::NOTHING; Measure::NUMBERS.len()];
        for (number_of, at) in numbers.iter_mut().zip(self.numbers) {
            *number_of = number(&row[at]).ok_or_else(|| wrong("a cell that is no number in the measures of"))?;
        }
        let (sense, _) = Sense::of(catalogue, &Name::parse(&header));
        if (sense.kind, sense.harm.name()) != (kind.text().as_str(), harm.text().as_str()) {
            return Err(wrong("measured as another kind, expected the same --kinds and the same version for both"));
        }
        let runs = count(runs).ok_or_else(|| wrong("no number of runs in the measures of"))?;
        let grids =
            count(&row[self.steady_grids]).ok_or_else(|| wrong("no number of steady grids in the measures of"))?;
        let note = Note::parse(&note.text()).ok_or_else(|| wrong("an unknown note in the measures of"))?;
        let measure = Measure::of(numbers, runs, note);
        let born = born.text() == "yes";
        Ok((Metric { header: header.into(), sense, born, measure }, grids as usize))
    }
}
