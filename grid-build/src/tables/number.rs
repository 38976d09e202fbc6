//! Numbers as people write them: with thousands, a decimal comma, a unit.

use grid::{Error, Name, parse_number};
use names::{Catalogue, Meta, Said};

use super::suffix::unit;

/// A cell that is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell {
    Missing,
    /// A number and the base unit it was brought to, where it had one.
    Number(f64, Option<&'static str>),
    Text,
}

/// What is written for a missing value: by Python, R, SQL (`\N` is that of PostgreSQL's and MySQL's dumps), Excel, Grafana.
const MISSING: [&str; 13] =
    ["", "null", "nan", "na", "n/a", "-", "--", "none", "<na>", "#n/a", "\\n", "undefined", "no data"];

/// The minus of typography, which spreadsheets and browsers write in the north of Europe.
const MINUS: char = '\u{2212}';

/// Reads a cell. Before the decimals stands `decimal`, the other of comma and point (and spaces, apostrophes) between
/// thousands.
pub(crate) fn parse_cell(text: &str, decimal: char) -> Cell {
    let text = text.trim();
    if is_missing(text) {
        return Cell::Missing;
    }
    if let Some(size) = text.strip_prefix(MINUS) {
        return parse_cell(&format!("-{size}"), decimal);
    }
    let (digits, suffix) = split_unit(text);
    if let Some(number) = parse_number(text.as_bytes()).filter(|_| decimal == '.') {
        return Cell::Number(number, None);
    }
    let Some(number) = parse_grouped(digits.trim(), decimal) else {
        // `inf` and the like are numbers, but not finite.
        let is_infinite = text.parse::<f64>().is_ok_and(|number| !number.is_finite());
        return if is_infinite { Cell::Missing } else { Cell::Text };
    };
    match suffix.trim() {
        "" => Cell::Number(number, None),
        suffix => match unit(suffix) {
            Some((factor, base)) => Cell::Number(number * factor, Some(base)),
            None => Cell::Text,
        },
    }
}

/// True for what is written for a missing value, in any letter case.
pub(super) fn is_missing(text: &str) -> bool {
    MISSING.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A number in front, and what follows it.
fn split_unit(text: &str) -> (&str, &str) {
    text.split_at(text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1))
}

/// True for text that begins with a number, whose unit is not known.
pub(super) fn has_strange_unit(text: &str, decimal: char) -> bool {
    let (digits, suffix) = split_unit(text);
    !suffix.is_empty() && parse_grouped(digits.trim(), decimal).is_some() && parse_cell(text, decimal) == Cell::Text
}

/// True for several numbers in one cell, with a unit at least once: `10.5MiB / 1.9GiB`, as Docker writes use and limit.
pub(super) fn are_several(text: &str, decimal: char) -> bool {
    let cells: Vec<Cell> = text.split(" / ").map(|part| parse_cell(part, decimal)).collect();
    let has_unit = cells.iter().any(|cell| matches!(cell, Cell::Number(_, Some(_))));
    cells.len() > 1 && has_unit && cells.iter().all(|cell| matches!(cell, Cell::Number(..)))
}

/// A truth value as a number; NaN for a missing one.
pub(super) fn parse_flag(text: &str) -> Option<f64> {
    match text {
        "true" | "True" | "TRUE" => Some(1.0),
        "false" | "False" | "FALSE" => Some(0.0),
        _ => (parse_cell(text, '.') == Cell::Missing).then_some(f64::NAN),
    }
}

/// The header of numbers that were brought to a base unit: it says so, unless the name does. A rate is always said,
/// as a name has the unit of what is counted.
pub(super) fn in_unit(name: &str, base: &str) -> String {
    let name = Name::parse(name);
    let said = match base.contains("per second") {
        true => Said { unit: Some(base), kind: None },
        false => Catalogue::default().said(&name.name, &Meta { unit: Some(base), ..Meta::default() }),
    };
    if said.is_nothing() { name.to_string() } else { name.saying(&said).to_string() }
}

/// A number with groups of three digits, or with none.
fn parse_grouped(text: &str, decimal: char) -> Option<f64> {
    let separator = if decimal == ',' { '.' } else { ',' };
    let (whole, rest) = text.split_once(decimal).unwrap_or((text, ""));
    let is_separator = |c: char| c == separator || is_gap(c);
    let groups: Vec<&str> = whole.split(is_separator).collect();
    let (first, others) = groups.split_first()?;
    let digits = first.trim_start_matches(['-', '+']).len();
    if !others.is_empty() && (!(1..=3).contains(&digits) || others.iter().any(|group| group.len() != 3)) {
        return None;
    }
    let plain = if rest.is_empty() { groups.concat() } else { format!("{}.{rest}", groups.concat()) };
    parse_number(plain.as_bytes())
}

/// A cell of a table, to be named: its line, its column and its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) line: u64,
    pub(crate) column: &'a str,
    pub(crate) text: &'a str,
}

/// What the marks of a number say of its decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Marks {
    /// Of comma and point one stands before decimals, and the other between thousands or nowhere.
    Sure(char),
    /// A point by itself, where groups of three digits cannot be meant.
    Point,
    /// A comma by itself, where groups of three digits cannot be meant: `0,5`, `12,25`, `1 234,567`.
    Comma,
    /// A comma or a point that may be either: `1,234`.
    Either(char),
    /// Nothing.
    Silent,
}

