//! `--emit measures` and `--measures`: what was measured of each metric, so that many machines can measure and one rank.

use std::sync::OnceLock;

use grid::{Cell, Error, Fields, Io, Rows, Source, TableBatches, TableForm, parse_number};
use names::{Catalogue, Name, Reading};
use rank::known::Known;
use rank::measure::Measure;
use rank::note::Note;
use rayon::prelude::*;

use crate::cli::gather::{SWAPPED, Slots, gather, measure_one};
use crate::cli::metric::{Metrics, nature};
use crate::cli::settings::{Grids, Shards};

/// Columns beside the numbers of a measure.
const BEFORE: [&str; 5] = ["metric", "kind", "harm", "born", "steady_grids"];
const AFTER: [&str; 2] = ["runs", "note"];

fn header() -> Vec<String> {
    BEFORE.iter().chain(&Measure::NUMBERS).chain(&AFTER).map(|name| (*name).to_string()).collect()
}

/// Measures the grids and writes one row per metric, as they come.
pub(crate) fn emit(grids: &Grids, form: TableForm, catalogue: &Catalogue, io: &mut Io) -> Result<(), Error> {
    let mut open = false;
    let swapped = gather(grids, io, |metrics, shapes, io| {
        let one = |(header, slots): (String, Slots)| {
            let reading = catalogue.read(&Name::parse(&header));
            let measure = measure_one(slots, shapes, nature(&reading));
            (header, reading, measure)
        };
        let measured: Vec<_> = metrics.into_par_iter().map(one).collect();
        let row = |at: usize| {
            let (header, reading, measure) = &measured[at];
            row(header, reading, measure, grids.steady.len())
        };
        let rows = Rows::new(self::header(), measured.len(), row);
        if std::mem::replace(&mut open, true) { rows.write_body(form, io) } else { rows.write(form, io) }
    })?;
    if swapped {
        io.note(SWAPPED);
    }
    Ok(())
}

fn row(header: &str, reading: &Reading, measure: &Measure, steady_grids: usize) -> Vec<Cell> {
    let mut cells = vec![
        Cell::from(header),
        reading.kind.into(),
        reading.harm.name().into(),
        Cell::from(measure.found.born.then_some("yes")),
        steady_grids.into(),
    ];
    cells.extend(measure.numbers().map(exact));
    cells.extend([(measure.found.runs as usize).into(), measure.found.note.text().into()]);
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

fn number(cell: &[u8]) -> Option<Known> {
    if cell.is_empty() {
        return Some(Known::NOTHING);
    }
    let words = || std::str::from_utf8(cell).ok()?.parse().ok().filter(|v: &f64| !v.is_nan());
    parse_number(cell).or_else(words).map(Known::from)
}

/// Reads measures in any order. Also gives the number of steady grids they were made beside, the same for all.
pub(crate) fn read(shards: &Shards, catalogue: &Catalogue, metrics: &mut Metrics, io: &mut Io) -> Result<usize, Error> {
    let mut picker = io.picker(&shards.select, &shards.drop)?;
    let mut steady_grids = None;
    for path in &shards.files {
        let mut batches = TableBatches::open(Source::open(path)?);
        let (place, columns) = (batches.place().to_string(), OnceLock::new());
        let row = |header: &[String], fields: &Fields| match columns.get_or_init(|| Columns::of(header)) {
            Ok(columns) => columns.row(fields),
            Err(missing) => Err(Error::failed(missing)),
        };
        while let Some(rows) = batches.next_batch(row)? {
            for row in rows {
                let row = row.map_err(|e| e.at(&place))?;
                let keeps = picker.keeps(&row.header);
                row.take(keeps, catalogue, metrics).map_err(|e| e.at(&place))?;
                if *steady_grids.get_or_insert(row.steady_grids) != row.steady_grids {
                    let what = "measured beside another number of steady grids than those before it";
                    return Err(Error::parse(&place, what, &row.header));
                }
            }
        }
    }
    if steady_grids.is_none() {
        return Err(Error::empty("", "what rank --emit measures prints"));
    }
    picker.check_used()?;
    Ok(steady_grids.unwrap_or(1) as usize)
}

/// What a row of measures says.
struct Row {
    header: String,
    kind: String,
    harm: String,
    steady_grids: u32,
    measure: Measure,
}

impl Row {
    /// Adds it to the metrics, if it is kept.
    fn take(&self, keeps: bool, catalogue: &Catalogue, metrics: &mut Metrics) -> Result<(), Error> {
        let (header, reading) = match keeps {
            true => {
                let header = metrics.book.add(&self.header);
                (Some(header), metrics.book.meaning(header).reading)
            }
            false => (None, catalogue.read(&Name::parse(&self.header))),
        };
        if (reading.kind, reading.harm.name()) != (self.kind.as_str(), self.harm.as_str()) {
            let what = "measured as another kind, expected the same --kinds and the same version for both";
            return Err(Error::parse("", what, &self.header));
        }
        if let Some(header) = header {
            metrics.push(&self.header, header, &self.measure);
        }
        Ok(())
    }
}

/// Where the columns of measures stand.
struct Columns {
    text: [usize; 6],
    steady_grids: usize,
    numbers: [usize; Measure::NUMBERS.len()],
}

impl Columns {
    fn of(header: &[String]) -> Result<Self, String> {
        let mut missing = None;
        let mut place = |name: &'static str| {
            let found = header.iter().position(|own| own == name);
            missing = missing.or(found.is_none().then_some(name));
            found.unwrap_or_default()
        };
        let text = ["metric", "kind", "harm", "born", "runs", "note"].map(&mut place);
        let (steady_grids, numbers) = (place("steady_grids"), Measure::NUMBERS.map(&mut place));
        match missing {
            Some(name) => Err(format!("no column \"{name}\": expected what rank --emit measures prints")),
            None => Ok(Columns { text, steady_grids, numbers }),
        }
    }

    fn row(&self, fields: &Fields) -> Result<Row, Error> {
        let text = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
        let [header, kind, harm, born, runs, note] = self.text.map(|at| fields.get(at));
        let wrong = |what: &str| Error::parse("", what, &text(header));
        let whole = |n: &f64| (0.0..=f64::from(u32::MAX)).contains(n);
        let count = |cell: &[u8]| number(cell)?.get().filter(whole).map(|n| n as u32);
        let mut numbers = [Known::NOTHING; Measure::NUMBERS.len()];
        for (number_of, at) in numbers.iter_mut().zip(self.numbers) {
            *number_of = number(fields.get(at)).ok_or_else(|| wrong("a cell that is no number in the measures of"))?;
        }
        let runs = count(runs).ok_or_else(|| wrong("no number of runs in the measures of"))?;
        let steady_grids = count(fields.get(self.steady_grids));
        let steady_grids = steady_grids.ok_or_else(|| wrong("no number of steady grids in the measures of"))?;
        let note = std::str::from_utf8(note).ok().and_then(Note::parse);
        let note = note.ok_or_else(|| wrong("an unknown note in the measures of"))?;
        let measure = Measure::of(numbers, runs, note, born == b"yes");
        Ok(Row { header: text(header), kind: text(kind), harm: text(harm), steady_grids, measure })
    }
}
