//! What is said about columns on standard error: one line for each kind of remark.

/// As many columns are named a line; the rest are counted, so that a grid of any width needs little memory.
const NAMED: usize = 32;

/// What befell a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Constant,
    Short,
    Absent,
    Unmeasured,
}

/// What befell one column, or one window of it.
pub(crate) struct Remark {
    pub(crate) kind: Kind,
    pub(crate) column: String,
    pub(crate) window: Option<u32>,
}

impl Remark {
    pub(crate) fn new(kind: Kind, column: &str) -> Remark {
        Remark { kind, column: column.to_owned(), window: None }
    }
}

/// Remarks gathered over all batches.
#[derive(Default)]
pub(crate) struct Remarks {
    lines: [(usize, Vec<String>); 4],
}

impl Remarks {
    pub(crate) fn add(&mut self, remarks: Vec<Remark>) {
        for Remark { kind, column, window } in remarks {
            let (count, names) = &mut self.lines[kind as usize];
            *count += 1;
            if names.len() < NAMED {
                names.push(window.map_or(column.clone(), |w| format!("{column} (window {w})")));
            }
        }
    }

    /// The lines to say, in a fixed order.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        let kinds = [Kind::Constant, Kind::Short, Kind::Absent, Kind::Unmeasured];
        let told = kinds.into_iter().zip(&self.lines).filter(|(_, (count, _))| *count > 0);
        told.map(|(kind, (count, names))| {
            let rest = if *count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
            format!("{}: {}{rest}", heading(kind, *count), names.join(", "))
        })
    }
}

fn heading(kind: Kind, count: usize) -> String {
    let columns = if count == 1 { "1 column".to_owned() } else { format!("{count} columns") };
    match kind {
        Kind::Constant => format!("{columns} constant, became 0"),
        Kind::Short => format!("{columns} with no more samples than --ddof, left empty"),
        Kind::Absent => {
            format!("{columns} without a sample in the baseline, measured alone")
        }
        Kind::Unmeasured => format!("{columns} constant in the baseline and moved, measured by root mean square"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_thirty_second_are_counted() {
        let mut remarks = Remarks::default();
        remarks.add((0..34).map(|k| Remark::new(Kind::Constant, &format!("c{k}"))).collect());
        let line = remarks.lines().next().unwrap();
        assert!(line.starts_with("34 columns constant, became 0: c0, c1,"));
        assert!(line.ends_with("c31 and 2 more"));
    }
}
