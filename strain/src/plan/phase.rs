//! A phase: where its series come from, and what is joined with them.

use crate::range::Range;

/// Where the series of a phase come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A server, over a range of time.
    Server(Range),
    /// A file of series lines.
    Lines(String),
    /// A grid.
    Grid(String),
}

/// What is joined with the series of a phase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// The prefix of the files that Locust wrote.
    pub locust: Option<String>,
    /// A log of requests.
    pub requests: Option<String>,
    /// Traces, for what calls cost and who calls whom. One file for both phases is read once.
    pub traces: Option<String>,
}

/// A stretch of time of a system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// What its files are called.
    pub name: &'static str,
    /// Its series.
    pub source: Source,
    /// What else is known of it.
    pub joined: Joined,
}
