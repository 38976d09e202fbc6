//! `--emit measures` and `--measures`: what was measured of each metric, so that many machines can measure and one rank.

use std::path::PathBuf;
use std::sync::OnceLock;

use grid::{Cell, Error, Fields, Io, Picker, Rows, Source, TableBatches, TableForm};
use names::{Catalogue, Name, Reading};
use rank::known::Known;
use rank::measure::Measure;
use rank::note::Note;
use rayon::prelude::*;

use crate::cli::gather::{SWAPPED, Slots, gather, measure_one};
use crate::cli::settings::{Grids, Shards};
use rank::suspects::metric::{Metrics, nature};

/// Columns beside the numbers of a measure.
const BEFORE: [&str; 6] = ["metric", "kind", "harm", "born", "part", "steady_grids"];
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
        Cell::from(measure.found.part.then_some("yes")),
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

fn number(fields: &Fields, column: usize) -> Option<Known> {
    let words = |cell: &[u8]| match std::str::from_utf8(cell).ok()?.parse().ok() {
        Some(number) if !f64::is_nan(number) => Some(Known::from(number)),
        _ => None,
    };
    match fields.get(column) {
        [] => Some(Known::NOTHING),
        cell => fields.number(column).map(Known::from).or_else(|| words(cell)),
    }
}

/// Reads measures in any order. Also gives the number of steady grids they were made beside, the same for all.
pub(crate) fn read<'c>(
    shards: &Shards,
    catalogue: &'c Catalogue,
    metrics: &mut Metrics<'c>,
    io: &mut Io,
) -> Result<usize, Error> {
    let mut taking =
        Taking { picker: io.picker(&shards.select, &shards.drop)?, catalogue, metrics, steady_grids: None };
    let mut tables = Tables { files: shards.files.iter(), open: None };
    let mut next = tables.next_batch()?;
    while let Some(batch) = next {
        // What is wrong with these rows comes before what is wrong with the next.
        let (taken, read) = rayon::join(|| taking.take(batch.parts), || tables.next_batch());
        taken.map_err(|e| e.at(&batch.place))?;
        next = read?;
    }
    let Some(steady_grids) = taking.steady_grids else {
        return Err(Error::empty("", "what rank --emit measures prints"));
    };
    taking.picker.check_used()?;
    Ok(steady_grids as usize)
}

/// The tables of all shards, read some rows at a time.
struct Tables<'s> {
    files: std::slice::Iter<'s, PathBuf>,
    open: Option<TableBatches>,
}

/// Some rows of one table.
struct Batch {
    place: String,
    parts: Vec<Part>,
}

/// Rows that follow each other, as far as they can be read.
#[derive(Default)]
struct Part {
    /// Their texts, one behind the other.
    texts: String,
    rows: Vec<Row>,
    wrong: Option<Error>,
}

/// What a row of measures says.
struct Row {
    /// Where its header, its kind and its harm end among the texts of its part.
    ends: [usize; 3],
    steady_grids: u32,
    measure: Measure,
}

impl Part {
    fn add(&mut self, columns: &Columns, fields: &Fields) {
        if self.wrong.is_none() {
            match columns.row(fields, &mut self.texts) {
                Ok(row) => self.rows.push(row),
                Err(wrong) => self.wrong = Some(wrong),
            }
        }
    }
}

impl Tables<'_> {
    fn next_batch(&mut self) -> Result<Option<Batch>, Error> {
        loop {
            let Some(table) = &mut self.open else {
                let Some(path) = self.files.next() else { return Ok(None) };
                self.open = Some(TableBatches::open(Source::open(path)?));
                continue;
            };
            let columns = OnceLock::new();
            let add = |part: &mut Part, header: &[String], fields: &Fields| match columns
                .get_or_init(|| Columns::of(header))
            {
                Ok(columns) => part.add(columns, fields),
                Err(missing) => part.wrong = Some(Error::failed(missing)),
            };
            match table.next_batch(add)? {
                Some(parts) => return Ok(Some(Batch { place: table.place().to_string(), parts })),
                None => self.open = None,
            }
        }
    }
}

