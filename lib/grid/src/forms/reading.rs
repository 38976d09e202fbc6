//! How the inputs of this process are read: what the command line says once, for the main input and all others.

use std::io;
use std::sync::OnceLock;

use crate::quote;

/// The longest line, in bytes: a row of ten million columns, or a series of ten million values.
const LINE: usize = 256 << 20;

/// The longest name of a column, in bytes.
const NAME: usize = 1 << 20;

/// The most columns of a grid.
const COLUMNS: usize = 1 << 24;

/// The most that a compressed input may grow to, in bytes.
const BYTES: u64 = 64 << 30;

/// What a message says of a table that may be none of one row per time.
pub(crate) const OTHER_TABLES: &str = "long tables: grid-build --long";

/// What is said of a cell of a grid that is no number.
pub(crate) fn no_number(column: &str, cell: &str) -> String {
    let (column, cell) = (quote(column), quote(cell));
    format!("column {column}: not a number: {cell}, expected one or an empty cell ({OTHER_TABLES})")
}

/// What is said of a cell with a value that stands in no series, for its column has no name.
pub fn nameless(column: usize, cell: &str) -> String {
    format!("column {column}: a value in a column without a name, expected one in the header: {}", quote(cell))
}

/// What the command line says of the inputs.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The column of times, where it is named.
    pub(crate) time: Option<String>,
    /// Whether the limits are lifted.
    pub(crate) unlimited: bool,
}

static READING: OnceLock<Reading> = OnceLock::new();

/// Sets it, once.
pub(crate) fn set(reading: Reading) {
    // A second call would be of the same command line.
    let _ = READING.set(reading);
}

/// Whether `--no-limits` lifts the limits.
pub fn is_unlimited() -> bool {
    READING.get().is_some_and(|reading| reading.unlimited)
}

/// The column of times that the command line names.
pub fn time_column() -> Option<&'static str> {
    READING.get()?.time.as_deref()
}

/// Refuses a line of so many bytes, or a series or document that may stand on several lines, when it is too long.
pub fn check_line(length: usize) -> io::Result<()> {
    if length <= LINE || is_unlimited() {
        return Ok(());
    }
    Err(io::Error::other(format!("a line of more than {} MB, which --no-limits allows", LINE >> 20)))
}

/// Refuses a name of so many bytes when it is too long.
pub(crate) fn check_name(length: usize) -> Result<(), String> {
    if length <= NAME || is_unlimited() {
        return Ok(());
    }
    Err(format!("a name of {length} bytes, above 1 MB, which --no-limits allows"))
}

/// Refuses so many columns when they are too many.
pub(crate) fn check_columns(count: usize) -> Result<(), String> {
    if count <= COLUMNS || is_unlimited() {
        return Ok(());
    }
    Err(format!("more than {COLUMNS} columns, which --no-limits allows"))
}

/// How many bytes a compressed input may have once decompressed.
pub(crate) fn most_bytes() -> u64 {
    if is_unlimited() { u64::MAX } else { BYTES }
}

/// Why nothing is read beyond [`most_bytes`].
pub(crate) fn too_many_bytes() -> io::Error {
    io::Error::other(format!("more than {} GB once decompressed, which --no-limits allows", BYTES >> 30))
}
