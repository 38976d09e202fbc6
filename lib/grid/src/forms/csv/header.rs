//! The header of a grid in CSV: which column holds the times, and the names of the others.

use std::iter;

use csv_core::{ReadFieldResult, Reader};

use super::held::Held;
use crate::forms::canonical::canonical_names;
use crate::forms::columns::Names;
use crate::forms::reading::{check_columns, check_name, time_column};
use crate::text::time::Unit;
use crate::{Error, Picker, did_you_mean, parse_number, parse_time_ms, quote};

/// Names of the column of times, in any letter case; `@timestamp` is Elastic's, `ds` is not among them: it may be anything.
pub(crate) const TIME_NAMES: [&str; 11] = [
    "time",
    "timestamp",
    "ts",
    "_time",
    "datetime",
    "date",
    "date time",
    "@timestamp",
    "unix_timestamp",
    "epoch",
    "time_unix",
];

/// What the header says.
pub(crate) struct Layout {
    /// Where the times stand.
    pub(crate) time: usize,
    /// The column `window`, next to the times.
    pub(crate) has_window: bool,
    /// For every column behind the times (and `window`), or where these stand later, for every column: what is done with it.
    pub(crate) uses: Vec<Use>,
}

/// What is done with the cells of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// They are a series.
    Read,
    /// It is another column than those picked, or the times.
    PassOver,
    /// It has no name: lines that end with delimiters make such, and their cells are empty.
    Nameless,
}

/// Whether a column of this name holds times.
pub fn is_time_name(name: &str) -> bool {
    TIME_NAMES.iter().any(|known| name.trim().eq_ignore_ascii_case(known))
}

/// Whether a column has no name of its own: pandas writes an index so, and reads it as `Unnamed: 0`.
pub fn is_nameless(name: &str) -> bool {
    name.is_empty() || name.starts_with("Unnamed: ")
}

impl Layout {
    /// Reads the header; also gives the columns in use, still without rows. `first_row` decides on a column without a name,
    /// and on how many rows there may be in the `length` of all.
    pub(crate) fn read(
        header: Vec<u8>,
        first_row: &[u8],
        length: Option<u64>,
        picker: &mut Picker,
    ) -> Result<(Self, Held), Error> {
        let names = fields(&header).map_err(|what| Error::failed(format!("line 1: {what}")))?;
        // The text of a million names is as large as the names: it goes before more of them are made.
        drop(header);
        let names = canonical_names(names);
        let time = time_place(&names, first_row, picker.beside)?;
        let has_window = time == 0 && names.iter().nth(1) == Some("window");
        let first = if time == 0 { 1 + usize::from(has_window) } else { 0 };
        // An index before the column of times is a count of rows, not a series; written and read twice, it is two.
        let indexes = names.iter().take(time).take_while(|name| is_nameless(name)).count();
        let is_other = |at: usize| at == time || at < indexes;
        let is_named = |at: &usize| !is_other(*at) && !names.get(*at).is_empty();
        refuse_twins(&names, iter::once(time).chain((first..names.len()).filter(is_named)))?;
        let use_of = |at: usize| match names.get(at) {
            name if is_other(at) || !picker.keeps(name) => Use::PassOver,
            _ if is_named(&at) => Use::Read,
            _ => Use::Nameless,
        };
        let uses: Vec<Use> = (first..names.len()).map(use_of).collect();
        picker.check_used()?;
        let read = (first..).zip(&uses).filter(|(_, does)| **does == Use::Read).map(|(at, _)| names.get(at));
        let rows = length.map(|length| (length / (first_row.len() as u64 + 1)) as usize);
        let held = Held::new(read, has_window, rows);
        Ok((Layout { time, has_window, uses }, held))
    }

    /// How many cells a row has.
    pub(crate) fn width(&self) -> usize {
        self.uses.len() + usize::from(self.time == 0) + usize::from(self.has_window)
    }
}

/// Where the times stand: where `--time` says, in the first column by its name, or in a later one after a nameless index.
/// A grid of our own beside the main input, a baseline for instance, has them where they always are.
fn time_place(names: &Names, first_row: &[u8], beside: bool) -> Result<usize, Error> {
    let Some(first) = names.iter().next() else {
        return Err(Error::failed("line 1: no header, expected time and a name for each series"));
    };
    if let Some(asked) = time_column() {
        let named = names.iter().position(|name| name == asked);
        let own = || (beside && is_time_name(first)).then_some(0);
        return named.or_else(own).ok_or_else(|| Error::failed(format!("line 1: {}", no_time(asked, names.iter()))));
    }
    if is_time_name(first) {
        return Ok(0);
    }
    if is_nameless(first) {
        if let Some(other) = names.iter().position(is_time_name) {
            return Ok(other);
        }
        if fields(first_row).is_ok_and(|cells| cells.iter().next().is_some_and(is_recent)) {
            return Ok(0);
        }
    }
    if let Some(between) = foreign_delimiter(first) {
        let what = format!("cells separated by {}, expected \",\" (grid-build reads others)", quote(between));
        return Err(Error::parse("line 1", what, first));
    }
    let known = TIME_NAMES.join(", ");
    let expected = format!("the first column is not a time column, expected one of {known}, or --time COLUMN");
    Err(Error::parse("line 1", expected, first))
}

