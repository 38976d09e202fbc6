//! Times and durations as text. Inside, a time is whole milliseconds since 1970.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{Timestamp, Zoned};

use crate::parse_number;

/// What a number counts, judged by its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// From here on, in milliseconds, there is no time: the year 5138. As seconds it is the thousandth part, which is
/// 1973 in milliseconds; so what is written as seconds is never read as milliseconds, and so on down to nanoseconds.
const NO_TIME_FROM: f64 = 1e14;

impl Unit {
    /// The unit that a number of this size counts; `None` when it is no time in any.
    pub(crate) fn of(number: f64) -> Option<Unit> {
        match number.abs() {
            size if size < 1e11 => Some(Unit::Seconds),
            size if size < 1e14 => Some(Unit::Milliseconds),
            size if size < 1e17 => Some(Unit::Microseconds),
            size if size < 1e20 => Some(Unit::Nanoseconds),
            _ => None,
        }
    }

    fn in_ms(self, number: f64) -> f64 {
        match self {
            Unit::Seconds => number * 1e3,
            Unit::Milliseconds => number,
            Unit::Microseconds => number / 1e3,
            Unit::Nanoseconds => number / 1e6,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Unit::Seconds => "seconds",
            Unit::Milliseconds => "milliseconds",
            Unit::Microseconds => "microseconds",
            Unit::Nanoseconds => "nanoseconds",
        }
    }
}

/// True for milliseconds that a grid can hold: up to the year 5138.
pub(crate) fn is_time(ms: i64) -> bool {
    (ms as f64).abs() < NO_TIME_FROM
}

/// A number of seconds, milliseconds, microseconds or nanoseconds (its size says which) as Unix milliseconds.
pub(crate) fn number_ms(number: f64) -> Option<i64> {
    Some(Unit::of(number)?.in_ms(number).round() as i64)
}

/// A date and time that says its zone: RFC 3339, or the zone in brackets (RFC 9557). An offset that the zone does not have
/// then is refused.
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    if text.contains('[') { text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp()) } else { text.parse().ok() }
}

/// A date and time that says no zone.
pub fn parse_civil(text: &str) -> Option<DateTime> {
    // A zone in brackets would be passed over.
    if text.contains('[') { None } else { text.parse().ok() }
}

/// A date in digits alone, of 1990 to 2099: `YYYYMMDD`, `YYYYMMDDhhmm` or `YYYYMMDDhhmmss`. As Unix times these would be of 1970,
/// of 1976 and of the 27th century.
pub fn parse_digits(text: &str) -> Option<DateTime> {
    let of_our_days = text.starts_with("199") || text.starts_with("20");
    if !matches!(text.len(), 8 | 12 | 14) || !of_our_days || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (day, clock) = text.split_at(8);
    parse_civil(&format!("{day}T{}", if clock.is_empty() { "0000" } else { clock }))
}

/// True for a date and time in digits alone; those of a day may well be seconds.
pub(crate) fn is_clock_in_digits(text: &str) -> bool {
    text.len() > 8 && parse_digits(text).is_some()
}

/// A time as Unix milliseconds: a number of seconds (or of milli-, micro- or nanoseconds, where its size says so), what
/// [`parse_instant`] reads, or `YYYY-MM-DD hh:mm:ss`, which is taken for UTC. None for a date and time in digits alone.
pub fn parse_time_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(number) = parse_number(text.as_bytes()) {
        return number_ms(number).filter(|_| !is_clock_in_digits(text));
    }
    let civil = || Offset::UTC.to_timestamp(parse_civil(text)?).ok();
    Some(parse_instant(text).or_else(civil)?.as_millisecond()).filter(|ms| is_time(*ms))
}

