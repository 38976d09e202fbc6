//! Finds the query: a column of the grid, or a file.

use std::path::Path;

use grid::{Error, Grid, Io, Selector};

/// A series that others are compared with.
pub(crate) struct Query {
    /// Its name.
    pub(crate) name: String,
    /// Where it is from.
    pub(crate) origin: Origin,
}

/// Where a query is from.
pub(crate) enum Origin {
    /// The columns of the grid with these numbers, together.
    Columns(Vec<usize>),
    /// Another grid, without windows.
    File {
        /// The values of each column.
        columns: Vec<Vec<f64>>,
        /// Their times.
        times_ms: Vec<i64>,
    },
}

impl Query {
    /// How many columns it has.
    pub(crate) fn columns(&self) -> usize {
        match &self.origin {
            Origin::Columns(columns) => columns.len(),
            Origin::File { columns, .. } => columns.len(),
        }
    }
}

/// The input with the query among the columns that `--select` keeps.
pub(crate) fn keep(query: &str, input: &grid::Input) -> grid::Input {
    let mut input = input.clone();
    if !input.select.is_empty() && !Path::new(query).exists() {
        input.select.push(query.to_string());
    }
    input
}

/// The queries that `text` stands for: the column of exactly that name; else the columns it selects;
/// else the columns of the file it names.
pub(crate) fn find(text: &str, grid: &Grid, io: &mut Io) -> Result<Vec<Query>, Error> {
    let exact = |c: usize| grid.columns[c].name == text;
    let mut columns: Vec<usize> = (0..grid.columns.len()).filter(|&c| exact(c)).collect();
    if columns.is_empty()
        && let Ok(selector) = Selector::parse(text)
    {
        columns = (0..grid.columns.len()).filter(|&c| selector.matches(&grid.columns[c].name)).collect();
    }
    if !columns.is_empty() {
        let query = |c: usize| Query { name: grid.columns[c].name.clone(), origin: Origin::Columns(vec![c]) };
        return Ok(columns.into_iter().map(query).collect());
    }
    let path = Path::new(text);
    if text != "-" && !path.exists() {
        return Err(Error::failed(format!("--query: no such column and no such file: \"{text}\"")));
    }
    let file = grid::read_grid_file(path, io)?;
    if file.spans().len() > 1 {
        return Err(Error::failed(format!("{text}: a query has one window: \"{}\"", file.spans().len())));
    }
    if file.columns.is_empty() {
        return Err(Error::failed(format!("{text}: the query has no columns")));
    }
    let times_ms = file.times_ms;
    let query = |c: grid::Column| Query {
        name: c.name,
        origin: Origin::File { columns: vec![c.values], times_ms: times_ms.clone() },
    };
    Ok(file.columns.into_iter().map(query).collect())
}
