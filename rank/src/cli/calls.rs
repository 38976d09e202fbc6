//! Who calls whom: from tables, and from what the labels say.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use grid::{Error, Table, strange_names};
use names::{Book, Word};

use rank::suspects::metric::Place;

/// The word for `--calls` that asks the labels.
const LABELS: &str = "labels";

/// The calls between services, (caller, callee): of the tables, and with `labels` of the metrics themselves.
pub(crate) fn calls(sources: &[PathBuf], places: &[Place], book: &Book) -> Result<Vec<(String, String)>, Error> {
    let mut found = Vec::new();
    if sources.iter().any(|source| source.as_os_str() == LABELS) {
        found.extend(by_labels(places, book));
    }
    let tables = files(sources).map(|source| read(source)).collect::<Result<Vec<_>, _>>()?;
    if !tables.is_empty() {
        let survey = book.survey();
        let named =
            |(caller, callee): (String, String)| (survey.service_called(&caller), survey.service_called(&callee));
        found.extend(tables.into_iter().flatten().map(named));
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// A note on the services that call or are called but are in no column, each with the nearest that is: its calls explain
/// nothing, and its name may be spelt in another way than the columns have it.
pub(crate) fn strangers(calls: &[(String, String)], places: &[Place], book: &Book) -> Option<String> {
    let own: BTreeSet<&str> =
        places.iter().filter_map(|place| place.service).map(|service| book.word(service)).collect();
    let named = calls.iter().flat_map(|(caller, callee)| [caller.as_str(), callee.as_str()]);
    let strange: BTreeSet<&str> = named.filter(|name| !name.is_empty() && !own.contains(name)).collect();
    let strange = strange_names(&Vec::from_iter(strange), own.iter().copied())?;
    Some(format!("--calls: no column belongs to: {strange}"))
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
fn by_labels(places: &[Place], book: &Book) -> Vec<(String, String)> {
    let services: HashSet<Word> = places.iter().filter_map(|place| place.service).collect();
    let named = |place: &Place| place.call.or(place.service.zip(place.peer));
    let calls: HashSet<(Word, Word)> = places.iter().filter_map(named).collect();
    let between = calls.into_iter().filter(|(caller, callee)| services.contains(callee) && caller != callee);
    between.map(|(caller, callee)| (book.word(caller).to_string(), book.word(callee).to_string())).collect()
}