/// A time as Unix seconds, with decimals only where needed.
pub fn format_time(ms: i64) -> String {
    let mut out = Vec::with_capacity(16);
    write_time(&mut out, ms);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends a time as Unix seconds.
pub(crate) fn write_time(out: &mut Vec<u8>, ms: i64) {
    if ms < 0 {
        out.push(b'-');
    }
    let size = ms.unsigned_abs();
    out.extend_from_slice(itoa::Buffer::new().format(size / 1000).as_bytes());
    let rest = (size % 1000) as u16;
    if rest != 0 {
        let digits = [rest / 100, rest / 10 % 10, rest % 10].map(|d| b'0' + d as u8);
        let used = 3 - digits.iter().rev().take_while(|&&d| d == b'0').count();
        out.push(b'.');
        out.extend_from_slice(&digits[..used]);
    }
}

/// A duration as milliseconds: `60s`, `500ms`, `1m30s`, `2h`, `1d`, or a plain number of seconds.
pub fn parse_duration_ms(text: &str) -> Result<i64, String> {
    let refused = || format!("not a duration such as 30s, 1m30s or 500ms: \"{text}\"");
    let mut rest = text.trim();
    if let Some(seconds) = parse_number(rest.as_bytes()) {
        return whole_ms(seconds * 1e3).ok_or_else(refused);
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(refused)?;
        let number = parse_number(&rest.as_bytes()[..digits]).ok_or_else(refused)?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        total += number * unit_ms(&rest[..letters]).ok_or_else(refused)?;
        rest = &rest[letters..];
    }
    whole_ms(total).filter(|_| !text.trim().is_empty()).ok_or_else(refused)
}

fn unit_ms(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 60e3,
        "h" => 3_600e3,
        "d" => 86_400e3,
        "w" => 604_800e3,
        _ => return None,
    })
}

fn whole_ms(ms: f64) -> Option<i64> {
    (0.0..NO_TIME_FROM).contains(&ms).then_some(ms.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_milliseconds_and_dates_are_times() {
        for text in [
            "1700000000.25",
            "1700000000250",
            "1700000000250000",
            "1700000000250000000",
            "2023-11-14T22:13:20.250Z",
            "2023-11-14 22:13:20.25",
        ] {
            assert_eq!(parse_time_ms(text), Some(1_700_000_000_250), "{text}");
        }
        assert_eq!(parse_time_ms("-1.5"), Some(-1500));
        assert_eq!(parse_time_ms("2023-11-14T23:13:20+01:00"), Some(1_700_000_000_000));
        assert_eq!(parse_time_ms("2023-11-14T23:13:20[Europe/Berlin]"), Some(1_700_000_000_000));
        assert_eq!(parse_time_ms("2023-11-14T23:13:20+01:00[Europe/Berlin]"), Some(1_700_000_000_000));
        for text in ["2023-11-14T23:13:20[Nowhere/Here]", "2023-11-14T23:13:20-05:00[Europe/Berlin]", "yesterday"] {
            assert_eq!(parse_time_ms(text), None, "{text}");
        }
        // What is written as seconds would be read as milliseconds.
        assert_eq!(parse_time_ms("7291-11-20 12:00:00"), None);
        assert_eq!(parse_time_ms("1e300"), None);
    }

    #[test]
    fn dates_in_digits_are_no_numbers() {
        let read = |text: &str| parse_digits(text).map(|civil| civil.to_string());
        assert_eq!(read("20231114").as_deref(), Some("2023-11-14T00:00:00"));
        assert_eq!(read("202311142213").as_deref(), Some("2023-11-14T22:13:00"));
        assert_eq!(read("20231114221320").as_deref(), Some("2023-11-14T22:13:20"));
        assert_eq!((parse_time_ms("20231114221320"), parse_time_ms("20231114")), (None, Some(20_231_114_000)));
        for text in ["20231314", "1700000000", "17000000000000", "20231114221399", "2023111422132", "202311é1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_written_with_the_decimals_they_need() {
        assert_eq!(format_time(1_700_000_000_000), "1700000000");
        assert_eq!(format_time(1_700_000_000_250), "1700000000.25");
        assert_eq!(format_time(-1), "-0.001");
        assert_eq!(format_time(1_005), "1.005");
    }

    #[test]
    fn durations_add_up() {
        assert_eq!(parse_duration_ms("1m30s"), Ok(90_000));
        assert_eq!(parse_duration_ms("500ms"), Ok(500));
        assert_eq!(parse_duration_ms("1.5"), Ok(1500));
        for text in ["", "s", "5x", "-1s", "1e99", "10 s"] {
            assert!(parse_duration_ms(text).is_err(), "{text}");
        }
    }
}
