//! Finds the query: a file, or columns of the grid.

use std::path::Path;
use std::sync::Arc;

use grid::{Error, Grid, Io, did_you_mean};

/// A series, or several together, that others are compared with.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// Its name.
    pub(crate) name: Arc<str>,
    /// The values of its columns.
    pub(crate) columns: Vec<Vec<f64>>,
    /// Where it is from.
    pub(crate) origin: Origin,
}

/// Where a query is from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// The grid itself: it has the grid's rows and windows.
    Grid,
    /// Another grid, with times of its own, for every window.
    File(Vec<i64>),
}

impl Query {
    /// Whether this is the column of the grid with that name.
    pub(crate) fn is(&self, name: &str) -> bool {
        matches!(self.origin, Origin::Grid) && *self.name == *name
    }
}

/// The input with the query among the columns that `--select` keeps.
pub(crate) fn keep(query: &str, input: &grid::Input) -> grid::Input {
    let mut input = input.clone();
    if !input.select.is_empty() && !is_file(query) {
        input.select.push(query.to_string());
    }
    input
}

/// Whether the query is a file: if there is one of that name, it is.
pub(crate) fn is_file(text: &str) -> bool {
    text == "-" || Path::new(text).is_file()
}

/// The column of that name, its labels in any order.
pub(crate) fn exact(text: &str, columns: &[grid::Column]) -> Option<Query> {
    let name = grid::canonical(text);
    columns.iter().find(|c| c.name == name).map(column)
}

/// The columns that `text` selects, a query each.
pub(crate) fn select(text: &str, grid: &Grid) -> Result<Vec<Query>, Error> {
    let selector = grid::selector(text)?;
    let found: Vec<Query> = grid.columns.iter().filter(|c| selector.matches(&c.name)).map(column).collect();
    match found.is_empty() {
        true => {
            let near = did_you_mean(text, grid.columns.iter().map(|c| c.name.as_str()));
            Err(Error::failed(format!("--query: no such column and no such file: \"{text}\"{near}")))
        }
        false => Ok(found),
    }
}

/// A column as a query.
pub(crate) fn column(column: &grid::Column) -> Query {
    Query { name: column.name.as_str().into(), columns: vec![column.values.clone()], origin: Origin::Grid }
}

/// The columns of a file, a query each.
pub(crate) fn read(text: &str, io: &mut Io) -> Result<Vec<Query>, Error> {
    let file = grid::read_grid_file(Path::new(text), io)?;
    if file.spans().len() > 1 {
        let count = file.spans().len();
        return Err(Error::failed(format!("{text}: a query has one window, here are: \"{count}\"")));
    }
    if file.columns.is_empty() || file.rows() == 0 {
        return Err(Error::failed(format!("{text}: the query has no values")));
    }
    let times_ms = file.times_ms;
    let query = |c: grid::Column| Query {
        name: c.name.into(),
        columns: vec![c.values],
        origin: Origin::File(times_ms.clone()),
    };
    Ok(file.columns.into_iter().map(query).collect())
}
