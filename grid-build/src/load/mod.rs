//! What load generators wrote about the load.

mod locust;

pub use locust::{
    History, Locust, Phase, Requests, parse_offset, read_history, read_phases, read_requests, read_totals,
};
