//! Tables, found by what names their rows.

use std::collections::HashMap;
use std::path::Path;

use grid::{Cell, Error, Table};

/// A table, and where each row is found.
pub(crate) struct Sheet {
    table: Table,
    rows: HashMap<String, usize>,
}

impl Sheet {
    /// Reads a table; one that is not empty must have these columns. Rows are found by the first of them; of rows with one
    /// name the first is found.
    pub(crate) fn read<const N: usize>(path: &Path, columns: [&str; N]) -> Result<Self, Error> {
        let table = Table::read_file(path)?;
        let mut rows = HashMap::new();
        if !(table.rows.is_empty() && table.header.is_empty()) {
            let places = columns.into_iter().map(|name| column(&table, name, path)).collect::<Result<Vec<_>, _>>()?;
            let at = places.first().copied().unwrap_or_default();
            for (row, cells) in table.rows.iter().enumerate() {
                rows.entry(cells[at].text()).or_insert(row);
            }
        }
        Ok(Sheet { table, rows })
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.table.rows.len()
    }

    /// What names the rows, in no order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.rows.keys().map(String::as_str)
    }

    /// True when there is such a column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.table.column(column).is_some()
    }

    /// The names of the columns.
    pub(crate) fn header(&self) -> &[String] {
        &self.table.header
    }

    /// The row of that name.
    pub(crate) fn row(&self, name: &str) -> Option<usize> {
        self.rows.get(name).copied()
    }

    /// The text of a cell; `None` when it is empty or not there.
    pub(crate) fn text(&self, row: usize, column: &str) -> Option<String> {
        let text = self.table.rows.get(row)?.get(self.table.column(column)?)?.text();
        (!text.is_empty()).then_some(text)
    }

    /// The number in a cell; `None` when there is none.
    pub(crate) fn number(&self, row: usize, column: &str) -> Option<f64> {
        self.table.rows.get(row)?.get(self.table.column(column)?).and_then(Cell::number)
    }
}

/// Where a column stands that a table must have.
pub(crate) fn column(table: &Table, name: &str, path: &Path) -> Result<usize, Error> {
    let missing = || Error::parse(place(path), format!("no column \"{name}\" in the header"), &table.header.join(","));
    table.column(name).ok_or_else(missing)
}

/// An input in messages.
pub(crate) fn place(path: &Path) -> String {
    if path == Path::new("-") { "standard input".into() } else { path.display().to_string() }
}
