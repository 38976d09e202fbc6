//! Who calls whom: from tables, and from what the labels say.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use grid::{Error, Table};

use crate::cli::metric::Belonging;
use crate::cli::words::{Word, Words};

/// The word for `--calls` that asks the labels.
const LABELS: &str = "labels";

/// The calls between services, (caller, callee): of the tables, and with `labels` of the metrics themselves.
pub(crate) fn calls(
    sources: &[PathBuf],
    belongings: &[Belonging],
    words: &Words,
) -> Result<Vec<(String, String)>, Error> {
    let mut found = Vec::new();
    for source in sources {
        match source.as_os_str() == LABELS {
            true => found.extend(by_labels(belongings, words)),
            false => found.extend(read(source)?),
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The tables among the sources of calls.
pub(crate) fn files(sources: &[PathBuf]) -> impl Iterator<Item = &PathBuf> {
    sources.iter().filter(|source| source.as_os_str() != LABELS)
}

fn read(path: &Path) -> Result<Vec<(String, String)>, Error> {
    let table = Table::read_file(path)?;
    let column = |name: &str| {
        let missing = || Error::failed(format!("{}: no column \"{name}\": expected caller, callee", path.display()));
        table.column(name).ok_or_else(missing)
    };
    let (caller, callee) = (column("caller")?, column("callee")?);
    Ok(table.rows.iter().map(|row| (row[caller].text(), row[callee].text())).collect())
}

/// A proxy's or client's series that names the one it waits for, and one that names both ends.
fn by_labels(belongings: &[Belonging], words: &Words) -> Vec<(String, String)> {
    let services: HashSet<Word> = belongings.iter().filter_map(|belonging| belonging.service).collect();
    let named = |b: &Belonging| b.call.or(b.service.zip(b.peer));
    let calls: HashSet<(Word, Word)> = belongings.iter().filter_map(named).collect();
    let between = calls.into_iter().filter(|(caller, callee)| services.contains(callee) && caller != callee);
    between.map(|(caller, callee)| (words.text(caller).to_string(), words.text(callee).to_string())).collect()
}
