//! Times as programs write them: numbers from seconds to nanoseconds, dates with a zone or without.

use grid::{Error, parse_civil, parse_digits, parse_instant, parse_number};
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::dates::{Order, is_ambiguous, of_a_day, order, year_first};
use super::months::in_numbers;

/// How sure the name of a column of times is, the lower the surer; none for any other. The row numbers of an index in
/// pandas, which has no name as a rule, look like times soon after 1970.
pub(super) fn place(name: &str) -> Option<usize> {
    match name.trim() {
        name if grid::is_time_name(name) => Some(0),
        "" => Some(1),
        name if name.starts_with("Unnamed: ") => Some(2),
        name if name.eq_ignore_ascii_case("index") => Some(3),
        _ => None,
    }
}

/// A time that is read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Time {
    /// Milliseconds, and how many of the number's units make one.
    Number(f64, f64),
    Zoned(i64),
    Civil(DateTime),
}

/// Up to these sizes a number counts seconds, milliseconds, microseconds, nanoseconds since 1970: each is the year 5138
/// in its unit.
const SIZES: [(f64, f64); 4] = [(1e11, 1e-3), (1e14, 1.0), (1e17, 1e3), (1e20, 1e6)];

/// `order` is that of the dates of the column, where one shows it.
fn parse_time(text: &str, order: Option<Order>) -> Option<Time> {
    if let Some(number) = parse_number(text.as_bytes()) {
        let (_, unit) = SIZES.iter().find(|(size, _)| number.abs() < *size)?;
        return Some(Time::Number(number / unit, *unit));
    }
    let numbered = in_numbers(text);
    let text = numbered.as_deref().unwrap_or(text);
    // Go writes the offset besides: `12:00:00 +0000 UTC`.
    let (rest, is_utc) = match text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT")) {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let joined =
        || [" +", " -"].iter().any(|gap| rest.contains(gap)).then(|| rest.replace(" +", "+").replace(" -", "-"));
    if let Some(instant) = parse_instant(rest).or_else(|| parse_instant(&joined()?)) {
        return Some(Time::Zoned(instant.as_millisecond()));
    }
    let civil = parse_civil_of(rest, order)?;
    match is_utc {
        true => Some(Time::Zoned(TimeZone::UTC.to_timestamp(civil).ok()?.as_millisecond())),
        false => Some(Time::Civil(civil)),
    }
}

/// A day, with a time of it or at midnight.
fn parse_civil_of(text: &str, order: Option<Order>) -> Option<DateTime> {
    let localized = year_first(text, order);
    let text = localized.as_deref().unwrap_or(text);
    let iso = if text.get(4..5) == Some("/") { text.replacen('/', "-", 2) } else { text.to_string() };
    let iso = match iso.split_once(' ') {
        Some((day, clock)) => format!("{day} {}", of_a_day(clock)?),
        None => iso,
    };
    let day = || Some(iso.parse::<Date>().ok().filter(|_| !iso.contains('['))?.at(0, 0, 0, 0));
    parse_civil(&iso).or_else(day)
}

/// True for a day without a time of it.
pub(super) fn is_day(text: &str) -> bool {
    has_no_zone(text) && !text.contains(':')
}

/// True for a time of a day that is not said.
pub(super) fn is_time_of_day(text: &str) -> bool {
    let parses = |clock: String| clock.parse::<jiff::civil::Time>().is_ok();
    text.contains(':') && of_a_day(text).is_some_and(parses) && !is_time(text)
}

/// A time in milliseconds and their fractions, and whether it needed the zone.
pub(super) fn exact_ms(text: &str, zone: &TimeZone) -> Option<(f64, bool)> {
    match parse_digits(text).map(Time::Civil).or_else(|| parse_time(text, None))? {
        Time::Number(ms, _) => Some((ms, false)),
        Time::Zoned(ms) => Some((ms as f64, false)),
        Time::Civil(civil) => Some((zone.to_timestamp(civil).ok()?.as_millisecond() as f64, true)),
    }
}

/// True for text that can be read as a time.
pub(crate) fn is_time(text: &str) -> bool {
    parse_time(text, None).is_some() || is_ambiguous(text)
}

