//! The table that is printed.

use faults::{Likeness, Observed};
use grid::{Cell, Table};

use super::library::Library;

/// How many of a kind's runs are named.
const NAMED: usize = 3;

/// What stands in place of a kind where a run is like none.
pub(crate) const NONE: &str = "none of these";

/// A row for each kind of fault and one for none of these.
pub(crate) fn table(run: &Observed, found: &[Likeness], library: &Library) -> Table {
    let mut table = empty();
    for likeness in found {
        let none = likeness.kind.is_none();
        let nearest: Vec<&str> = likeness.nearest.iter().take(NAMED).map(|&k| &library.files[k][..]).collect();
        let note = match likeness.still {
            _ if !none => Cell::Empty,
            true => Cell::from("the distance of a run in which nothing moved"),
            false => Cell::from("the threshold of the library"),
        };
        table.push(vec![
            Cell::from(likeness.kind.as_deref().unwrap_or(NONE)),
            Cell::from(likeness.distance),
            Cell::from(likeness.p),
            Cell::from(likeness.confidence),
            if none { Cell::Empty } else { Cell::from(nearest.join("; ")) },
            Cell::from(if none { library.examples.len() } else { likeness.nearest.len() }),
            Cell::from(&run.service[..]),
            Cell::from(&run.first_kind[..]),
            note,
        ]);
    }
    table
}

/// Without a row.
pub(crate) fn empty() -> Table {
    Table::new(&["kind", "distance", "p", "confidence", "nearest", "examples", "service", "first_kind", "note"])
}
