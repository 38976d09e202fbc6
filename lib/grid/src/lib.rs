//! The three forms on the pipe, and the command-line frame of every filter.
//!
//! What flows between the filters is said in FORMATS.md; this crate is the one place that
//! reads and writes it. Only the mains of the filters use it (and `grid-build`, whose product
//! a grid is): the algorithms take slices and return values.

mod args;
mod batches;
mod chunks;
mod csv_read;
mod csv_row;
mod csv_write;
mod error;
mod form;
mod frame;
mod generate;
mod jsonl_read;
mod jsonl_write;
mod matrix;
mod number;
mod picker;
mod services;
mod source;
mod table;
mod table_read;
#[cfg(feature = "testing")]
pub mod testing;
mod time;

pub use args::{GridOutput, Input, TableOutput};
pub use batches::{Batches, GridWriter, batches, batches_of_each, read_grid, read_grid_file, write_grid};
pub use chunks::{chunks, pieces};
pub use error::Error;
pub use form::{Form, TableForm};
pub use frame::{Io, run};
pub use matrix::{Column, Grid, Span};
pub use names::{Name, Selector, escape_label, is_legacy_name};
pub use number::{parse_number, parse_number_prefix, write_number};
pub use picker::{Picker, selector};
pub use services::read_services;
pub use source::Source;
pub use table::{Cell, Table};
pub use time::{format_time, parse_duration_ms, parse_time_ms};
