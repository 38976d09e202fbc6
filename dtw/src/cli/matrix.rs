//! Every column against every other.

use grid::{Cell, Error, Grid, Io, Table};

use super::args::Measure;
use super::comparison::{Candidate, Comparison};
use super::query;
use super::request::Request;

/// Prints a square table: a row a column of the grid, a column a column. The row is the series, the
/// column the query. Where a comparison is the same both ways it is made once.
pub(crate) fn run(request: &Request, measure: Measure, grid: &Grid, io: &mut Io) -> Result<(), Error> {
    let comparison = Comparison::new(request, grid)?;
    let both_ways = request.is_one_way();
    let names: Vec<&str> = grid.columns.iter().map(|c| &c.name[..]).collect();
    let mut cells = vec![vec![Cell::Empty; names.len()]; names.len()];
    for (q, column) in grid.columns.iter().enumerate() {
        let from = if both_ways { 0 } else { q + 1 };
        let one = |c: usize| Candidate { name: names[c].to_string(), columns: vec![c] };
        let others: Vec<Candidate> = (from..names.len()).filter(|&c| c != q).map(one).collect();
        let rows = comparison.rows(&query::column(column), &others);
        for (candidate, row) in others.iter().zip(&rows) {
            let (c, value) = (candidate.columns[0], row.value(measure));
            cells[c][q] = Cell::from(value);
            if !both_ways {
                let mirrored = value.map(|v| if measure == Measure::Lag && v != 0.0 { -v } else { v });
                cells[q][c] = Cell::from(mirrored);
            }
        }
        cells[q][q] = Cell::from(0.0);
    }
    let mut table = Table::new(&[&["metric"], &names[..]].concat());
    for (name, row) in names.iter().zip(cells) {
        table.push([vec![Cell::from(*name)], row].concat());
    }
    request.output.write(&table, io)
}
