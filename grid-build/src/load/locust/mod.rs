//! What Locust wrote about the load, as columns of the grid.

mod history;
mod phases;
mod requests;
mod sheet;
mod totals;

use grid::Error;

pub use history::{History, read_history};
pub use phases::{Phase, read_phases};
pub use requests::{Requests, read_requests};
pub use totals::read_totals;

use crate::lattice::{Extent, Laid, Lattice};

/// All that is known about the load.
#[derive(Debug, Default)]
pub struct Locust {
    /// `PREFIX_stats_history.csv`.
    pub history: Option<History>,
    /// The per-request log; where it is there, rates and latencies come from it.
    pub requests: Option<Requests>,
    /// The wanted load.
    pub phases: Vec<Phase>,
    /// Columns for each kind of request as well.
    pub by_name: bool,
    /// Which quantiles of the per-request log.
    pub quantiles: Vec<f64>,
}

impl Locust {
    /// Adds to all times of Locust: its clock is late by that much.
    pub fn shift(&mut self, offset_ms: i64) {
        if let Some(history) = &mut self.history {
            history.shift(offset_ms);
        }
        if let Some(requests) = &mut self.requests {
            requests.shift(offset_ms);
        }
    }

    pub(crate) fn extents(&self) -> Vec<Extent> {
        let history = self.history.as_ref().and_then(History::extent);
        history.into_iter().chain(self.requests.as_ref().and_then(Requests::extent)).collect()
    }

    pub(crate) fn columns(&self, lattice: Lattice, notes: &mut Vec<String>) -> Vec<Laid> {
        let mut columns = phases::columns(&self.phases, lattice);
        columns.extend(self.history.as_ref().and_then(|history| history.users(lattice)));
        match (&self.requests, &self.history) {
            (Some(requests), _) => columns.extend(requests.columns(lattice, &self.quantiles, self.by_name)),
            (None, Some(history)) => {
                columns.extend(history.columns(lattice, self.by_name));
                notes.push(quality(history).to_string());
            }
            (None, None) => {}
        }
        let cut = self.history.as_ref().is_some_and(|h| h.cut) || self.requests.as_ref().is_some_and(|r| r.cut);
        if cut {
            notes.push("the last row of Locust's file is cut short: left out".to_string());
        }
        columns
    }
}

fn quality(history: &History) -> &'static str {
    if history.is_full() {
        "percentiles of Locust's history are those of about ten seconds and come late after a stall: \
         a per-request log (--locust-requests) is exact"
    } else {
        "percentiles of Locust's history without --csv-full-history are those of the whole run: left out"
    }
}

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
