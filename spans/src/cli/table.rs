//! The call graph as a table.

use grid::{Cell, Table};
use spans::Total;

/// One row per pair of services, by name.
pub(crate) fn edges(totals: Vec<Total>) -> Table {
    let mut table = Table::new(&["caller", "callee", "calls", "errors"]);
    for Total { caller, callee, calls, errors } in totals {
        table.push(vec![Cell::from(caller), Cell::from(callee), Cell::from(calls), Cell::from(errors)]);
    }
    table
}