impl Marks {
    fn of(cell: &str) -> Marks {
        let number = split_unit(cell).0.trim().trim_start_matches(['-', '+', MINUS]);
        if !number.starts_with(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'))
            || !number.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.') || is_gap(c))
        {
            return Marks::Silent;
        }
        let count = |mark: char| number.matches(mark).count();
        match (count(','), count('.'), number.rfind([',', '.'])) {
            (0, 0, _) | (_, _, None) => Marks::Silent,
            (1.., 1.., Some(last)) | (2.., 0, Some(last)) | (0, 2.., Some(last)) => {
                // The last of two marks is before decimals, one that comes twice is not.
                let last = if number[last..].starts_with(',') { ',' } else { '.' };
                let other = if last == ',' { '.' } else { ',' };
                Marks::Sure(if count(last) > 1 { other } else { last })
            }
            (_, _, Some(at)) => {
                let (whole, decimals) = (&number[..at], &number[at + 1..]);
                let grouped = decimals.len() == 3 && whole.len() <= 3 && !matches!(whole, "" | "0");
                match (number[at..].starts_with(','), grouped) {
                    (true, true) => Marks::Either(','),
                    (false, true) => Marks::Either('.'),
                    (true, false) => Marks::Comma,
                    (false, false) => Marks::Point,
                }
            }
        }
    }
}

/// True for what may stand between thousands, whatever is before decimals.
fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')
}

/// What stands before the decimals of these cells. Refused where a comma may be either (`1,234`), and where one cell says
/// this and another that.
pub(crate) fn decimal_of<'a>(cells: impl Iterator<Item = Place<'a>>) -> Result<char, Error> {
    const SAY: &str = "say --decimal ',' or --decimal .";
    let (mut comma, mut point, mut doubtful, mut undecided) = (None, None, None, None);
    for place in cells {
        match Marks::of(place.text) {
            Marks::Sure(decimal) => return Ok(decimal),
            Marks::Comma => comma = comma.or(Some(place)),
            Marks::Point => point = point.or(Some(place)),
            Marks::Either(',') => doubtful = doubtful.or(Some(place)),
            Marks::Either(_) => undecided = undecided.or(Some(place)),
            Marks::Silent => {}
        }
    }
    let refused = |place: Place, what: &str| {
        let (line, column, text) = (place.line, place.column, place.text.chars().take(60).collect::<String>());
        Err(Error::failed(format!("line {line}: column \"{column}\": {what}: \"{text}\": {SAY}")))
    };
    match (comma, point.or(undecided), doubtful) {
        (Some(comma), Some(point), _) => {
            let what = format!("a comma before decimals, but a point in line {}, \"{}\"", point.line, point.text);
            refused(comma, &what)
        }
        (Some(_), None, _) => Ok(','),
        (None, _, Some(doubtful)) if point.is_none() => {
            refused(doubtful, "a comma may stand before decimals or between thousands")
        }
        (None, ..) => Ok('.'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_decimals_and_units_are_read() {
        for (text, decimal, number, unit) in [
            ("1,234.5", '.', 1234.5, None),
            ("1.234,5", ',', 1234.5, None),
            ("-0,5", ',', -0.5, None),
            ("1 234 567", '.', 1_234_567.0, None),
            ("12.5 MiB", '.', 13_107_200.0, Some("bytes")),
            ("12.3 ms", '.', 0.0123, Some("seconds")),
            ("10 %", '.', 10.0, Some("percent")),
            ("1.2K req/s", '.', 1200.0, Some("per second")),
            ("1.5 Mil ops/s", '.', 1_500_000.0, Some("per second")),
            ("1e3", '.', 1000.0, None),
            ("\u{2212}1.234,5", ',', -1234.5, None),
        ] {
            match parse_cell(text, decimal) {
                Cell::Number(got, base) => {
                    assert!((got - number).abs() <= 1e-12 * number.abs(), "{text}: {got}");
                    assert_eq!(base, unit, "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        for text in ["carts", "12,34,5", "1,23", "5 apples", "1 s req/s", "1 K K apples"] {
            assert_eq!(parse_cell(text, '.'), Cell::Text, "{text}");
        }
        for text in ["N/A", "None", "\\N", "<NA>", "#N/A"] {
            assert_eq!(parse_cell(text, '.'), Cell::Missing, "{text}");
        }
        let strange = |text: &str| (has_strange_unit(text, '.'), are_several(text, '.'));
        assert_eq!((strange("9.5 x/s"), strange("1.5MiB / 2GiB")), ((true, false), (false, true)));
        for text in ["9 ms", "carts", "10.0.0.1", "1 / 2", "0x1f"] {
            assert_eq!(strange(text), (false, false), "{text}");
        }
    }

    #[test]
    fn a_decimal_comma_is_told_from_thousands() {
        let decimal = |cells: &[&str]| {
            let place = |(at, text)| Place { line: at as u64 + 2, column: "a", text };
            decimal_of(cells.iter().copied().enumerate().map(place)).map_err(|e| e.to_string())
        };
        for (cells, expected) in [
            (vec!["1,234", "0,5"], ','),
            (vec!["1,234.5"], '.'),
            (vec!["1.234,5", "1.234"], ','),
            (vec!["1.234.567", "1,5"], ','),
            (vec!["1\u{a0}234,5"], ','),
            (vec!["1.5", "carts, orders", "v1.2, x"], '.'),
            (vec!["1,234", "0.5"], '.'),
            (vec!["1.234"], '.'),
        ] {
            assert_eq!(decimal(&cells), Ok(expected), "{cells:?}");
        }
        let mixed = "line 3: column \"a\": a comma before decimals, but a point in line 2, \"12.375\": \"13,5\": say --decimal ',' or --decimal .";
        assert_eq!(decimal(&["12.375", "13,5"]), Err(mixed.to_string()));
        assert!(decimal(&["2.5", "1,5"]).is_err() && decimal(&["1,234"]).is_err());
    }
}
