//! A history of runs: one row per run, one column per metric, as Apache Otava's CSV importer reads it.

use std::path::Path;

use grid::{Cell, Error, Table};

/// The columns before the metrics.
const HEAD: [&str; 2] = ["time", "run"];

/// Reads a history; one that is not there, or empty, is a new one.
pub fn read(file: &Path) -> Result<Table, Error> {
    if !file.exists() {
        return Ok(Table::default());
    }
    match Table::read_file(file) {
        Err(Error::Empty { .. }) => Ok(Table::default()),
        Ok(table) if !table.header.iter().take(HEAD.len()).eq(HEAD) => {
            let what = format!("no history of runs, expected a header that begins with {}", HEAD.join(","));
            Err(Error::parse(file.display(), format!("line 1: {what}"), &table.header.join(",")))
        }
        read => read,
    }
}

/// Adds a run to a history that may still be empty; the metrics that it has no column for.
///
/// The columns stay as they were: a metric that is new has none, one that is gone leaves its cell empty. A run that
/// is there already is replaced.
pub fn add(history: &mut Table, time: &str, run: &str, metrics: &[(String, f64)]) -> usize {
    if history.header.is_empty() {
        let names = metrics.iter().map(|(metric, _)| metric.clone());
        history.header = HEAD.iter().map(ToString::to_string).chain(names).collect();
    }
    let value = |name: &String| metrics.iter().find(|(metric, _)| metric == name).map(|(_, value)| *value);
    let cells = history.header.iter().skip(HEAD.len()).map(|name| Cell::from(value(name)));
    let row: Vec<Cell> = [Cell::from(time), Cell::from(run)].into_iter().chain(cells).collect();
    history.rows.retain(|old| old.get(1).is_none_or(|cell| cell.text() != run));
    history.rows.push(row);
    metrics.iter().filter(|(metric, _)| !history.header.contains(metric)).count()
}

/// The means of a run, from the ranking in which it is the later one.
pub fn figures(metrics: &Table) -> Vec<(String, f64)> {
    let (Some(name), Some(mean)) = (metrics.column("metric"), metrics.column("overload")) else { return Vec::new() };
    let rows = metrics.rows.iter().filter_map(|row| Some((row[name].text(), row[mean].number()?)));
    let mut figures: Vec<(String, f64)> = rows.collect();
    figures.sort_by(|a, b| a.0.cmp(&b.0));
    figures
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_come_one_under_the_other_and_none_twice() {
        let figure = |name: &str, value| (name.to_string(), value);
        let mut history = Table::default();
        assert_eq!(add(&mut history, "t1", "r1", &[figure("a", 1.0), figure("b", 2.0)]), 0);
        assert_eq!(add(&mut history, "t2", "r2", &[figure("b", 3.0), figure("c", 4.0)]), 1);
        assert_eq!(add(&mut history, "t1", "r1", &[figure("a", 5.0)]), 0);
        let texts: Vec<String> =
            history.rows.iter().map(|row| row.iter().map(Cell::text).collect::<Vec<_>>().join(",")).collect();
        assert_eq!(history.header.join(","), "time,run,a,b");
        assert_eq!(texts, ["t2,r2,,3", "t1,r1,5,"]);
    }
}
