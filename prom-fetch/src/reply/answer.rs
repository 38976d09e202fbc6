//! What an answer holds, and what is wrong with it.

use std::ops::RangeInclusive;

use super::point::Points;
use crate::server::refusal::one_line;

/// One series of an answer; the same one is used again for the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// Names and values of the labels, `__name__` among them, in the server's order.
    pub labels: Vec<(String, String)>,
    /// Its float points.
    pub points: Points,
    /// True when it also has native histograms, which are passed over.
    pub histograms: bool,
}

impl Series {
    /// The value of a label, empty when it has none.
    pub fn label(&self, name: &str) -> &str {
        self.labels.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }
}

/// What stands around the series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// `success` or `error`.
    pub status: String,
    /// The server's error, which it may send after it began with a success.
    pub error: String,
    /// The server's warnings.
    pub warnings: Vec<String>,
    /// The server's hints about the query.
    pub infos: Vec<String>,
    /// True when part of a cluster did not answer.
    pub partial: bool,
    pub(super) kind: String,
    pub(super) matrix: bool,
}

/// What an answer may hold.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Points with other times are left out.
    pub within: Option<RangeInclusive<i64>>,
    /// More points than this in a series were not asked for.
    pub points: usize,
}

impl Bounds {
    /// For answers of any size.
    pub fn none() -> Bounds {
        Bounds { within: None, points: usize::MAX }
    }
}

impl Ending {
    /// Why the answer cannot be taken for the whole, if so.
    pub fn flaw(&self) -> Option<String> {
        let cut = self.warnings.iter().find(|w| w.contains("truncated due to limit"));
        if self.status != "success" {
            let text = if self.error.is_empty() { &self.status } else { &self.error };
            return Some(format!("the server gives up: \"{}\"", one_line(text)));
        }
        if self.partial {
            return Some(String::from("the answer is incomplete: \"isPartial\": true"));
        }
        if !self.matrix {
            return Some(String::from("expected a matrix in \"data\""));
        }
        cut.map(|warning| format!("the answer is incomplete: \"{}\"", one_line(warning)))
    }
}
