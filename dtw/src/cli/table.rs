//! The table that is printed, and the file of paths.

use std::path::Path;

use grid::{Cell, Error, Rows, Table, TableForm};

use super::rows::Row;

/// The table of some rows, each made when it is written.
pub(crate) fn table(rows: &[Row]) -> Rows<'_> {
    let header =
        ["metric", "distance", "normalised", "lag", "lead", "sign", "query", "windows", "start", "end", "note"];
    Rows::new(header.map(str::to_string).to_vec(), rows.len(), |at| rows[at].cells())
}

/// Writes the paths of some rows to a file, one matched pair of points per line.
pub(crate) fn write_paths(rows: &[Row], path: &Path) -> Result<(), Error> {
    let mut table = Table::new(&["metric", "query", "window", "query_time", "time", "lag"]);
    for row in rows {
        for pair in &row.path {
            table.push(vec![
                Cell::from(&row.metric[..]),
                Cell::from(&row.query[..]),
                Cell::from(i64::from(pair.window)),
                Cell::from(pair.query_ms as f64 / 1000.0),
                Cell::from(pair.time_ms as f64 / 1000.0),
                Cell::from((pair.time_ms - pair.query_ms) as f64 / 1000.0),
            ]);
        }
    }
    grid::write_file(path, |out| table.write(TableForm::Csv, out))
}

impl Row {
    fn cells(&self) -> Vec<Cell> {
        let found = self.found.as_ref().ok();
        let lag = found.and_then(|c| c.lag_ms).map(|ms| ms / 1000.0);
        let time = |ms: i64| Cell::from(ms as f64 / 1000.0);
        vec![
            Cell::from(&self.metric[..]),
            Cell::from(found.map(|c| c.distance)),
            Cell::from(found.map(|c| c.normalised)),
            Cell::from(lag),
            lag.map_or(Cell::Empty, |lag| Cell::from(if lag < 0.0 { "true" } else { "false" })),
            Cell::from(found.map(|_| if self.sign < 0.0 { "-" } else { "+" })),
            Cell::from(&self.query[..]),
            Cell::from(found.map_or(0, |c| c.windows)),
            self.matched_ms.map_or(Cell::Empty, |m| time(m.0)),
            self.matched_ms.map_or(Cell::Empty, |m| time(m.1)),
            Cell::from(self.found.as_ref().err().map(|note| &note[..])),
        ]
    }
}
