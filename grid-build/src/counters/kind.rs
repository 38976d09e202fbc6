//! The type that came with a series.

/// What the lines of a series say that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Said to be unknown.
    Unknown,
    /// A column of a grid: its values are what they are.
    Column,
    /// Says something by its labels: its value is no measure.
    Info,
    /// Goes up and down.
    Gauge,
    /// Quantiles, with counters `_sum` and `_count`.
    Summary,
    /// Counters `_bucket`, `_sum` and `_count`.
    Histogram,
    /// Goes up, except for resets.
    Counter,
}

impl Kind {
    /// The word in the field `type`; none for words that say nothing.
    pub fn parse(word: &str) -> Option<Kind> {
        match word {
            "counter" => Some(Kind::Counter),
            "gauge" => Some(Kind::Gauge),
            "info" | "stateset" => Some(Kind::Info),
            "histogram" | "gaugehistogram" => Some(Kind::Histogram),
            "summary" => Some(Kind::Summary),
            _ => Some(Kind::Unknown),
        }
    }

    /// The type in Prometheus' words; none where it says nothing about a counter.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            Kind::Unknown | Kind::Column => None,
            Kind::Info => Some("info"),
            Kind::Gauge => Some("gauge"),
            Kind::Summary => Some("summary"),
            Kind::Histogram => Some("histogram"),
            Kind::Counter => Some("counter"),
        }
    }
}
