//! What is said about columns on standard error: one line for each kind of remark.

use grid::{Grid, Io};

/// What became of a column that is worth a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Constant,
    Short,
    Absent,
    Unmeasured,
}

/// What became of one column, or of one window of it.
pub(crate) struct Remark {
    pub(crate) kind: Kind,
    /// Where the column stands in its batch.
    pub(crate) column: usize,
    pub(crate) window: Option<u32>,
}

impl Remark {
    pub(crate) fn new(kind: Kind, column: usize) -> Remark {
        Remark { kind, column, window: None }
    }
}

/// Remarks gathered over all batches: how many of each kind, and as many names as will be said.
#[derive(Default)]
pub(crate) struct Remarks {
    kinds: [(usize, Vec<String>); 4],
}

impl Remarks {
    /// Takes the remarks on a batch, of which `named` columns a kind are named.
    pub(crate) fn add(&mut self, remarks: Vec<Remark>, grid: &Grid, named: usize) {
        for Remark { kind, column, window } in remarks {
            let (count, names) = &mut self.kinds[kind as usize];
            *count += 1;
            if names.len() < named {
                let name = &grid.columns[column].name;
                names.push(window.map_or_else(|| name.clone(), |w| format!("{name} (window {w})")));
            }
        }
    }

    /// Says them, in a fixed order.
    pub(crate) fn say(&self, io: &mut Io) {
        for (kind, (count, names)) in
            [Kind::Constant, Kind::Short, Kind::Absent, Kind::Unmeasured].into_iter().zip(&self.kinds)
        {
            if *count > 0 {
                io.note_columns(heading(kind, *count), names, *count);
            }
        }
    }
}

fn heading(kind: Kind, count: usize) -> String {
    let (columns, constant) = match count {
        1 => ("1 column".to_owned(), "1 constant column".to_owned()),
        _ => (format!("{count} columns"), format!("{count} constant columns")),
    };
    match kind {
        Kind::Constant => format!("{constant} set to 0"),
        Kind::Short => format!("{columns} with no more samples than --ddof, left empty"),
        Kind::Absent => format!("{columns} without a sample in the baseline, normalised by their own values"),
        Kind::Unmeasured => format!("{columns} constant in the baseline and not here, measured in root mean squares"),
    }
}
