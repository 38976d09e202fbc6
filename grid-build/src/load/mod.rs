//! What load generators wrote about the load, as columns of the grid.

mod ending;
mod gatling;
mod jmeter;
mod k6;
mod locust;
mod log;
mod requests;
mod stall;
mod vegeta;

use grid::Error;
use serde_json::Value;

pub use locust::{History, Phase, Totals, read_history, read_phases, read_requests, read_totals};
pub use log::Log;
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
    /// True where a load generator's files were read.
    pub fn is_measured(&self) -> bool {
        self.history.is_some() || !self.logs.is_empty()
    }

    /// That Locust's history lacks what was not written yet.
    pub(crate) fn ends_early(&self) -> Option<String> {
        self.history.as_ref()?.ends_early(self.totals.as_ref())
    }

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

    /// How many columns it makes, roughly.
    pub(crate) fn width(&self) -> usize {
        let history = self.history.as_ref().map_or(0, |history| history.width(self.by_name));
        let logs = self.logs.iter().map(|log| log.width(self.quantiles.len(), self.by_name));
        history + logs.sum::<usize>()
    }

    /// How many requests and rows were read.
    pub(crate) fn samples(&self) -> usize {
        self.history.as_ref().map_or(0, History::samples) + self.logs.iter().map(Requests::samples).sum::<usize>()
    }

    pub(crate) fn columns(&self, lattice: Lattice, notes: &mut Vec<String>) -> Vec<Laid> {
        let mut columns = locust::phase_columns(&self.phases, lattice);
        columns.extend(self.history.as_ref().and_then(|history| history.users(lattice)));
        for log in &self.logs {
            columns.extend(log.columns(lattice, &self.quantiles, self.by_name));
            notes.extend(log.notes());
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

/// The objects of a file in JSON lines, with the numbers of their lines.
fn json_lines(bytes: &[u8]) -> impl Iterator<Item = (usize, Result<Value, Error>)> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    lines.map(|(at, line)| {
        let object = serde_json::from_slice(line).map_err(|e| Error::failed(format!("not an object in JSON: {e}")));
        (at + 1, object)
    })
}

fn rfc3339_ms(value: &Value) -> Result<f64, Error> {
    let text = value.as_str().unwrap_or_default();
    let instant: Result<jiff::Timestamp, _> = text.parse();
    let instant = instant.map_err(|_| Error::failed(format!("not a time in RFC 3339: \"{text}\"")))?;
    Ok(instant.as_nanosecond() as f64 / 1e6)
}

/// The labels of a kind of request.
fn labels(method: &str, name: &str) -> Vec<(String, String)> {
    let both = [("method", method), ("name", name)];
    both.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.to_string(), v.to_string())).collect()
}
