//! What a load generator put on a system and saw of it. No service is charged with it.

use crate::text::rules::Rules;
use crate::text::table::rows;
use crate::text::tokens::Vocabulary;

/// A column of a load generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Users or threads at work.
    Users,
    /// Users asked for.
    TargetUsers,
    /// Requests a second that were answered or sent.
    Requests,
    /// Requests a second, or a share of them, that failed.
    Failures,
    /// Response times.
    ResponseTime,
    /// Requests sent and not yet answered.
    InFlight,
    /// Whether all users waited.
    Stalled,
    /// Anything else of a load generator.
    Other,
}

impl Outcome {
    const NAMES: [(&'static str, Outcome); 8] = [
        ("users", Outcome::Users),
        ("target_users", Outcome::TargetUsers),
        ("requests", Outcome::Requests),
        ("failures", Outcome::Failures),
        ("response_time", Outcome::ResponseTime),
        ("in_flight", Outcome::InFlight),
        ("stalled", Outcome::Stalled),
        ("other", Outcome::Other),
    ];

    fn parse(text: &str) -> Option<Self> {
        Self::NAMES.iter().find_map(|(name, outcome)| (*name == text).then_some(*outcome))
    }
}

/// The table of the columns of load generators.
pub(crate) fn built_in(vocabulary: &mut Vocabulary) -> Rules<Outcome> {
    let table = rows(include_str!("../../tables/outcomes.csv"), ["pattern", "outcome"]);
    let row = |[pattern, outcome]: [String; 2]| Some((pattern, String::new(), Outcome::parse(&outcome)?));
    Rules::new(table.into_iter().filter_map(row).collect(), vocabulary)
}
