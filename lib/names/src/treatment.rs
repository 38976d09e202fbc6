//! What the cells of a column hold of its series: rates of a counter, or the values themselves.

use std::fmt;

use crate::Name;

/// The label that says so where the name alone would say otherwise.
pub const TREATMENT: &str = "__as__";

/// What was done to a series before it became a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Treatment {
    /// The increase per second.
    Rate,
    /// The increase per step.
    Delta,
    /// The values as they were read.
    Level,
}

impl Treatment {
    /// What a column without the label holds: rates where the metric's name ends in `_total`, `_sum`, `_count` or
    /// `_bucket`, as OpenMetrics ends the names of counters (Prometheus and OpenMetrics 1.0), values elsewhere. It
    /// depends on the name alone, so that a grid says the same to every version of every filter.
    pub fn usual(metric: &str) -> Self {
        let counts = ["_total", "_sum", "_count", "_bucket"].iter().any(|end| metric.ends_with(end));
        if counts { Treatment::Rate } else { Treatment::Level }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Treatment::Rate, Treatment::Delta, Treatment::Level].into_iter().find(|t| t.word() == word)
    }

    /// The value of the label.
    pub fn word(self) -> &'static str {
        match self {
            Treatment::Rate => "rate",
            Treatment::Delta => "delta",
            Treatment::Level => "level",
        }
    }
}

impl fmt::Display for Treatment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Name {
    /// What a column of this name holds.
    pub fn treatment(&self) -> Treatment {
        self.label(TREATMENT).and_then(Treatment::parse).unwrap_or_else(|| Treatment::usual(&self.name))
    }

    /// The name of a column that holds this: with the label where its name alone would say otherwise.
    #[must_use]
    pub fn treated(mut self, treatment: Treatment) -> Self {
        self.labels.retain(|(label, _)| label != TREATMENT);
        if treatment != Treatment::usual(&self.name) {
            let place = self.labels.partition_point(|(label, _)| label.as_str() < TREATMENT);
            self.labels.insert(place, (TREATMENT.to_string(), treatment.word().to_string()));
        }
        self
    }

    /// The name of the series: the same however it was treated.
    #[must_use]
    pub fn untreated(mut self) -> Self {
        self.labels.retain(|(label, _)| label != TREATMENT);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn treated(header: &str, treatment: Treatment) -> String {
        Name::parse(header).treated(treatment).to_string()
    }

    #[test]
    fn the_name_says_it_where_it_can() {
        assert_eq!(treated("hits_total{job=\"a\"}", Treatment::Rate), "hits_total{job=\"a\"}");
        assert_eq!(treated("open_fds{job=\"a\"}", Treatment::Level), "open_fds{job=\"a\"}");
    }

    #[test]
    fn the_label_says_it_elsewhere() {
        let faults = treated("vmstat_pgmajfault{Z=\"1\",job=\"a\"}", Treatment::Rate);
        assert_eq!(faults, "vmstat_pgmajfault{Z=\"1\",__as__=\"rate\",job=\"a\"}");
        assert_eq!(Name::parse(&faults).treatment(), Treatment::Rate);
        assert_eq!(Name::parse(&faults).untreated().to_string(), "vmstat_pgmajfault{Z=\"1\",job=\"a\"}");
        assert_eq!(treated(&faults, Treatment::Delta), "vmstat_pgmajfault{Z=\"1\",__as__=\"delta\",job=\"a\"}");
        assert_eq!(treated("carts cpu", Treatment::Rate), "{\"carts cpu\",__as__=\"rate\"}");
        assert_eq!(treated("seats_count", Treatment::Level), "seats_count{__as__=\"level\"}");
    }

    #[test]
    fn a_word_that_is_none_says_nothing() {
        assert_eq!(Name::parse("a_total{__as__=\"odd\"}").treatment(), Treatment::Rate);
    }
}
