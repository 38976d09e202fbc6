//! Times as people write them on the command line.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// A time that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Moment {
    /// This one, in Unix milliseconds.
    At(i64),
    /// This one too, but its text named no time zone.
    Zoneless(i64),
    /// So many milliseconds ago.
    Ago(i64),
}

impl Moment {
    /// The time, in Unix milliseconds.
    pub(crate) fn at(self, now_ms: i64) -> i64 {
        match self {
            Moment::At(ms) | Moment::Zoneless(ms) => ms,
            Moment::Ago(ms) => now_ms.saturating_sub(ms),
        }
    }
}

/// The clock of this machine, in Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    i64::try_from(now).unwrap_or_default()
}

/// A length of time that is not nothing, in milliseconds.
pub(crate) fn duration(text: &str) -> Result<i64, String> {
    match grid::parse_duration_ms(text)? {
        ms if ms > 0 => Ok(ms),
        _ => Err(String::from("expected more than nothing")),
    }
}

/// The years 1 to 9999: beyond them sums of times and lengths could leave the range of numbers.
const TIMES_MS: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// Reads a time: Unix seconds, RFC 3339, `now`, or `now-5m`.
pub(crate) fn moment(text: &str) -> Result<Moment, String> {
    let expected = || String::from("expected Unix seconds, now-5m, or a time such as 2026-11-22T16:00:00Z");
    if let Some(back) = text.trim().strip_prefix("now") {
        let back = back.trim();
        return match back.strip_prefix('-') {
            Some(back) => duration(back.trim()).map(Moment::Ago).map_err(|_| expected()),
            None if back.is_empty() => Ok(Moment::Ago(0)),
            None => Err(expected()),
        };
    }
    let ms = grid::parse_time_ms(text).filter(|ms| TIMES_MS.contains(ms)).ok_or_else(expected)?;
    let has_zone = grid::parse_instant(text.trim()).is_some() || text.trim().parse::<f64>().is_ok();
    Ok(if has_zone { Moment::At(ms) } else { Moment::Zoneless(ms) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_numbers_dates_or_counted_from_now() {
        for (text, expected) in [
            ("now", Moment::Ago(0)),
            ("now-5m", Moment::Ago(300_000)),
            ("now - 1h30m", Moment::Ago(5_400_000)),
            ("1700000000.5", Moment::At(1_700_000_000_500)),
            ("2023-11-14T22:13:20Z", Moment::At(1_700_000_000_000)),
            ("2023-11-14 22:13:20", Moment::Zoneless(1_700_000_000_000)),
        ] {
            assert_eq!(moment(text), Ok(expected), "{text}");
        }
        for text in ["now+5m", "nowhere", "now-", "yesterday", "1e300", ""] {
            assert!(moment(text).is_err(), "{text}");
        }
        assert_eq!(Moment::Ago(500).at(2_000), 1_500);
    }
}