/// True for a date, or a number that is large enough to be a time and nothing else: from 2001 on.
pub(super) fn is_recent(text: &str) -> bool {
    parse_number(text.as_bytes()).map_or_else(|| is_time(text), |number| number >= 1e9 && is_time(text))
}

/// True for a date and time without a zone.
pub(crate) fn has_no_zone(text: &str) -> bool {
    is_ambiguous(text) || parse_digits(text).is_some() || matches!(parse_time(text, None), Some(Time::Civil(_)))
}

const NO_TIME: &str =
    "not a time, expected Unix time, RFC 3339, YYYY-MM-DD hh:mm:ss, or dd.mm.yyyy, dd/mm/yyyy, mm/dd/yyyy hh:mm:ss";

/// Why a cell is no time, and what is expected.
fn why_none(text: &str) -> &'static str {
    let has_short_zone = || {
        let (rest, zone) = text.rsplit_once(' ')?;
        let is_short = zone.len() > 1 && zone.bytes().all(|byte| byte.is_ascii_uppercase());
        Some(is_short && matches!(parse_time(rest, None), Some(Time::Civil(_))))
    };
    match text.split_once(" days ") {
        _ if is_ambiguous(text) => "day or month first, expected a row with a day over 12, dd.mm.yyyy or YYYY-MM-DD",
        _ if has_short_zone() == Some(true) => {
            "a zone that may be several, expected none, and --tz Europe/Berlin or the like"
        }
        Some((days, clock)) if days.parse::<i64>().is_ok() && clock.contains(':') => {
            "a length of time, expected a time (pandas: add the start, as pandas.Timestamp)"
        }
        _ => NO_TIME,
    }
}

/// True for a number that is a time as Excel counts them, days since 1900: of 2000 to 2100, and finer than a millisecond.
pub(super) fn is_day_number(text: &str) -> bool {
    parse_number(text.as_bytes()).is_some_and(|days| DAYS.contains(&days) && (days * 1e3).fract() != 0.0)
}

const DAYS: std::ops::Range<f64> = 36_526.0..73_050.0;

/// Steps of such numbers are less than this, somewhat more than an hour.
const LARGEST_STEP: f64 = 0.05;

/// The first of such numbers in a column that holds nothing else, none far from the one before: as seconds they would be 1970.
fn day_number<'a>(cells: impl Iterator<Item = (u64, &'a str)>) -> Option<(u64, &'a str)> {
    let (mut found, mut last) = (None, f64::NAN);
    for (line, text) in cells {
        let days = parse_number(text.as_bytes()).filter(|days| DAYS.contains(days))?;
        if (days - last).abs() >= LARGEST_STEP {
            return None;
        }
        last = days;
        found = found.or_else(|| is_day_number(text).then_some((line, text)));
    }
    found
}

/// What is said where a zone was assumed.
pub(super) const IN_UTC: &str = "times have no zone: taken for UTC (--tz says otherwise)";

/// Times of one column in milliseconds; those without a zone are in `zone`. Numbers of two units are refused, except for 0.
pub(crate) fn read_times<'a>(
    name: &str,
    cells: impl Iterator<Item = (u64, &'a str)> + Clone,
    zone: &TimeZone,
) -> Result<Vec<i64>, Error> {
    if let Some((line, text)) = day_number(cells.clone()) {
        let what = "a day number of Excel, expected a date (format the column as yyyy-mm-dd hh:mm:ss)";
        return Err(Error::failed(format!("line {line}: column \"{name}\": {what}: \"{text}\"")));
    }
    let order = cells.clone().find_map(|(_, text)| order(text));
    let are_digits = cells.clone().all(|(_, text)| parse_digits(text).is_some());
    let mut unit = None;
    let mut times = Vec::new();
    for (line, text) in cells {
        let refused = |what: &str| Error::failed(format!("line {line}: column \"{name}\": {what}: \"{text}\""));
        let digits = parse_digits(text).filter(|_| are_digits).map(Time::Civil);
        let time = digits.or_else(|| parse_time(text, order)).ok_or_else(|| refused(why_none(text)))?;
        times.push(match time {
            Time::Number(ms, own) => {
                if ms != 0.0 && *unit.get_or_insert(own) != own {
                    return Err(refused("seconds and milliseconds are mixed"));
                }
                ms.round() as i64
            }
            Time::Zoned(ms) => ms,
            Time::Civil(civil) => {
                let time = zone.to_ambiguous_timestamp(civil);
                let what = match time.offset() {
                    AmbiguousOffset::Fold { .. } => {
                        "twice in this zone, whose clock is set back, expected an offset as well"
                    }
                    _ => "not a time of this zone",
                };
                time.unambiguous().map_err(|_| refused(what))?.as_millisecond()
            }
        });
    }
    Ok(times)
}

