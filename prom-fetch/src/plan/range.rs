//! Time ranges on a lattice of steps, and how they are cut into pieces.

use serde::{Deserialize, Serialize};

/// The times `start_ms + k * step_ms`, up to `end_ms` inclusive, in Unix milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first time.
    pub start_ms: i64,
    /// The last time.
    pub end_ms: i64,
    /// The distance of two times, at least 1.
    pub step_ms: i64,
}

impl Span {
    /// The multiples of `step_ms` from `start_ms` to `end_ms`, both inclusive; `None` when there is
    /// none, or when the step is not positive.
    ///
    /// Two fetches of one server thus always ask for the same times where they overlap, whatever
    /// second they were started in.
    pub fn aligned(start_ms: i64, end_ms: i64, step_ms: i64) -> Option<Span> {
        if step_ms <= 0 {
            return None;
        }
        let start = start_ms.checked_add(step_ms - 1)?.div_euclid(step_ms) * step_ms;
        let end = end_ms.div_euclid(step_ms) * step_ms;
        (start <= end).then_some(Span { start_ms: start, end_ms: end, step_ms })
    }

    /// How many times it has, at least 1.
    pub fn points(&self) -> i64 {
        (self.end_ms - self.start_ms) / self.step_ms + 1
    }

    /// Cuts it into pieces of at most `points` times each, the earliest first; made one by one, since
    /// years at a millisecond are millions of them.
    ///
    /// Every time is in exactly one piece and keeps its value, so whatever is evaluated time by
    /// time (every PromQL range query is) stays right across the cuts.
    pub fn cut(self, points: i64) -> impl Iterator<Item = Span> {
        let length = (points.max(1) - 1).saturating_mul(self.step_ms);
        let mut start = Some(self.start_ms);
        std::iter::from_fn(move || {
            let start_ms = start.filter(|&start_ms| start_ms <= self.end_ms)?;
            let end_ms = self.end_ms.min(start_ms.saturating_add(length));
            start = end_ms.checked_add(self.step_ms);
            Some(Span { start_ms, end_ms, step_ms: self.step_ms })
        })
    }

    /// How many times a piece has when it is cut into at least `count` pieces as even as can be, none
    /// under `least` times when there is more than one, and none over `most`.
    pub fn share(&self, count: i64, least: i64, most: i64) -> i64 {
        let points = self.points();
        let count = count.min(points / least.max(1)).max(1);
        let count = count.max((points + most - 1) / most.max(1));
        (points + count - 1) / count
    }
}

/// A time as servers read it: Unix seconds, with as many decimals as it needs.
pub fn seconds(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "" };
    let (whole, rest) = (ms.unsigned_abs() / 1000, ms.unsigned_abs() % 1000);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let text = format!("{sign}{whole}.{rest:03}");
    text.trim_end_matches('0').to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_move_inwards_to_multiples_of_the_step() {
        let span = Span::aligned(1_001, 9_999, 1_000).unwrap();
        assert_eq!((span.start_ms, span.end_ms, span.points()), (2_000, 9_000, 8));
        assert_eq!(Span::aligned(2_000, 9_000, 1_000), Some(span));
        assert_eq!(Span::aligned(2_001, 2_999, 1_000), None);
        assert_eq!(Span::aligned(0, 10, 0), None);
    }

    #[test]
    fn a_share_is_even_and_never_too_small() {
        let span = Span { start_ms: 0, end_ms: 999, step_ms: 1 };
        let sizes = |count, least, most| {
            span.cut(span.share(count, least, most)).map(|piece| piece.points()).collect::<Vec<_>>()
        };
        assert_eq!(sizes(3, 100, 5_000), [334, 334, 332]);
        assert_eq!(sizes(3, 600, 5_000), [1_000]);
        assert_eq!(sizes(1, 600, 400), [334, 334, 332]);
    }

    #[test]
    fn seconds_have_the_decimals_they_need() {
        assert_eq!(seconds(1_700_000_000_000), "1700000000");
        assert_eq!(seconds(1_500), "1.5");
        assert_eq!(seconds(-250), "-0.25");
    }
}
