//! What Locust wrote, from 0.13 on.

mod history;
mod log;
mod phases;
mod reports;
mod totals;

pub use history::{History, read_history};
pub use log::read_requests;
pub(crate) use phases::columns as phase_columns;
pub use phases::{Phase, read_phases};
pub use totals::{Totals, read_totals};

/// What the columns begin with.
pub(super) const GENERATOR: &str = "locust";