/// Where the rows go.
struct Taking<'t, 'c> {
    picker: Picker,
    catalogue: &'c Catalogue,
    metrics: &'t mut Metrics<'c>,
    steady_grids: Option<u32>,
}

impl Taking<'_, '_> {
    fn take(&mut self, parts: Vec<Part>) -> Result<(), Error> {
        for part in parts {
            let mut start = 0;
            for row in &part.rows {
                let [header, kind, harm] = row.ends;
                let texts = [&part.texts[start..header], &part.texts[header..kind], &part.texts[kind..harm]];
                self.add(texts, row)?;
                start = harm;
            }
            part.wrong.map_or(Ok(()), Err)?;
        }
        Ok(())
    }

    /// Adds a row to the metrics, if it is kept.
    fn add(&mut self, [text, kind, harm]: [&str; 3], row: &Row) -> Result<(), Error> {
        let (header, reading) = match self.picker.keeps(text) {
            true => {
                let header = self.metrics.book.add(text);
                (Some(header), self.metrics.book.meaning(header).reading)
            }
            false => (None, self.catalogue.read(&Name::parse(text))),
        };
        if (reading.kind, reading.harm.name()) != (kind, harm) {
            let what = "measured as another kind, expected the same --kinds and the same version for both";
            return Err(Error::parse("", what, text));
        }
        if let Some(header) = header {
            self.metrics.push(text, header, &row.measure);
        }
        if *self.steady_grids.get_or_insert(row.steady_grids) != row.steady_grids {
            let what = "expected as many steady grids as in the rows before it";
            return Err(Error::parse("", what, text));
        }
        Ok(())
    }
}

/// Where the columns of measures stand.
struct Columns {
    text: [usize; 5],
    runs: usize,
    note: usize,
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
        let text = ["metric", "kind", "harm", "born", "part"].map(&mut place);
        let [runs, note, steady_grids] = ["runs", "note", "steady_grids"].map(&mut place);
        let numbers = Measure::NUMBERS.map(&mut place);
        match missing {
            Some(name) => Err(format!("no column \"{name}\": expected what rank --emit measures prints")),
            None => Ok(Columns { text, runs, note, steady_grids, numbers }),
        }
    }

    /// Reads a row, whose texts go behind the others.
    fn row(&self, fields: &Fields, texts: &mut String) -> Result<Row, Error> {
        let [header, kind, harm, born, part] = self.text.map(|at| fields.get(at));
        let wrong = |what: &str| Error::parse("", what, &String::from_utf8_lossy(header));
        let whole = |n: &f64| (0.0..=f64::from(u32::MAX)).contains(n);
        let count = |at: usize| number(fields, at)?.get().filter(whole).map(|n| n as u32);
        let mut numbers = [Known::NOTHING; Measure::NUMBERS.len()];
        for (number_of, at) in numbers.iter_mut().zip(self.numbers) {
            *number_of = number(fields, at).ok_or_else(|| wrong("expected a number in the measures of"))?;
        }
        let runs = count(self.runs).ok_or_else(|| wrong("expected the number of runs in the measures of"))?;
        let steady_grids = count(self.steady_grids);
        let steady_grids =
            steady_grids.ok_or_else(|| wrong("expected the number of steady grids in the measures of"))?;
        let note = std::str::from_utf8(fields.get(self.note)).ok().and_then(Note::parse);
        let note = note.ok_or_else(|| wrong("an unknown note in the measures of"))?;
        let measure = Measure::of(numbers, runs, note, [born, part].map(|word| word == b"yes"));
        let ends = [header, kind, harm].map(|text| {
            match std::str::from_utf8(text) {
                Ok(text) => texts.push_str(text),
                Err(_) => texts.push_str(&String::from_utf8_lossy(text)),
            }
            texts.len()
        });
        Ok(Row { ends, steady_grids, measure })
    }
}
