//! Ranges of time as people write them: `12:00/12:10`, `now-20m/now-10m`, `2026-11-27T12:00Z/10m`.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

/// A range of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first time.
    pub start: Timestamp,
    /// The last time.
    pub end: Timestamp,
}

impl Range {
    /// The range of this length that begins here.
    pub fn from(start: Timestamp, length_ms: i64) -> Option<Range> {
        let end = start.checked_add(SignedDuration::from_millis(length_ms)).ok()?;
        Some(Range { start, end })
    }

    /// The same, this much earlier.
    pub fn earlier(&self, ms: i64) -> Option<Range> {
        let back = SignedDuration::from_millis(ms);
        Some(Range { start: self.start.checked_sub(back).ok()?, end: self.end.checked_sub(back).ok()? })
    }

    /// Its length in milliseconds.
    pub fn length_ms(&self) -> i64 {
        self.end.as_millisecond() - self.start.as_millisecond()
    }

    /// True when more than a moment is in both. Ranges that touch, `12:00/12:10` and `12:10/12:20`, are what people write: a
    /// sample of just that moment is the last of the one and the first of the other.
    pub fn overlaps(&self, other: &Range) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The clock and the zone by which times are read.
#[derive(Clone, Debug)]
pub struct Clock {
    /// Now.
    pub now: Timestamp,
    /// The zone of times that name none.
    pub zone: TimeZone,
}

impl Clock {
    /// Reads `FROM/TO`, where TO may be a length (`10m`).
    pub fn range(&self, text: &str) -> Result<Range, String> {
        let expected = || format!("expected FROM/TO such as 12:00/12:10 or now-20m/now-10m: \"{text}\"");
        let (from, to) = two_ends(text).ok_or_else(expected)?;
        let start = self.moment(from)?;
        let length = grid::parse_duration_ms(to).ok().filter(|_| to.ends_with(|c: char| c.is_ascii_alphabetic()));
        let end = match (length, clock_time(to)) {
            (Some(length), _) => Range::from(start, length).ok_or_else(expected)?.end,
            (None, Some(time)) => self.next(time, start).ok_or_else(expected)?,
            (None, None) => self.moment(to)?,
        };
        if end == start {
            return Err(format!("the range has no length: \"{text}\""));
        }
        if end < start {
            return Err(format!("the range ends before it begins: \"{text}\""));
        }
        Ok(Range { start, end })
    }

    /// The range of the same length that begins so many days earlier at the same time of day.
    pub fn days_earlier(&self, range: &Range, days: i64) -> Option<Range> {
        let start = range.start.to_zoned(self.zone.clone()).checked_sub(days.days()).ok()?;
        Range::from(start.timestamp(), range.length_ms())
    }

    /// The first time after another that it is so late: 23:50/00:10 goes over midnight.
    fn next(&self, time: Time, after: Timestamp) -> Option<Timestamp> {
        let at = after.to_zoned(self.zone.clone()).date().to_datetime(time);
        let instant = self.instant(at).filter(|instant| *instant >= after);
        instant.or_else(|| self.instant(at.checked_add(1.day()).ok()?))
    }

    fn instant(&self, at: DateTime) -> Option<Timestamp> {
        at.to_zoned(self.zone.clone()).ok().map(|zoned| zoned.timestamp())
    }

    /// Reads a time: `now-5m`, `12:31` (the last time that it was so late), `yesterday 12:31`, a date and time, Unix seconds.
    pub fn moment(&self, text: &str) -> Result<Timestamp, String> {
        let text = text.trim();
        let found = self.counted_from_now(text).or_else(|| self.time_of_day(text)).or_else(|| self.dated(text));
        found.ok_or_else(|| {
            format!("expected a time such as 12:31, now-5m, 2026-11-27T12:31Z or Unix seconds: \"{text}\"")
        })
    }

    fn counted_from_now(&self, text: &str) -> Option<Timestamp> {
        let back = text.strip_prefix("now")?.trim();
        if back.is_empty() {
            return Some(self.now);
        }
        let ms = grid::parse_duration_ms(back.strip_prefix('-')?.trim()).ok()?;
        self.now.checked_sub(SignedDuration::from_millis(ms)).ok()
    }

    fn time_of_day(&self, text: &str) -> Option<Timestamp> {
        let (yesterday, time) = match text.strip_prefix("yesterday") {
            Some(rest) => (true, rest.trim_start_matches(['T', ' '])),
            None => (false, text),
        };
        let today = self.now.to_zoned(self.zone.clone()).date();
        let mut at = today.to_datetime(clock_time(time)?);
        if yesterday || self.instant(at)? > self.now {
            at = at.checked_sub(1.day()).ok()?;
        }
        self.instant(at)
    }

