//! Who calls whom: from tables, and from what the labels say.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use grid::{Error, Table};

use crate::cli::gather::Metric;

/// The word for `--calls` that asks the labels.
const LABELS: &str = "labels";

/// The calls between services, (caller, callee): of the tables, and with `labels` of the metrics themselves.
pub(crate) fn calls(sources: &[PathBuf], metrics: &[Metric]) -> Result<Vec<(String, String)>, Error> {
    let mut found = Vec::new();
    for source in sources {
        match source.as_os_str() == LABELS {
            true => found.extend(by_labels(metrics)),
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
fn by_labels(metrics: &[Metric]) -> Vec<(String, String)> {
    let services: HashSet<&str> = metrics.iter().filter_map(|m| m.place.service.as_deref()).collect();
    let call = |metric: &Metric| {
        let (caller, callee) = match (metric.name.label("caller"), metric.name.label("callee")) {
            (Some(caller), Some(callee)) => (caller, callee),
            _ => (metric.place.service.as_deref()?, metric.place.peer.as_deref()?),
        };
        (services.contains(callee) && caller != callee).then(|| (caller.to_string(), callee.to_string()))
    };
    metrics.iter().filter_map(call).collect()
}
