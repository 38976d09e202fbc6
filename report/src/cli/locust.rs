//! What Locust counted: PREFIX_stats.csv and PREFIX_failures.csv.

use std::path::{Path, PathBuf};

use grid::{Error, Table};

/// Requests and failures of a whole run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Locust {
    /// All requests.
    pub(crate) requests: f64,
    /// Those that failed.
    pub(crate) failures: f64,
    /// What failed most often: its name, the failure in short, and how often.
    pub(crate) most: Option<(String, String, f64)>,
}

impl Locust {
    /// Reads both files of a prefix.
    pub(crate) fn read(prefix: &Path) -> Result<Self, Error> {
        let file = |end: &str| PathBuf::from(format!("{}{end}", prefix.display()));
        let stats = file("_stats.csv");
        let table = Table::read_file(&stats)?;
        let total = |name: &str| {
            let column = super::sheet::column(&table, name, &stats)?;
            let sum: f64 = requests(&table).filter_map(|row| row[column].number()).sum();
            Ok::<f64, Error>(sum)
        };
        let (requests, failures) = (total("Request Count")?, total("Failure Count")?);
        Ok(Locust { requests, failures, most: most(&Table::read_file(&file("_failures.csv"))?) })
    }
}

/// The rows of requests: all but the sum of them.
fn requests(table: &Table) -> impl Iterator<Item = &Vec<grid::Cell>> {
    let name = table.column("Name");
    table.rows.iter().filter(move |row| name.is_none_or(|name| row[name].text() != "Aggregated"))
}

fn most(table: &Table) -> Option<(String, String, f64)> {
    let at = |name: &str| table.column(name);
    let (method, name, error, times) = (at("Method")?, at("Name")?, at("Error")?, at("Occurrences")?);
    let rows = table.rows.iter().filter_map(|row| Some((row[times].number()?, row)));
    let (count, row) = rows.max_by(|a, b| a.0.total_cmp(&b.0))?;
    let what = format!("{} {}", row[method].text(), row[name].text()).trim().to_string();
    Some((what, in_short(&row[error].text()), count))
}

/// The status of an answer where the words have one: `HTTPError('503 Server Error: …')` → `503`; else the first 60 letters.
fn in_short(error: &str) -> String {
    let status =
        |word: &&str| word.len() == 3 && word.starts_with(['4', '5']) && word.bytes().all(|b| b.is_ascii_digit());
    if let Some(status) = error.split(|c: char| !c.is_ascii_alphanumeric()).find(status) {
        return status.to_string();
    }
    match error.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", error[..end].trim_end()),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_is_told_by_its_status() {
        assert_eq!(in_short("HTTPError('503 Server Error: Service Unavailable for url: /orders')"), "503");
        assert_eq!(
            in_short("ConnectionRefusedError(111, 'Connection refused')"),
            "ConnectionRefusedError(111, 'Connection refused')"
        );
        assert_eq!(in_short(&"é".repeat(70)).chars().count(), 61);
    }
}
