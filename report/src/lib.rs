//! A load test as one page of HTML: what gives first, the rankings, and the metrics over time and over load.
//!
//! [`page`] takes what is to be shown as plain values and returns the page. It is one file: inline
//! SVG, no script, nothing loaded from elsewhere, light and dark, fit for paper. All text is escaped;
//! numbers that are not finite are gaps.

mod curves;
mod map;
mod page;
mod ranking;
mod scale;
mod style;
mod timeline;
pub mod words;

pub use curves::{Curve, Curves, Level};
pub use map::{Map, Point};
pub use page::page;
pub use ranking::{Entry, Heading, Ranking};
pub use timeline::{Panel, Timeline};

/// All that one page shows; what is empty is left out.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The name of the page.
    pub title: String,
    /// Words below it: which run, when.
    pub subtitle: String,
    /// What gives first, and the rest of that sentence.
    pub headline: Option<(String, String)>,
    /// Sentences below the headline.
    pub story: Vec<String>,
    /// A few numbers, steady against overload.
    pub cards: Vec<Card>,
    /// Metrics over load.
    pub curves: Option<Curves>,
    /// Rankings, each a table with bars; the metrics over time come after the first.
    pub rankings: Vec<Ranking>,
    /// Metrics over time.
    pub timeline: Option<Timeline>,
    /// Metrics by their loadings on two components.
    pub map: Option<Map>,
    /// What was run, on what: groups of names and values.
    pub facts: Vec<(String, Vec<(String, String)>)>,
    /// Command lines, each with its name.
    pub commands: Vec<(String, String)>,
}

/// A number that matters, before and after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// What it is.
    pub label: String,
    /// In the steady state.
    pub steady: String,
    /// In the overload.
    pub overload: String,
    /// By how much it changed; empty when that cannot be said.
    pub change: String,
}
