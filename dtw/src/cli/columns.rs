//! Every column on its own against the query.

use std::ops::Range;

use grid::{Error, Grid, Io, Source};

use super::comparison::{Candidate, Comparison};
use super::query::{self, Query};
use super::request::{MissingArg, Request};
use super::rows::{Row, nearest_first};

/// Columns that are compared together: what a comparison needs beside its row is never held for more.
const TOGETHER: usize = 1 << 14;

/// Cells from which on columns are compared before more are read: the more there are, the more of them `--top` can leave out
/// by their lower bounds.
const CELLS: usize = 1 << 22;

/// Compares as soon as the query is known and there is something to compare it with.
pub(crate) fn rows(request: &Request, text: &str, source: Source, io: &mut Io) -> Result<Vec<Row>, Error> {
    let mut queries = if query::is_file(text) { query::read(text, io)? } else { Vec::new() };
    let mut rows = Vec::new();
    let mut batches = grid::batches(source, io)?;
    let mut waiting = batches.next_batch(io)?.unwrap_or_default();
    let mut searched = 0;
    loop {
        if queries.is_empty() {
            queries.extend(query::exact(text, &waiting.columns[searched..]));
            searched = waiting.columns.len();
        }
        let (columns, rows_each) = (waiting.columns.len(), waiting.rows());
        if !queries.is_empty() && (columns >= TOGETHER || columns * rows_each >= CELLS) {
            compare(request, &queries, &waiting, &mut rows, io)?;
            waiting.columns.clear();
        }
        let Some(batch) = batches.next_batch(io)? else { break };
        waiting.columns.extend(batch.columns);
    }
    if queries.is_empty() {
        queries = query::select(text, &waiting)?;
    }
    compare(request, &queries, &waiting, &mut rows, io)?;
    Ok(rows)
}

fn compare(request: &Request, queries: &[Query], grid: &Grid, rows: &mut Vec<Row>, io: &Io) -> Result<(), Error> {
    if request.missing == MissingArg::Refuse
        && let Some(query) = queries.iter().find(|q| q.columns.iter().flatten().any(|x| x.is_nan()))
    {
        return Err(Error::failed(format!("--query: a missing cell, and --missing refuse: \"{}\"", query.name)));
    }
    let comparison = Comparison::new(request, grid)?;
    let _working = io.working(format_args!("comparing {} columns", grid.columns.len()), 0);
    for query in queries {
        for from in (0..grid.columns.len()).step_by(TOGETHER) {
            let columns = from..grid.columns.len().min(from + TOGETHER);
            rows.extend(comparison.rows(query, &others(grid, query, columns)));
        }
    }
    if request.top > 0 {
        nearest_first(rows, request.top);
    }
    Ok(())
}

/// Every one of some columns but the query itself, on its own.
fn others(grid: &Grid, query: &Query, columns: Range<usize>) -> Vec<Candidate> {
    let one = |c: usize| {
        let name = &grid.columns[c].name;
        (!query.is(name)).then(|| Candidate { name: name.clone(), columns: vec![c] })
    };
    columns.filter_map(one).collect()
}
