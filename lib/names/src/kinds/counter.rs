//! Which metrics are counters: by their type, by the catalogue, by OpenMetrics' suffixes.

use crate::Name;
use crate::text::rules::Rules;
use crate::text::table::rows;
use crate::text::tokens::Vocabulary;

/// The table of what is a counter and what is none.
pub(crate) fn built_in(vocabulary: &mut Vocabulary) -> Rules<bool> {
    let table = rows(include_str!("../../tables/counters.csv"), ["pattern", "counter"]);
    let row = |[pattern, counter]: [String; 2]| (pattern, String::new(), counter == "yes");
    Rules::new(table.into_iter().map(row).collect(), vocabulary)
}

/// True for a counter, false for what is none, `None` where neither type nor name says it. A histogram's or
/// summary's `_bucket`, `_sum` and `_count` are counters, its quantiles are not.
pub(crate) fn counter(table: &Rules<bool>, vocabulary: &Vocabulary, name: &str, kind: Option<&str>) -> Option<bool> {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match kind {
        Some("counter") => Some(true),
        Some("gauge" | "info" | "stateset" | "gaugehistogram") => Some(false),
        Some("histogram") => Some(ends(&["_bucket", "_sum", "_count"])),
        Some("summary") => Some(ends(&["_sum", "_count"])),
        _ => table.find(&vocabulary.read(name), &Name::default()).copied(),
    }
}