/// What stands between cells in place of commas: the header says so (`sep=;`), or a time stands before it.
fn foreign_delimiter(first: &str) -> Option<&str> {
    let said = first.strip_prefix("sep=").filter(|between| !between.is_empty());
    let stands = |between: &&str| first.split_once(between).is_some_and(|(name, _)| is_time_name(name));
    said.or_else(|| [";", "\t", "|"].into_iter().find(stands))
}

/// That no column is called what `--time` names.
pub(crate) fn no_time<'a>(asked: &str, names: impl Iterator<Item = &'a str>) -> String {
    let near = did_you_mean(asked, names);
    format!("--time: no such column: {}{near}", quote(asked))
}

/// Whether a cell is a date, or a number large enough to be a time and not the count of a row: from 2001 on.
fn is_recent(cell: &str) -> bool {
    match parse_number(cell.trim().as_bytes()) {
        Some(number) => Unit::of(number).is_some() && number >= 1e9,
        None => parse_time_ms(cell).is_some(),
    }
}

fn refuse_twins(names: &Names, columns: impl Iterator<Item = usize>) -> Result<(), Error> {
    let mut order: Vec<usize> = columns.collect();
    order.sort_unstable_by_key(|&at| names.get(at));
    match order.windows(2).find(|pair| names.get(pair[0]) == names.get(pair[1])) {
        Some(pair) => Err(Error::failed(format!("line 1: two columns have one name: {}", quote(names.get(pair[0]))))),
        None => Ok(()),
    }
}

/// The fields of one record, each made only once: a header of a million names is long.
pub(crate) fn fields(record: &[u8]) -> Result<Names, String> {
    let (mut reader, mut rest, mut fields) = (Reader::new(), record, Names::default());
    let (mut field, mut buffer) = (Vec::new(), [0; 1024]);
    loop {
        let (result, read, written) = reader.read_field(rest, &mut buffer);
        rest = &rest[read..];
        field.extend_from_slice(&buffer[..written]);
        check_name(field.len())?;
        match result {
            ReadFieldResult::Field { record_end } => {
                let name = std::str::from_utf8(&field).map_err(|_| String::from("not UTF-8"))?;
                check_columns(fields.len() + 1)?;
                fields.push(name.trim());
                field.clear();
                if record_end {
                    return Ok(fields);
                }
            }
            ReadFieldResult::End => return Ok(fields),
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::write::Rowed;
    use super::*;

    fn layout(header: &str, row: &str) -> Result<(usize, Vec<String>), String> {
        let read = Layout::read(header.into(), row.as_bytes(), None, &mut Picker::default());
        let names = |held: &Held| held.names().map(String::from).collect();
        read.map(|(layout, held)| (layout.time, names(&held))).map_err(|e| e.to_string())
    }

    #[test]
    fn fields_are_unquoted() {
        let fields = |record: &[u8]| fields(record).map(|names| names.iter().map(String::from).collect::<Vec<_>>());
        assert_eq!(fields(b"time,\"a{b=\"\"c\"\"}\",\"x\ny\",d\r\n").unwrap(), ["time", "a{b=\"c\"}", "x\ny", "d"]);
        assert_eq!(fields(b"time, a ,\" b\"").unwrap(), ["time", "a", "b"]);
        assert_eq!(fields(b"\n").unwrap(), Vec::<String>::new());
        assert!(fields(&[b'x'; (1 << 20) + 1]).unwrap_err().starts_with("a name of"));
    }

    #[test]
    fn a_nameless_column_of_times_is_one() {
        assert_eq!(layout(",a", "1700000000,1"), Ok((0, vec!["a".into()])));
        assert_eq!(layout("Unnamed: 0,a", "2023-11-14 22:13:20,1"), Ok((0, vec!["a".into()])));
        assert_eq!(layout("Date Time,a", ""), Ok((0, vec!["a".into()])));
    }

    #[test]
    fn what_has_no_name_is_no_series() {
        assert_eq!(layout("time,a,, ,b,", "1,2,,,3,"), Ok((0, vec!["a".into(), "b".into()])));
    }

    #[test]
    fn other_delimiters_are_named() {
        let refused =
            |between| format!("line 1: cells separated by {between}, expected \",\" (grid-build reads others): ");
        assert_eq!(layout("time;a,b", ""), Err(refused("\";\"") + "\"time;a\""));
        assert_eq!(layout("Date\ta", ""), Err(refused("\"\\t\"") + "\"Date\\ta\""));
        assert_eq!(layout("sep=;", ""), Err(refused("\";\"") + "\"sep=;\""));
    }

    #[test]
    fn an_index_before_the_times_is_left_out() {
        assert_eq!(layout(",a,@timestamp,b", "0,5,1700000000,6"), Ok((2, vec!["a".into(), "b".into()])));
        assert_eq!(layout("Unnamed: 0.1,Unnamed: 0,time,a", "0,0,1700000000,6"), Ok((2, vec!["a".into()])));
    }

    #[test]
    fn labels_in_any_order_are_one_series() {
        let header = r#"time,"x{b=""1"",a=""2""}""#;
        assert_eq!(layout(header, "1700000000,1"), Ok((0, vec![r#"x{a="2",b="1"}"#.into()])));
    }

    #[test]
    fn a_count_of_rows_is_no_column_of_times() {
        let refused = layout(",a", "0,1").unwrap_err();
        assert!(
            refused.starts_with("line 1: the first column is not a time column, expected one of time, "),
            "{refused}"
        );
    }
}
