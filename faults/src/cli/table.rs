//! The table that is printed.

use faults::{Example, Likeness, Observed, movement};
use grid::{Cell, Table};

/// A row for each kind of fault and one for none of these.
pub(crate) fn table(run: &Observed, found: Vec<Likeness>, library: &[Example], files: &[String]) -> Table {
    let mut table = Table::new(&["kind", "distance", "confidence", "nearest", "examples", "service", "note"]);
    let still = movement(&run.signature);
    for likeness in found {
        let none = likeness.kind.is_none();
        let nearest: Vec<&str> = likeness.nearest.iter().take(3).map(|&k| &files[k][..]).collect();
        let count = if none { library.len() } else { likeness.nearest.len() };
        let note = match likeness.distance < still {
            _ if !none => Cell::Empty,
            true => Cell::from("the threshold of the library"),
            false => Cell::from("as near as a run in which nothing moved"),
        };
        table.push(vec![
            Cell::from(likeness.kind.as_deref().unwrap_or("none of these")),
            Cell::from(likeness.distance),
            Cell::from(likeness.confidence),
            if none { Cell::Empty } else { Cell::from(nearest.join("; ")) },
            Cell::from(count),
            Cell::from(&run.service[..]),
            note,
        ]);
    }
    table
}
