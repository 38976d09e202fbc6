//! Evidence tables joined by the column `metric`.

use grid::{Cell, Error, Table, quote};
use std::collections::HashMap;
use std::path::PathBuf;

/// Columns of other filters' tables, by metric.
#[derive(Default)]
pub(crate) struct Evidence {
    /// Names of the joined columns: `<table>_<column>`.
    pub(crate) header: Vec<String>,
    rows: HashMap<String, Vec<Cell>>,
}

impl Evidence {
    /// Reads the tables; the first row of a metric counts.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut evidence = Self::default();
        for path in paths {
            let stem = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
            let stem = stem.trim_end_matches(".csv").trim_end_matches(".jsonl");
            let table = Table::read_file(path)?;
            let place = path.display();
            let key = table.column("metric").ok_or_else(|| Error::failed(format!("{place}: no column \"metric\"")))?;
            let before = evidence.header.len();
            evidence.join(&table, key, stem);
            let (known, new) = evidence.header.split_at(before);
            if let Some(twice) = new.iter().find(|name| known.contains(name)) {
                return Err(Error::usage(format!(
                    "--with: two tables give a column \"{twice}\": rename one of the files"
                )));
            }
        }
        Ok(evidence)
    }

    fn join(&mut self, table: &Table, key: usize, stem: &str) {
        let kept: Vec<usize> = (0..table.header.len()).filter(|at| *at != key && table.header[*at] != "rank").collect();
        let before = self.header.len();
        self.header.extend(kept.iter().map(|at| format!("{stem}_{}", table.header[*at])));
        for row in &table.rows {
            let cells = self.rows.entry(row[key].text()).or_default();
            if cells.len() <= before {
                cells.resize(before, Cell::Empty);
                cells.extend(kept.iter().map(|at| row[*at].clone()));
            }
        }
    }

    /// A note where no metric is in any of the tables: they are of another run.
    pub(crate) fn stranger(&self, mut headers: impl Iterator<Item = String>) -> Option<String> {
        let first = self.rows.keys().min().filter(|_| !headers.any(|header| self.rows.contains_key(&header)))?;
        Some(format!("--with: none of these metrics is ranked, the first is {}", quote(first)))
    }

    /// The joined cells of a metric.
    pub(crate) fn cells(&self, metric: &str) -> Vec<Cell> {
        let mut cells = self.rows.get(metric).cloned().unwrap_or_default();
        cells.resize(self.header.len(), Cell::Empty);
        cells
    }
}