    fn dated(&self, text: &str) -> Option<Timestamp> {
        if let Some(instant) = grid::parse_instant(text) {
            return Some(instant);
        }
        if let Some(civil) = grid::parse_civil(text) {
            return self.instant(civil);
        }
        Timestamp::from_millisecond(grid::parse_time_ms(text)?).ok()
    }
}

/// What stands on both sides of the first slash that is none of a zone in brackets.
fn two_ends(text: &str) -> Option<(&str, &str)> {
    let mut is_zone = false;
    let slash = text.find(|c| {
        is_zone = c == '[' || is_zone && c != ']';
        c == '/' && !is_zone
    })?;
    Some((&text[..slash], &text[slash + 1..]))
}

/// `12:31` or `12:31:05`; a date before it is not passed over.
fn clock_time(text: &str) -> Option<Time> {
    let text = text.trim();
    // A zone or an offset behind it would be passed over too.
    let is_clock = text.contains(':') && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.'));
    is_clock.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Clock {
        // Five in the afternoon in Berlin.
        Clock { now: "2026-11-27T16:00:00Z".parse().unwrap(), zone: TimeZone::fixed(jiff::tz::offset(1)) }
    }

    fn range(text: &str) -> String {
        clock().range(text).map_or_else(|e| e, |range| format!("{} {}", range.start, range.end))
    }

    #[test]
    fn times_of_day_are_the_last_ones_in_the_zone() {
        assert_eq!(range("12:00/12:10"), "2026-11-27T11:00:00Z 2026-11-27T11:10:00Z");
        assert_eq!(range("18:00/18:10:30"), "2026-11-26T17:00:00Z 2026-11-26T17:10:30Z");
        assert_eq!(range("yesterday 12:00/10m"), "2026-11-26T11:00:00Z 2026-11-26T11:10:00Z");
    }

    #[test]
    fn a_range_may_go_over_midnight() {
        assert_eq!(range("23:50/00:10"), "2026-11-26T22:50:00Z 2026-11-26T23:10:00Z");
    }

    #[test]
    fn dates_numbers_and_now_are_times() {
        assert_eq!(range("now-20m/now-10m"), "2026-11-27T15:40:00Z 2026-11-27T15:50:00Z");
        assert_eq!(range("2026-11-27T12:00Z/2026-11-27T12:10Z"), "2026-11-27T12:00:00Z 2026-11-27T12:10:00Z");
        assert_eq!(range("2026-11-27 12:00/90s"), "2026-11-27T11:00:00Z 2026-11-27T11:01:30Z");
        assert_eq!(range("1700000000/1700000060"), "2023-11-14T22:13:20Z 2023-11-14T22:14:20Z");
    }

    #[test]
    fn a_date_without_a_zone_is_kept() {
        assert_eq!(range("2026-11-20 12:00/90s"), "2026-11-20T11:00:00Z 2026-11-20T11:01:30Z");
        assert_eq!(range("2026-11-20T12:00/2026-11-21 12:00"), "2026-11-20T11:00:00Z 2026-11-21T11:00:00Z");
        assert_eq!(range("2026-11-20 12:00/12:10"), "2026-11-20T11:00:00Z 2026-11-20T11:10:00Z");
        assert_eq!(range("2026-11-20 23:50/00:10"), "2026-11-20T22:50:00Z 2026-11-20T23:10:00Z");
        assert!(clock().range("2026-11-20 12:00/2026-11-19 12:10").is_err());
    }

    #[test]
    fn a_zone_in_brackets_counts() {
        let noon = "2026-11-20T17:00:00Z 2026-11-20T17:10:00Z";
        assert_eq!(range("2026-11-20T12:00[America/New_York]/10m"), noon);
        assert_eq!(range("2026-11-20T12:00[America/New_York]/2026-11-20T18:10[Europe/Berlin]"), noon);
        for text in ["2026-11-20T12:00[Nowhere/Here]/10m", "12:00[Europe/Berlin]/10m", "12:00+02:00/10m"] {
            assert!(clock().range(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_earlier_is_the_same_time_of_day_whatever_the_clocks_did() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let clock = Clock { now: "2026-10-26T12:00:00Z".parse().unwrap(), zone };
        let today = clock.range("12:00/12:10").unwrap();
        assert_eq!(today.start.to_string(), "2026-10-26T11:00:00Z");
        let before = clock.days_earlier(&today, 2).unwrap();
        assert_eq!(format!("{} {}", before.start, before.end), "2026-10-24T10:00:00Z 2026-10-24T10:10:00Z");
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in ["12:00", "12:00/", "/", "a/b", "now/now-5m", "12:00/12:00", "12:00/0s", "25:00/26:00"] {
            assert!(clock().range(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ranges_move_and_overlap() {
        let one = clock().range("12:00/12:10").unwrap();
        assert!(one.overlaps(&clock().range("12:09/12:20").unwrap()));
        assert!(!one.overlaps(&one.earlier(one.length_ms()).unwrap()));
        assert!(!one.overlaps(&clock().range("12:10/12:20").unwrap()));
    }
}
