//! The columns of a ranking that the page shows, and what their numbers mean.

use report::words::{change, number as words};
use report::{Field, Heading};

use super::moving::probability;
use super::sheet::Sheet;

/// Column, heading, meaning.
const COLUMNS: [(&str, &str, &str); 18] = [
    ("service", "service", "Where the metric was measured, read from its labels."),
    ("kind", "kind", "What the metric is about, read from its name."),
    ("steady", "steady", "Mean of the steady state."),
    ("overload", "overload", "Mean of the overload."),
    ("pct_change", "change", "From the steady mean to the overload's; from tenfold on as a factor."),
    (
        "z",
        "deviations",
        "Steady spreads between the steady median and the overload's 70 % quantile, counted from the harmless side.",
    ),
    ("q", "q", "The share of false alarms among metrics that changed this clearly; from 0.01 on it may be chance."),
    ("onset", "onset", "Seconds from the start of the overload to the change."),
    ("used", "of its limit", "How much of its limit was in use in the overload."),
    ("lowest", "at lowest load", "The value at the lowest load."),
    ("highest", "at highest load", "The value at the highest load."),
    ("elasticity", "exponent", "The power of the load with which it grows."),
    ("linear", "linear", "The exponent it would have in a system that scales."),
    ("knee", "knee", "The load at which its slope changes."),
    ("left_at", "left at", "The first load at which it left the line of the lower ones."),
    ("worse", "worse", "By how much its exponent is worse than linear."),
    ("score", "score", "What the rows are sorted by: size of the change, its clarity, and how near it is to a cause."),
    ("note", "note", "Why something could not be computed."),
];

/// The columns that a table has.
pub(crate) fn shown(table: &Sheet, skip: &[&str]) -> Vec<(&'static str, Heading)> {
    let there = COLUMNS.into_iter().filter(|(column, ..)| {
        let filled =
            !matches!(*column, "note" | "used") || (0..table.len()).any(|row| table.text(row, column).is_some());
        table.has(column) && filled && !skip.contains(column)
    });
    there.map(|(column, text, meaning)| (column, heading(column, text, meaning))).collect()
}

fn heading(column: &str, text: &str, meaning: &str) -> Heading {
    Heading { text: text.into(), meaning: meaning.into(), numeric: !matches!(column, "service" | "kind" | "note") }
}

/// A cell as the page shows it.
pub(crate) fn cell(table: &Sheet, row: usize, column: &str, unit: &str) -> Field {
    let Some(value) = table.number(row, column) else {
        return Field::words(table.text(row, column).unwrap_or_default());
    };
    let text = match column {
        "pct_change" => change(value),
        "steady" | "overload" | "lowest" | "highest" => words(value, unit),
        "onset" => words(value, "s"),
        "used" => words(100.0 * value, "%"),
        "q" => probability(value),
        _ => words(value, ""),
    };
    Field { text, value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_on_q_say_what_counts() {
        let said = COLUMNS.iter().find(|(column, ..)| *column == "q").map(|(.., meaning)| *meaning);
        assert!(said.is_some_and(|meaning| meaning.contains(&format!("from {} on", stats::CLEAR))), "{said:?}");
    }
}
