//! The rows of the table, and the paths behind them.

use std::cmp::Ordering;
use std::sync::Arc;

use dtw::{Combined, Gap, Outcome, Settings, combine};

use super::args::Measure;

/// What came of one window, for all columns.
pub(crate) struct Window {
    pub(crate) id: u32,
    /// The time of its first row; the others are counted from here.
    pub(crate) start_ms: i64,
    pub(crate) times_ms: Vec<i64>,
    pub(crate) query_ms: Vec<i64>,
    pub(crate) found: Vec<Result<Outcome, Gap>>,
}

/// One column in one window.
pub(crate) struct Picked<'a> {
    window: &'a Window,
    found: &'a Result<Outcome, Gap>,
}

impl Window {
    pub(crate) fn pick(&self, column: usize) -> Picked<'_> {
        Picked { window: self, found: &self.found[column] }
    }
}

/// A matched pair of points.
pub(crate) struct Pair {
    pub(crate) window: u32,
    pub(crate) query_ms: i64,
    pub(crate) time_ms: i64,
}

/// A row of the table: there may be millions, so no text or path has room to grow.
pub(crate) struct Row {
    pub(crate) metric: Box<str>,
    pub(crate) query: Arc<str>,
    pub(crate) sign: f64,
    pub(crate) found: Result<Combined, Box<str>>,
    /// First and last matched time, where there is one window.
    pub(crate) matched_ms: Option<(i64, i64)>,
    pub(crate) path: Box<[Pair]>,
}

/// The nearest first; only the first `top`, unless that is 0.
pub(crate) fn nearest_first(rows: &mut Vec<Row>, top: usize) {
    // In place: a stable sort has half of them twice.
    rows.sort_unstable_by(Row::order);
    if top > 0 {
        rows.truncate(top);
    }
}

impl Row {
    /// Makes one row of the windows of a column.
    pub(crate) fn new(metric: &str, query: &Arc<str>, sign: f64, windows: Vec<Picked<'_>>, settings: &Settings) -> Row {
        let good: Vec<&Outcome> = windows.iter().filter_map(|w| w.found.as_ref().ok()).collect();
        let gap = windows.iter().find_map(|w| w.found.as_ref().err()).copied().unwrap_or(Gap::EmptySeries);
        let matched_ms = match &windows[..] {
            [one] => one
                .found
                .as_ref()
                .ok()
                .and_then(|o| o.matched)
                .map(|(first, last)| (one.window.at(first), one.window.at(last))),
            _ => None,
        };
        let path = windows.iter().flat_map(Picked::pairs).collect();
        let found = combine(&good, settings).ok_or_else(|| reason(gap).into());
        Row { metric: metric.into(), query: query.clone(), sign, found, matched_ms, path }
    }

    /// A row without a comparison, and why.
    pub(crate) fn without(metric: &str, query: &Arc<str>, note: String) -> Row {
        Row {
            metric: metric.into(),
            query: query.clone(),
            sign: 1.0,
            found: Err(note.into()),
            matched_ms: None,
            path: Box::default(),
        }
    }

    /// One of its numbers.
    pub(crate) fn value(&self, measure: Measure) -> Option<f64> {
        let found = self.found.as_ref().ok()?;
        match measure {
            Measure::Distance => Some(found.distance),
            Measure::Normalised => Some(found.normalised),
            Measure::Lag => found.lag_ms.map(|ms| ms / 1000.0),
        }
    }

    fn distance(&self) -> f64 {
        self.found.as_ref().map_or(f64::INFINITY, |c| c.distance)
    }

    /// Whether this row is to stand in the place of the other.
    pub(crate) fn is_nearer(&self, other: &Row) -> bool {
        self.distance() < other.distance()
    }

    /// The nearest first, ties by name.
    fn order(a: &Row, b: &Row) -> Ordering {
        a.distance().total_cmp(&b.distance()).then_with(|| a.metric.cmp(&b.metric)).then_with(|| a.query.cmp(&b.query))
    }
}

impl Window {
    fn at(&self, row: usize) -> i64 {
        self.start_ms + self.times_ms[row]
    }
}

impl Picked<'_> {
    fn pairs(&self) -> Vec<Pair> {
        let path = self.found.as_ref().map_or(&[][..], |o| &o.path);
        let pair = |&(i, j): &(u32, u32)| Pair {
            window: self.window.id,
            query_ms: self.window.start_ms + self.window.query_ms[i as usize],
            time_ms: self.window.at(j as usize),
        };
        path.iter().map(pair).collect()
    }
}

fn reason(gap: Gap) -> &'static str {
    match gap {
        Gap::EmptyQuery => "the query has no values",
        Gap::EmptySeries => "no values",
        Gap::NoPath => "no path fits the band",
        Gap::TooLarge => "too large for a number",
    }
}
