//! The three forms on the pipe, and the command-line frame of every filter.
//!
//! What flows between the filters is said in FORMATS.md; this crate is the one place that
//! reads and writes it. Only the command lines of the filters use it (and `grid-build`, whose product
//! a grid is): the algorithms take slices and return values.
//!
//! * `forms`: series lines, grids and tables, as CSV and JSONL; how inputs are opened and bounded, columns picked.
//! * `frame`: arguments that all filters share, standard output, messages, exit status.
//! * `text`: numbers, times, and text from outside made fit for a message.

mod forms;
mod frame;
#[cfg(feature = "testing")]
pub mod testing;
mod text;

pub use forms::batches::{Batches, GridWriter, batches, batches_of_each, read_grid, read_grid_file, write_grid};
pub use forms::beginning::names_in;
pub use forms::canonical::canonical;
pub use forms::chunks::{Chunk, chunks, pieces};
pub use forms::columns::{Columns, Names};
pub use forms::csv::header::{is_nameless, is_time_name};
pub use forms::form::{Form, TableForm};
pub use forms::jsonl::objects::each_row;
pub use forms::matrix::{Column, Grid, Span};
pub use forms::picker::{Picker, one_column, selector};
pub use forms::reading::{check_line, is_unlimited, nameless, time_column};
pub use forms::services::{idle_notes, read_services};
pub use forms::source::Source;
pub use forms::states::slip_in_time;
pub use forms::table::{Cell, Fields, Rows, Table, TableBatches};
pub use frame::args::{GridOutput, Input, TableOutput};
pub use frame::error::{Error, reason};
pub use frame::file::{replace_file, write_file};
pub use frame::memory::available_memory;
pub use frame::{Io, Working, run};
pub use names::{Name, Selector, escape_label, is_legacy_name};
pub use text::digest::digest;
pub use text::list::{counted, first_names};
pub use text::near::{did_you_mean, strange_names};
pub use text::number::{parse_number, parse_number_prefix, write_number};
pub use text::printable::{printable, quote};
pub use text::time::{format_time, parse_civil, parse_digits, parse_duration_ms, parse_instant, parse_time_ms};
