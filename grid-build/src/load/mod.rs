//! What load generators wrote about the load, as columns of the grid.

mod locust;
mod requests;

use grid::Error;

pub use locust::{History, Phase, Totals, read_history, read_phases, read_requests, read_totals};
pub use requests::Requests;

use crate::lattice::{Extent, Laid, Lattice};

/// All that is known about the load.
#[derive(Debug, Default)]
pub struct Load {
    /// `PREFIX_stats_history.csv`.
    pub history: Option<History>,
    /// Logs of requests; where there is one of Locust, rates and latencies come from it.
    pub logs: Vec<Requests>,
    /// What Locust's summary says of the whole run.
    pub totals: Option<Totals>,
    /// The wanted load.
    pub phases: Vec<Phase>,
    /// Columns for each kind of request as well.
    pub by_name: bool,
    /// Which quantiles of the per-request log.
    pub quantiles: Vec<f64>,
}

impl Load {
    /// Adds to all times: the clock of the load generator is late by that much.
    pub fn shift(&mut self, offset_ms: i64) {
        if let Some(history) = &mut self.history {
            history.shift(offset_ms);
        }
        self.logs.iter_mut().for_each(|log| log.shift(offset_ms));
    }

    pub(crate) fn extents(&self) -> Vec<Extent> {
        let history = self.history.as_ref().and_then(History::extent);
        history.into_iter().chain(self.logs.iter().filter_map(Requests::extent)).collect()
    }

    pub(crate) fn columns(&self, lattice: Lattice, notes: &mut Vec<String>) -> Vec<Laid> {
        let mut columns = locust::phase_columns(&self.phases, lattice);
        columns.extend(self.history.as_ref().and_then(|history| history.users(lattice)));
        for log in &self.logs {
            columns.extend(log.columns(lattice, &self.quantiles, self.by_name));
            notes.extend(log.notes.iter().cloned());
        }
        let has_log = self.logs.iter().any(|log| log.generator == locust::GENERATOR);
        if let Some(history) = self.history.as_ref().filter(|_| !has_log) {
            columns.extend(history.columns(lattice, self.by_name));
            notes.extend(history.notes(self.totals.as_ref()));
        }
        if self.history.as_ref().is_some_and(|h| h.cut) || self.logs.iter().any(|log| log.cut) {
            notes.push("the last row of the load generator's file is cut short: left out".to_string());
        }
        columns
    }
}

/// The labels of a kind of request.
fn labels(method: &str, name: &str) -> Vec<(String, String)> {
    let both = [("method", method), ("name", name)];
    both.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_string(), v.to_string())).collect()
}

/// A signed duration such as `-2s`.
pub fn parse_offset(text: &str) -> Result<i64, Error> {
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => (-1, size),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    grid::parse_duration_ms(size).map(|ms| sign * ms).map_err(Error::usage)
}
