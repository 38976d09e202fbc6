//! Every column against every other.

use grid::{Cell, Error, Grid, Io, Rows};

use super::args::Measure;
use super::comparison::{Candidate, Comparison};
use super::query;
use super::request::Request;

/// Prints a square table: one row per column of the grid, one column per column. The row is the series, the
/// column the query. Where a comparison is the same both ways it is made and kept once.
pub(crate) fn run(request: &Request, measure: Measure, grid: &Grid, io: &mut Io) -> Result<(), Error> {
    let comparison = Comparison::new(request, grid)?;
    let names: Vec<&str> = grid.columns.iter().map(|c| &c.name[..]).collect();
    let mut square = Square::new(names.len(), request.is_one_way(), measure)?;
    let working = io.working(format_args!("comparing {} columns with each other", names.len()), names.len());
    for (q, column) in grid.columns.iter().enumerate() {
        let one = |c: usize| Candidate { name: names[c].to_string(), columns: vec![c] };
        let others: Vec<Candidate> = square.series_of(q).map(one).collect();
        let rows = comparison.rows(&query::column(column), &others);
        for (candidate, row) in others.iter().zip(&rows) {
            square.set(candidate.columns[0], q, row.value(measure));
        }
        working.counted(1);
    }
    drop(working);
    let header = [&["metric"], &names[..]].concat().into_iter().map(str::to_string).collect();
    let row = |at: usize| {
        let cells = (0..names.len()).map(|q| Cell::from(square.get(at, q)));
        std::iter::once(Cell::from(names[at])).chain(cells).collect()
    };
    request.output.write_brief(Rows::new(header, names.len(), row), &[], io)
}

/// The values of all pairs: each ordered pair, or, where a comparison is the same both ways, the half below the diagonal.
struct Square {
    n: usize,
    one_way: bool,
    /// Whether a value has the other sign the other way round.
    signed: bool,
    values: Vec<f64>,
}

impl Square {
    /// Refuses what does not fit into memory before anything is compared.
    fn new(n: usize, one_way: bool, measure: Measure) -> Result<Self, Error> {
        let count = if one_way { n * n } else { n * n.saturating_sub(1) / 2 };
        let needed = 8 * count as u64;
        let refused = |free: u64| {
            let (needed, free) = (needed >> 20, free >> 20);
            let way_out = "--select fewer columns, or compare with a --query";
            Error::out_of_memory(format!("--matrix of {n} columns needs {needed} MB, {free} MB are free; {way_out}"))
        };
        let free = grid::available_memory().unwrap_or(u64::MAX);
        let mut values = Vec::new();
        if free < needed || values.try_reserve_exact(count).is_err() {
            return Err(refused(free));
        }
        values.resize(count, f64::NAN);
        Ok(Square { n, one_way, signed: measure == Measure::Lag, values })
    }

    /// The series that a query is compared with.
    fn series_of(&self, query: usize) -> impl Iterator<Item = usize> + use<> {
        let from = if self.one_way { 0 } else { query + 1 };
        (from..self.n).filter(move |&series| series != query)
    }

    fn place(&self, series: usize, query: usize) -> usize {
        if self.one_way { series * self.n + query } else { series * series.saturating_sub(1) / 2 + query }
    }

    fn set(&mut self, series: usize, query: usize, value: Option<f64>) {
        let place = self.place(series, query);
        self.values[place] = value.unwrap_or(f64::NAN);
    }

    fn get(&self, series: usize, query: usize) -> Option<f64> {
        if series == query {
            return Some(0.0);
        }
        let mirrored = !self.one_way && series < query;
        let place = if mirrored { self.place(query, series) } else { self.place(series, query) };
        let value = Some(self.values[place]).filter(|value| !value.is_nan())?;
        Some(if mirrored && self.signed && value != 0.0 { -value } else { value })
    }
}
