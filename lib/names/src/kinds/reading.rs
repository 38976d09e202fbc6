//! What a name says of a metric: its kind, direction, role, unit.

use crate::kinds::aspect::{Aspect, aspect};
use crate::kinds::status::Status;
use crate::kinds::{Harm, Kind, Role};
use crate::text::rules::Rules;
use crate::text::table::rows;
use crate::text::tokens::{Vocabulary, each_word};
use crate::{Exposer, Name, Outcome};

/// What was read from a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading<'a> {
    /// The kind's name: `latency`, `cpu`, `traffic`, …, or `other`.
    pub kind: &'a str,
    /// Which way is harm.
    pub harm: Harm,
    /// The part it plays in a fault.
    pub role: Role,
    /// Which aspect of its phenomenon it is.
    pub aspect: Aspect,
    /// `seconds`, `bytes`, `ratio`, …; empty where the name says none.
    pub unit: &'a str,
    /// Whether it is a counter, where its name or what was done with it says so.
    pub counter: Option<bool>,
    /// True for what the monitoring says of itself.
    pub monitoring: bool,
    /// What the one is that exposes it, where the name tells.
    pub exposer: Option<Exposer>,
    /// What it is of a load generator, where it is.
    pub outcome: Option<Outcome>,
    /// Where the row of the catalogue is from that decided.
    pub source: &'a str,
}

/// What no row matches: more is worse, no role.
pub(crate) const OTHER: Reading<'static> = Reading {
    kind: "other",
    harm: Harm::Up,
    role: Role::Other,
    aspect: Aspect::Level,
    unit: "",
    counter: None,
    monitoring: false,
    exposer: None,
    outcome: None,
    source: "",
};

/// Kinds of counts, which are failures where their status is one.
const COUNTED: [&str; 5] = ["traffic", "other", "errors", "network", "handles"];

/// The rows of tables of kinds, one table after the other.
pub(crate) fn kinds(tables: &[&str], vocabulary: &mut Vocabulary) -> Rules<Kind> {
    let columns = ["pattern", "labels", "kind", "harm", "role", "unit", "source"];
    let row = |[pattern, labels, name, harm, role, unit, source]: [String; 7]| {
        let kind = Kind { name, harm: Harm::parse(&harm)?, role: Role::parse(&role)?, unit, source };
        Some((pattern, labels, kind))
    };
    Rules::new(tables.iter().flat_map(|text| rows(text, columns)).filter_map(row).collect(), vocabulary)
}

/// The units that words of a name stand for.
pub(crate) fn units() -> Vec<(String, String)> {
    rows(include_str!("../../tables/units.csv"), ["word", "unit"])
        .into_iter()
        .map(|[word, unit]| (word, unit))
        .collect()
}

/// The unit a name ends with: that of the last word which is one. A word behind `per` is none: `failures_per_s` is no time.
pub(crate) fn unit<'a>(units: &'a [(String, String)], name: &str) -> &'a str {
    let (mut found, mut per) = ("", false);
    each_word(name, |word| {
        match units.binary_search_by(|(known, _)| known.as_str().cmp(word)) {
            Ok(at) if !per => found = &units[at].1,
            _ => {}
        }
        per = word == "per";
    });
    found
}

impl<'a> Reading<'a> {
    /// What a row says.
    pub(crate) fn of(kind: &'a Kind) -> Self {
        Self { kind: &kind.name, harm: kind.harm, role: kind.role, unit: &kind.unit, source: &kind.source, ..OTHER }
    }

    /// What a row says of a whole family: how often something took time is traffic, whatever row says that it is time.
    pub(crate) fn of_family(kind: &'a Kind, name: &Name) -> Self {
        let reading = Self::of(kind);
        match (reading.kind, aspect(name)) {
            ("latency", Aspect::Count | Aspect::Bucket) => reading.as_load(),
            _ => reading,
        }
    }

    /// The same as something that follows the load.
    fn as_load(self) -> Self {
        Self { kind: "traffic", harm: Harm::Up, role: Role::Driver, ..self }
    }

    /// With what the series adds to its row: the aspect and the unit.
    pub(crate) fn completed(mut self, name: &Name, unit: &'a str) -> Self {
        self.aspect = aspect(name);
        // what the metadata said goes before what the row knows
        let asked = self.unit.is_empty() || name.said().unit.is_some() && !unit.is_empty();
        if asked && !matches!(self.aspect, Aspect::Count | Aspect::Bucket) {
            self.unit = unit;
        }
        self
    }

    /// What it is where it is said to be a counter: how often something succeeded follows the load, and is no share of successes.
    pub(crate) fn counted(self) -> Self {
        if self.kind == "availability" { self.as_load() } else { self }
    }

    /// With how its requests ended: a counter of failures counts errors, whatever its name says that failed.
    pub(crate) fn ended(self, status: Option<Status>) -> Self {
        // A sum of times is how long the failures took, and what a resource had to do is a cause however that ended.
        let counts = match self.aspect {
            Aspect::Sum => self.kind == "latency",
            Aspect::Count | Aspect::Bucket => self.role != Role::Cause,
            _ => self.counter == Some(true) && self.role != Role::Cause,
        };
        match status {
            Some(status) if status.fails && (counts || COUNTED.contains(&self.kind)) => {
                Self { kind: "errors", harm: Harm::Up, role: Role::Symptom, ..self }
            }
            Some(status) if !status.fails && self.kind == "other" => self.as_load(),
            _ => self,
        }
    }
}
