//! A load test as one page of HTML: what gives first, the rankings, and the metrics over time and over load.
//!
//! [`page`] takes what is to be shown as plain values and returns the page. It is one file, light and dark, fit for paper:
//! its words, tables and pictures need no script; its own script adds the cursor, zoom, search and sorting. Nothing is
//! loaded from elsewhere, and a Content-Security-Policy forbids it. All text is escaped; numbers that are not finite are
//! gaps.

mod calls;
mod clock;
mod components;
mod data;
mod growth;
mod heat;
mod lags;
mod links;
mod page;
mod panels;
mod pictures;
mod scale;
mod script;
mod style;
mod summary;
mod tables;
pub mod words;

pub use calls::{Calls, Edge};
pub use clock::{Clock, Phase, duration, time_of_day};
pub use components::{Components, Loading};
pub use data::Series;
pub use growth::{Curve, Curves, Level};
pub use heat::{Change, Changes, Strength, level};
pub use lags::{Lag, Lags, Warping};
pub use links::{Links, is_web_address};
pub use page::page;
pub use panels::{Line, Mark, Panel, Time};
pub use pictures::pictures;
pub use summary::markdown;
pub use tables::{Entry, Field, Heading, Ranking};

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
    /// The services, with the metric that speaks for each.
    pub services: Option<Ranking>,
    /// Metrics over time.
    pub time: Option<Time>,
    /// The change of every metric name at every instance.
    pub changes: Option<Changes>,
    /// How long before or after the response time metrics moved.
    pub lags: Option<Lags>,
    /// Principal components.
    pub components: Option<Components>,
    /// Which service calls which.
    pub calls: Option<Calls>,
    /// Known faults that the run resembles.
    pub faults: Option<Ranking>,
    /// The same metrics in another run.
    pub against: Option<Ranking>,
    /// All runs, of a sweep or of a folder.
    pub runs: Option<Ranking>,
    /// All metrics.
    pub metrics: Option<Ranking>,
    /// What was run, on what: groups of names and values.
    pub facts: Vec<(String, Vec<(String, String)>)>,
    /// The commands that make the numbers of this page again.
    pub chain: Vec<(String, String)>,
    /// Command lines of the run, each with its name.
    pub commands: Vec<(String, String)>,
    /// Where a metric can be looked up.
    pub links: Links,
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