/// A zone: `UTC`, an offset such as `+02:00`, or a name such as `Europe/Berlin`.
pub fn parse_zone(text: &str) -> Result<TimeZone, String> {
    let dated = format!("2000-01-01T00:00:00{text}");
    if let Some(offset) = Pieces::parse(&dated).ok().and_then(|pieces| pieces.to_numeric_offset()) {
        return Ok(TimeZone::fixed(offset));
    }
    if text.eq_ignore_ascii_case("utc") {
        return Ok(TimeZone::UTC);
    }
    TimeZone::get(text)
        .map_err(|_| "expected UTC, an offset such as +02:00, or a zone such as Europe/Berlin".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Result<Vec<i64>, Error> {
        read_times("t", texts.iter().map(|t| (1, *t)), &TimeZone::UTC)
    }

    #[test]
    fn all_units_and_dates_are_read() {
        let texts = ["1700000000", "1700000000000", "1700000000000000", "1700000000000000000"];
        for text in texts.into_iter().chain(["2023-11-14T22:13:20Z", "2023-11-14 22:13:20", "2023/11/14 22:13:20"]) {
            assert_eq!(read(&[text]).unwrap(), [1_700_000_000_000], "{text}");
        }
        assert!(read(&["1700000000", "1700000000000"]).is_err());
        assert!(has_no_zone("2023-11-14") && !is_time("carts"));
        assert_eq!(read(&["2023-11-14 23:13:20[Europe/Berlin]"]).unwrap(), [1_700_000_000_000]);
        assert!(read(&["2023-11-14 23:13:20[Nowhere/Here]"]).is_err());
    }

    #[test]
    fn what_is_no_time_is_told_what_would_be_one() {
        let refused = |text| read(&[text]).unwrap_err().to_string();
        assert!(refused("2026-11-20 12:00:00 CET").contains("--tz Europe/Berlin"));
        assert!(refused("0 days 00:00:05").contains("add the start"));
        for text in ["carts", "12 CET", "three days ago"] {
            assert!(refused(text).contains(NO_TIME), "{text}");
        }
    }

    #[test]
    fn day_numbers_of_excel_are_no_seconds() {
        let refused = read(&["46346.5", "46346.50017361", "46346.50034722"]).unwrap_err().to_string();
        assert!(refused.contains("a day number of Excel") && refused.ends_with("\"46346.50017361\""), "{refused}");
        assert!(read(&["46346.5", "46347.25"]).is_ok() && read(&["46346.1234", "46350.1234"]).is_ok());
    }

    #[test]
    fn times_without_a_zone_are_in_the_one_given() {
        let zone = parse_zone("+02:00").unwrap();
        let times = read_times("t", [(1, "2023-11-15 00:13:20")].into_iter(), &zone).unwrap();
        assert_eq!(times, [1_700_000_000_000]);
        let berlin = parse_zone("Europe/Berlin").unwrap();
        let refused = |text| read_times("t", [(2, text)].into_iter(), &berlin).unwrap_err().to_string();
        assert!(refused("2026-10-25 02:30:00").contains("line 2: column \"t\": twice in this zone"));
        assert!(refused("2026-03-29 02:30:00").contains("not a time of this zone"));
        assert!(parse_zone("utc").is_ok() && parse_zone("Nowhere/Here").is_err());
    }
}
