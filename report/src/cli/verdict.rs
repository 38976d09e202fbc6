//! What a ranking says of its changes: whether anything got worse, and which rows moved.

use std::path::Path;

use grid::{Error, quote};

use super::sheet::{Sheet, place};

/// Whether anything got worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Something did.
    Worse,
    /// Nothing did.
    Quiet,
    /// There are too few samples to tell.
    Undecided,
    /// The ranking does not say.
    Untold,
}

impl Verdict {
    /// The ranking's own; of a ranking without one that knows how clear each change is, worse where one is clear, quiet where
    /// none is.
    pub(crate) fn of(rank: &Sheet) -> Self {
        match rank.text(0, "verdict").as_deref().and_then(Self::parse) {
            Some(verdict) => verdict,
            None => {
                let qs: Vec<f64> = (0..rank.len()).filter_map(|row| rank.number(row, "q")).collect();
                match qs.iter().any(|q| is_clear(*q)) {
                    true => Verdict::Worse,
                    false if qs.is_empty() => Verdict::Untold,
                    false => Verdict::Quiet,
                }
            }
        }
    }

    /// Refuses a word that is no verdict.
    pub(crate) fn check(table: &Sheet, path: &Path) -> Result<(), Error> {
        let words = (0..table.len()).filter_map(|row| Some((row + 1, table.text(row, "verdict")?)));
        match words.into_iter().find(|(_, word)| Self::parse(word).is_none()) {
            None => Ok(()),
            Some((row, word)) => Err(Error::failed(format!(
                "{}: row {row}: column \"verdict\": expected worse, quiet or undecided: {}",
                place(path),
                quote(&word)
            ))),
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "worse" => Some(Verdict::Worse),
            "quiet" => Some(Verdict::Quiet),
            "undecided" => Some(Verdict::Undecided),
            _ => None,
        }
    }
}

/// True for a false discovery rate at which a change is no chance.
pub(crate) fn is_clear(q: f64) -> bool {
    q < stats::CLEAR
}

/// Whether a metric moved, or any of a service did; `None` where the table does not say.
pub(crate) fn moved(table: &Sheet, row: usize) -> Option<bool> {
    let some = || table.number(row, "moved").is_some_and(|count| count > 0.0);
    table.has("moved").then(|| table.text(row, "moved").as_deref() == Some("yes") || some())
}

/// The share of false alarms among changes as clear as this one, where it is so large that the change may be chance.
pub(crate) fn chance(table: &Sheet, row: usize) -> Option<f64> {
    table.number(row, "q").filter(|q| !is_clear(*q) && moved(table, row) != Some(true))
}

/// True for what moved; of a table that does not say, for what is no chance.
pub(crate) fn changed(table: &Sheet, row: usize) -> bool {
    let clear = || !table.has("q") || table.number(row, "q").is_some_and(is_clear);
    moved(table, row).unwrap_or_else(clear)
}

/// True for what is no longer there.
pub(crate) fn is_gone(table: &Sheet, row: usize) -> bool {
    table.text(row, "note").is_some_and(|note| note.starts_with("gone"))
}
