//! Numbers, intervals and spans of time on the command line.

use std::cmp::Ordering;

use peaks::Interval;

/// A length along a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Points {
    /// So many points.
    Count(f64),
    /// So many milliseconds: how many points that is, the grid's step decides.
    Time(i64),
}

/// Lengths of two units are neither shorter nor longer than each other.
impl PartialOrd for Points {
    fn partial_cmp(&self, other: &Points) -> Option<Ordering> {
        match (self, other) {
            (Points::Count(a), Points::Count(b)) => a.partial_cmp(b),
            (Points::Time(a), Points::Time(b)) => a.partial_cmp(b),
            _ => None,
        }
    }
}

impl Points {
    /// The length in points.
    pub(crate) fn count(self, step_ms: i64) -> f64 {
        match self {
            Points::Count(points) => points,
            Points::Time(ms) => ms as f64 / step_ms as f64,
        }
    }
}

/// An interval of values; the command line's `MIN[,MAX]`.
pub(crate) type Range = Interval;

/// An interval of lengths.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Extents {
    min: Option<Points>,
    max: Option<Points>,
}

impl Extents {
    /// The interval in points.
    pub(crate) fn count(self, step_ms: i64) -> Interval {
        Interval { min: self.min.map(|p| p.count(step_ms)), max: self.max.map(|p| p.count(step_ms)) }
    }
}

/// Which windows are cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cut {
    /// From foot to foot.
    Peak,
    /// So far before the peak and after it.
    Around(Points, Points),
}

pub(crate) fn parse_points(text: &str) -> Result<Points, String> {
    let points = length(text)?;
    match points {
        Points::Count(count) if count < 1.0 => Err("expected 1 point or more".to_owned()),
        Points::Time(ms) if ms <= 0 => Err("expected more than 0 seconds".to_owned()),
        _ => Ok(points),
    }
}

pub(crate) fn parse_range(text: &str) -> Result<Range, String> {
    let (min, max) = bounds(text, number)?;
    Ok(Interval { min, max })
}

pub(crate) fn parse_extents(text: &str) -> Result<Extents, String> {
    let (min, max) = bounds(text, length)?;
    Ok(Extents { min, max })
}

pub(crate) fn parse_cut(text: &str) -> Result<Cut, String> {
    if text == "peak" {
        return Ok(Cut::Peak);
    }
    let (before, after) = text.split_once(',').unwrap_or((text, text));
    Ok(Cut::Around(length(before)?, length(after)?))
}

fn bounds<T: PartialOrd>(
    text: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<(Option<T>, Option<T>), String> {
    let (min, max) = text.split_once(',').unwrap_or((text, ""));
    if min.trim().is_empty() && max.trim().is_empty() {
        return Err("expected MIN, MIN,MAX or ,MAX".to_owned());
    }
    let bound = |text: &str| (!text.trim().is_empty()).then(|| parse(text.trim())).transpose();
    let (min, max) = (bound(min)?, bound(max)?);
    if min.as_ref().zip(max.as_ref()).is_some_and(|(min, max)| min > max) {
        return Err("MIN is above MAX".to_owned());
    }
    Ok((min, max))
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|v: &f64| v.is_finite());
    number.ok_or_else(|| format!("not a number: \"{text}\""))
}

fn length(text: &str) -> Result<Points, String> {
    let parsed = match number(text) {
        Ok(points) => Points::Count(points),
        Err(_) => Points::Time(
            grid::parse_duration_ms(text)
                .map_err(|_| format!("neither points nor a time such as 5s or 1m30s: \"{text}\""))?,
        ),
    };
    match parsed {
        Points::Count(points) if points < 0.0 => Err(format!("below 0: \"{text}\"")),
        Points::Time(ms) if ms < 0 => Err(format!("below 0: \"{text}\"")),
        length => Ok(length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interval_may_lack_either_bound() {
        assert_eq!(parse_range("-2"), Ok(Interval::at_least(-2.0)));
        assert_eq!(parse_range("1, 2"), Ok(Interval { min: Some(1.0), max: Some(2.0) }));
        assert_eq!(parse_range(",2"), Ok(Interval { min: None, max: Some(2.0) }));
        assert!(parse_range(",").is_err());
        assert!(parse_range("1,2,3").is_err());
        assert!(parse_range("2,1").is_err() && parse_extents("5s,1s").is_err() && parse_extents("5,1s").is_ok());
    }

    #[test]
    fn number_is_points_and_a_unit_makes_it_time() {
        assert_eq!(parse_points("5"), Ok(Points::Count(5.0)));
        assert_eq!(parse_points("5s"), Ok(Points::Time(5000)));
        assert_eq!(parse_points("5s").map(|p| p.count(2000)), Ok(2.5));
        assert!(parse_points("0").is_err());
    }

    #[test]
    fn one_span_counts_for_both_sides() {
        assert_eq!(parse_cut("60s"), Ok(Cut::Around(Points::Time(60_000), Points::Time(60_000))));
        assert_eq!(parse_cut("0,3"), Ok(Cut::Around(Points::Count(0.0), Points::Count(3.0))));
        assert_eq!(parse_cut("peak"), Ok(Cut::Peak));
        assert!(parse_cut("peaks").is_err());
    }
}
