//! Grids in and out, in either form.

use std::io::Write;
use std::path::Path;

use rayon::prelude::*;

use crate::forms::csv::held::Held;
use crate::forms::{csv, jsonl};
use crate::{Error, Form, Grid, Io, Source};

/// How many columns a batch has at the most, but for rows of JSON, which are read whole.
pub(crate) const BATCH: usize = 256;

/// The columns of a grid, batch by batch. What has been taken is no longer kept.
pub struct Batches {
    form: Form,
    state: State,
    any: bool,
}

enum State {
    /// Rows of CSV.
    Csv(Held),
    /// Rows of JSON.
    Rows(Option<Grid>),
    /// Series lines.
    Jsonl(Box<jsonl::read::Reader>),
}

/// Opens a grid for reading in batches. All batches have the same times.
pub fn batches(source: Source, io: &mut Io) -> Result<Batches, Error> {
    Ok(say_notes(open(source)?, io))
}

/// Opens several grids. Those in CSV are read side by side, each file being open only while it is read; what is said of
/// them, and which failure is told, does not depend on which is read first.
pub fn batches_of_each<T: Sync>(
    inputs: &[T],
    source: impl Fn(&T) -> Result<Source, Error> + Sync,
    io: &mut Io,
) -> Result<Vec<Batches>, Error> {
    let opened: Vec<_> = inputs.par_iter().map(|input| open(source(input)?)).collect();
    opened.into_iter().map(|one| Ok(say_notes(one?, io))).collect()
}

fn say_notes((batches, notes): (Batches, Vec<String>), io: &mut Io) -> Batches {
    notes.iter().for_each(|note| io.note(note));
    batches
}

fn open(source: Source) -> Result<(Batches, Vec<String>), Error> {
    let form = source.form();
    let (state, notes) = match form {
        Form::Csv => csv::read::read(source).map(|(grid, notes)| (State::Csv(grid), notes))?,
        Form::Jsonl => {
            let mut reader = jsonl::read::Reader::new(source);
            match reader.rows()? {
                Some(grid) => (State::Rows(Some(grid)), Vec::new()),
                None => (State::Jsonl(Box::new(reader)), Vec::new()),
            }
        }
    };
    Ok((Batches { form, state, any: false }, notes))
}

impl Batches {
    /// The form that is read.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The next batch; `None` at the end. There is at least one, which may have no columns.
    pub fn next_batch(&mut self, io: &mut Io) -> Result<Option<Grid>, Error> {
        let first = !std::mem::replace(&mut self.any, true);
        let batch = match &mut self.state {
            State::Csv(held) => held.next_batch()?,
            State::Rows(grid) => grid.take(),
            State::Jsonl(reader) => reader.next_batch(io)?,
        };
        Ok(match (&self.state, batch) {
            (State::Csv(held), None) if first => Some(held.without_columns()),
            (_, None) if first => Some(Grid::default()),
            (_, batch) => batch,
        })
    }

    /// How many columns are to come; `None` where lines are still to be read.
    pub fn left(&self) -> Option<usize> {
        match &self.state {
            State::Csv(held) => Some(held.width()),
            State::Rows(grid) => Some(grid.as_ref().map_or(0, |grid| grid.columns.len())),
            State::Jsonl(_) => None,
        }
    }
}

/// Reads a whole grid.
pub fn read_grid(source: Source, io: &mut Io) -> Result<Grid, Error> {
    let mut batches = batches(source, io)?;
    let mut grid = batches.next_batch(io)?.unwrap_or_default();
    grid.columns.reserve_exact(batches.left().unwrap_or_default());
    while let Some(batch) = batches.next_batch(io)? {
        grid.columns.extend(batch.columns);
    }
    Ok(grid)
}

/// Reads a whole grid that stands beside the main input from a file; `-` is standard input.
pub fn read_grid_file(path: &Path, io: &mut Io) -> Result<Grid, Error> {
    read_grid(Source::open(path)?.beside(), io)
}

/// Writes the batches of a grid: JSONL at once, CSV when the last one has come.
pub struct GridWriter {
    form: Form,
    held: Option<Held>,
    /// True when a column has been written.
    any: bool,
}

impl GridWriter {
    /// A writer of one form.
    pub fn new(form: Form) -> Self {
        GridWriter { form, held: None, any: false }
    }

    /// Takes the next columns. They must have the times of the first.
    pub fn write(&mut self, batch: Grid, out: &mut impl Write) -> Result<(), Error> {
        if self.form == Form::Jsonl && !batch.columns.is_empty() {
            self.any = true;
            return jsonl::write::write(&batch, out);
        }
        self.held.get_or_insert_default().push(batch)
    }

    /// Writes what is left.
    pub fn finish(self, out: &mut impl Write) -> Result<(), Error> {
        match (self.form, self.held) {
            (Form::Csv, Some(held)) => csv::write::write(&held, out),
            (Form::Jsonl, Some(held)) if !self.any => jsonl::write::write_times(&held.without_columns(), out),
            _ => Ok(()),
        }
    }
}

/// Writes a whole grid.
pub fn write_grid(grid: &Grid, form: Form, out: &mut impl Write) -> Result<(), Error> {
    match form {
        Form::Csv => csv::write::write(grid, out),
        Form::Jsonl if grid.columns.is_empty() => jsonl::write::write_times(grid, out),
        Form::Jsonl => jsonl::write::write(grid, out),
    }
}
