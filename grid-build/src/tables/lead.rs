//! What stands before the rows of a table and says how it is written: `sep=;`, comments, a header behind a `#`.

use csv::{ReaderBuilder, StringRecord};
use grid::is_time_name;

use super::cells::{Dialect, delimiter};
use super::clock::is_time;

/// How a table is to be read.
pub(super) struct Lead<'a> {
    /// The table from its header on.
    pub(super) body: &'a [u8],
    /// How many lines were before it.
    pub(super) lines: u64,
    pub(super) delimiter: u8,
    /// True where lines that begin with `#` are comments.
    pub(super) has_comments: bool,
    /// True where headers stand behind a `#` (`sadf -d`, `numpy.savetxt`).
    pub(super) is_marked: bool,
}

impl<'a> Lead<'a> {
    /// Reads a first line `sep=;` (Excel), and a `#` that is the first byte after it: it begins comments (InfluxDB), or the header
    /// where that has a time and as many cells as the row after it.
    pub(super) fn of(bytes: &'a [u8], dialect: &Dialect) -> Lead<'a> {
        let (said, body) = match bytes.strip_prefix(b"sep=") {
            Some(rest) => (rest.first().copied(), rest.splitn(2, |b| *b == b'\n').nth(1).unwrap_or_default()),
            None => (None, bytes),
        };
        let delimiter = dialect.delimiter.or(said).unwrap_or_else(|| delimiter(body));
        let lead = Lead { body, lines: u64::from(said.is_some()), delimiter, has_comments: false, is_marked: false };
        match body.strip_prefix(b"#") {
            Some(header) if is_header(header, delimiter) => Lead { body: header, is_marked: true, ..lead },
            comment => Lead { has_comments: comment.is_some(), ..lead },
        }
    }
}

/// True for a text whose second line has as many cells as the first, and a time where that says so.
fn is_header(text: &[u8], delimiter: u8) -> bool {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
    let mut records = reader.records().filter_map(Result::ok);
    let (Some(header), Some(row)) = (records.next(), records.next()) else { return false };
    let has_time =
        |header: &StringRecord| header.iter().zip(&row).any(|(name, cell)| is_time_name(name) && is_time(cell));
    header.len() == row.len() && has_time(&header)
}
