//! Numbers as people write them: with thousands, a decimal comma, a unit.

use grid::{Error, Name, parse_number};
use names::{Catalogue, Meta, Said};

/// Suffixes of cells, what a number with one is multiplied by, and the base unit that it is then in: SI and IEC 80000
/// prefixes, and the short scale as Grafana writes it.
const UNITS: [(&str, f64, &str); 44] = [
    ("%", 1.0, "percent"),
    ("ns", 1e-9, "seconds"),
    ("µs", 1e-6, "seconds"),
    ("us", 1e-6, "seconds"),
    ("ms", 1e-3, "seconds"),
    ("s", 1.0, "seconds"),
    ("sec", 1.0, "seconds"),
    ("min", 60.0, "seconds"),
    ("mins", 60.0, "seconds"),
    ("h", 3_600.0, "seconds"),
    ("hour", 3_600.0, "seconds"),
    ("hours", 3_600.0, "seconds"),
    ("day", 86_400.0, "seconds"),
    ("days", 86_400.0, "seconds"),
    ("B", 1.0, "bytes"),
    ("bytes", 1.0, "bytes"),
    ("kB", 1e3, "bytes"),
    ("KB", 1e3, "bytes"),
    ("MB", 1e6, "bytes"),
    ("GB", 1e9, "bytes"),
    ("TB", 1e12, "bytes"),
    ("KiB", 1024.0, "bytes"),
    ("MiB", 1_048_576.0, "bytes"),
    ("GiB", 1_073_741_824.0, "bytes"),
    ("TiB", 1_099_511_627_776.0, "bytes"),
    ("B/s", 1.0, "bytes per second"),
    ("kB/s", 1e3, "bytes per second"),
    ("MB/s", 1e6, "bytes per second"),
    ("GB/s", 1e9, "bytes per second"),
    ("KiB/s", 1024.0, "bytes per second"),
    ("MiB/s", 1_048_576.0, "bytes per second"),
    ("GiB/s", 1_073_741_824.0, "bytes per second"),
    ("b/s", 1.0, "bits per second"),
    ("kb/s", 1e3, "bits per second"),
    ("Mb/s", 1e6, "bits per second"),
    ("Gb/s", 1e9, "bits per second"),
    ("req/s", 1.0, "per second"),
    ("reqps", 1.0, "per second"),
    ("ops/s", 1.0, "per second"),
    ("rps", 1.0, "per second"),
    ("K", 1e3, ""),
    ("Mil", 1e6, ""),
    ("Bil", 1e9, ""),
    ("Tri", 1e12, ""),
];

/// A cell that is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell {
    Missing,
    /// A number and the base unit it was brought to, where it had one.
    Number(f64, Option<&'static str>),
    Text,
}

/// Reads a cell. Before the decimals stands `decimal`, the other of comma and point (and spaces, apostrophes) between
/// thousands.
pub(crate) fn parse_cell(text: &str, decimal: char) -> Cell {
    const MISSING: [&str; 8] = ["", "null", "nan", "na", "n/a", "-", "undefined", "no data"];
    let text = text.trim();
    if MISSING.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Cell::Missing;
    }
    let end = text.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
    let (digits, suffix) = text.split_at(end);
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

/// A truth value as a number; NaN for a missing one.
pub(super) fn parse_flag(text: &str) -> Option<f64> {
    match text {
        "true" | "True" | "TRUE" => Some(1.0),
        "false" | "False" | "FALSE" => Some(0.0),
        _ => (parse_cell(text, '.') == Cell::Missing).then_some(f64::NAN),
    }
}

/// The factor and the base unit of a suffix, also behind a word of the short scale: `K req/s`.
fn unit(suffix: &str) -> Option<(f64, &'static str)> {
    let known = |text: &str| UNITS.iter().find(|(unit, ..)| *unit == text).map(|(_, factor, base)| (*factor, *base));
    let scaled = || {
        let (scale, unit) = suffix.split_once(' ')?;
        let ((scale, _), (factor, base)) = (known(scale).filter(|(_, base)| base.is_empty())?, known(unit.trim())?);
        Some((scale * factor, base))
    };
    known(suffix).or_else(scaled)
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
        let end = cell.rfind(|c: char| c.is_ascii_digit()).map_or(0, |at| at + 1);
        let number = cell[..end].trim().trim_start_matches(['-', '+']);
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
        assert_eq!(parse_cell("N/A", '.'), Cell::Missing);
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
