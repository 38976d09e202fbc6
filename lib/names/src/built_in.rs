//! The tables that are built in, read once.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::Outcome;
use crate::kinds::counter::{Counters, Levels};
use crate::kinds::limit::Pairs;
use crate::kinds::reading::{kinds, units};
use crate::kinds::status::Statuses;
use crate::kinds::{Kind, limit, outcome};
use crate::services::exposer::{self, Exposer};
use crate::services::header::Headers;
use crate::services::labels::Labels;
use crate::services::lasting;
use crate::services::monitoring::Monitoring;
use crate::text::rules::Rules;
use crate::text::tokens::Vocabulary;

/// What the tables say.
#[derive(Debug)]
pub(crate) struct BuiltIn {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) kinds: Rules<Kind>,
    pub(crate) help: Rules<Kind>,
    pub(crate) counters: Counters,
    pub(crate) levels: Levels,
    pub(crate) outcomes: Rules<Outcome>,
    pub(crate) statuses: Statuses,
    pub(crate) limits: Pairs,
    pub(crate) units: Vec<(String, String)>,
    pub(crate) services: Labels,
    pub(crate) peers: Labels,
    pub(crate) probed: Labels,
    pub(crate) served: Labels,
    pub(crate) revisions: HashSet<String>,
    pub(crate) headers: Headers,
    pub(crate) monitoring: Monitoring,
    pub(crate) exposers: Rules<Exposer>,
}

impl BuiltIn {
    /// The tables of labels that a place depends on.
    pub(crate) fn of_places(&self) -> [&Labels; 4] {
        [&self.services, &self.peers, &self.probed, &self.served]
    }
}

/// The tables of kinds in the order in which they are asked: exporters, then conventions.
const KINDS: [&str; 2] = [include_str!("../tables/exporters.csv"), include_str!("../tables/conventions.csv")];

/// The tables of `tables/`.
pub(crate) static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    let mut vocabulary = Vocabulary::default();
    BuiltIn {
        kinds: kinds(&KINDS, &mut vocabulary),
        help: kinds(&[include_str!("../tables/help.csv")], &mut vocabulary),
        counters: Counters::built_in(&mut vocabulary),
        levels: Levels::built_in(),
        outcomes: outcome::built_in(&mut vocabulary),
        statuses: Statuses::built_in(),
        limits: limit::built_in(),
        units: units(),
        services: Labels::services(&mut vocabulary),
        peers: Labels::peers(&mut vocabulary),
        probed: Labels::probed(&mut vocabulary),
        served: Labels::served(&mut vocabulary),
        revisions: lasting::revisions(),
        headers: Headers::built_in(),
        monitoring: Monitoring::built_in(&mut vocabulary),
        exposers: exposer::built_in(&mut vocabulary),
        vocabulary,
    }
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::table::rows;

    #[test]
    fn every_row_of_the_tables_can_be_read() {
        let count = |text: &str| rows(text, ["source"]).len();
        let built_in = &BUILT_IN;
        assert_eq!(built_in.kinds.len(), KINDS.iter().map(|text| count(text)).sum::<usize>());
        assert_eq!(built_in.help.len(), count(include_str!("../tables/help.csv")));
        let counters = [include_str!("../tables/counters.csv"), include_str!("../tables/exposed.csv")].map(count);
        assert_eq!(built_in.counters.len(), counters.into());
        assert_eq!(built_in.levels.len(), count(include_str!("../tables/levels.csv")));
        assert_eq!(built_in.outcomes.len(), count(include_str!("../tables/outcomes.csv")));
        assert_eq!(built_in.limits.len(), count(include_str!("../tables/limits.csv")));
        assert_eq!(built_in.services.len(), count(include_str!("../tables/services.csv")));
        assert_eq!(built_in.peers.len(), count(include_str!("../tables/peers.csv")));
        assert_eq!(built_in.probed.len(), count(include_str!("../tables/probed.csv")));
        assert_eq!(built_in.served.len(), count(include_str!("../tables/served.csv")));
        assert_eq!(built_in.exposers.len(), count(include_str!("../tables/exposers.csv")));
        assert!(built_in.units.is_sorted());
    }

    #[test]
    fn every_row_decides_on_some_name() {
        let built_in = &BUILT_IN;
        let kinds: Vec<[String; 2]> = KINDS.iter().flat_map(|text| rows(text, ["pattern", "labels"])).collect();
        let dead: Vec<&[String; 2]> = built_in.kinds.unreachable().into_iter().map(|at| &kinds[at]).collect();
        assert!(dead.is_empty(), "{dead:#?}");
        assert_eq!(built_in.help.unreachable(), []);
        assert_eq!(built_in.outcomes.unreachable(), []);
        assert_eq!(built_in.exposers.unreachable(), []);
        assert_eq!(built_in.counters.unreachable(), []);
    }

    #[test]
    fn every_row_says_where_it_is_from() {
        let tables = [
            include_str!("../tables/help.csv"),
            include_str!("../tables/counters.csv"),
            include_str!("../tables/exposed.csv"),
            include_str!("../tables/levels.csv"),
            include_str!("../tables/outcomes.csv"),
            include_str!("../tables/limits.csv"),
            include_str!("../tables/services.csv"),
            include_str!("../tables/peers.csv"),
            include_str!("../tables/probed.csv"),
            include_str!("../tables/served.csv"),
            include_str!("../tables/headers.csv"),
            include_str!("../tables/statuses.csv"),
            include_str!("../tables/monitoring.csv"),
            include_str!("../tables/units.csv"),
            include_str!("../tables/no_services.csv"),
            include_str!("../tables/revisions.csv"),
            include_str!("../tables/exposers.csv"),
        ];
        for row in KINDS.iter().chain(&tables).flat_map(|text| rows(text, ["source"]).into_iter().enumerate()) {
            assert!(!row.1[0].is_empty(), "row {} of a table", row.0 + 1);
        }
    }
}
