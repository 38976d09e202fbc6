//! Reads series: VictoriaMetrics' export lines, matrix elements, arrays of them, whole answers.

mod blocks;
mod cursor;
mod element;
mod envelope;
mod reader;
mod samples;
mod skimmer;
mod splitter;
mod stamps;
mod times;
mod value;

pub(crate) use element::{Element, parse_element};
pub(crate) use envelope::{check_envelope, excerpt};
pub use reader::read_series;
pub(crate) use samples::is_samples;
pub use samples::read_samples;
