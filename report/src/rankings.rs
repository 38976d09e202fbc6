//! The rankings of the page.

use grid::Table;
use report::words::{change, number as words, unit};
use report::{Entry, Heading, Ranking};

use crate::evidence::{Evidence, number, short, text};

/// Columns that are shown when the table has them, and their headings.
const COLUMNS: [(&str, &str); 12] = [
    ("service", "service"),
    ("kind", "kind"),
    ("steady", "steady"),
    ("overload", "overload"),
    ("pct_change", "change"),
    ("z", "deviations"),
    ("onset", "onset"),
    ("elasticity", "elasticity"),
    ("knee", "knee"),
    ("worse", "worse"),
    ("members", "metrics"),
    ("score", "score"),
];

/// The first `top` metrics.
pub(crate) fn metrics(evidence: &Evidence, top: usize) -> Ranking {
    let table = evidence.rank;
    let shown: Vec<(&str, &str)> = COLUMNS.into_iter().filter(|(column, _)| table.column(column).is_some()).collect();
    let mut headings = vec![Heading { text: "metric".into(), numeric: false }];
    headings.extend(shown.iter().map(|(column, text)| heading(column, text)));
    let rows = table.rows.len().min(top);
    let names: Vec<String> = (0..rows).map(|row| text(table, row, "metric").unwrap_or_default()).collect();
    let lags: Vec<Option<f64>> = names.iter().map(|name| evidence.lag(name)).collect();
    let shares: Vec<Option<f64>> = names.iter().map(|name| evidence.contribution(name)).collect();
    let bars = bars(table, rows);
    let mut entries = Vec::with_capacity(rows);
    for row in 0..rows {
        let mut cells = vec![short(&names[row])];
        cells.extend(shown.iter().map(|(column, _)| cell(table, row, column, unit(&names[row]))));
        cells.extend(lags.iter().any(Option::is_some).then(|| lags[row].map_or(String::new(), |lag| words(lag, "s"))));
        let share = |share: f64| words(share * 100.0, "%");
        cells.extend(shares.iter().any(Option::is_some).then(|| shares[row].map_or(String::new(), share)));
        entries.push(Entry { cells, full_name: names[row].clone(), bar: bars[row] });
    }
    for (there, text) in [(lags.iter().any(Option::is_some), "lag"), (shares.iter().any(Option::is_some), "carries")] {
        headings.extend(there.then(|| Heading { text: text.into(), numeric: true }));
    }
    let note = format!(
        "The first {rows} of {}: those that changed most for the worse, by the ranking's score.",
        table.rows.len()
    );
    Ranking { title: "Which metrics".into(), note, headings, entries }
}

/// All services, each with the metric that speaks for it.
pub(crate) fn services(table: &Table) -> Ranking {
    let columns = COLUMNS.into_iter().skip(1).filter(|(column, _)| table.column(column).is_some());
    let shown: Vec<(&str, &str)> = columns.collect();
    let mut headings = vec![Heading { text: "service".into(), numeric: false }];
    headings.push(Heading { text: "best metric".into(), numeric: false });
    headings.extend(shown.iter().map(|(column, text)| heading(column, text)));
    let bars = bars(table, table.rows.len());
    let entries = (0..table.rows.len())
        .map(|row| {
            let (name, metric) = (text(table, row, "service"), text(table, row, "metric").unwrap_or_default());
            let name = name.unwrap_or_else(|| "(none)".into());
            let mut cells = vec![name.clone(), short(&metric)];
            cells.extend(shown.iter().map(|(column, _)| cell(table, row, column, unit(&metric))));
            Entry { cells, full_name: name, bar: bars[row] }
        })
        .collect();
    let note = "Each service by the metric that speaks for it most.".into();
    Ranking { title: "Which service gives first".into(), note, headings, entries }
}

fn heading(column: &str, text: &str) -> Heading {
    Heading { text: text.into(), numeric: !matches!(column, "service" | "kind") }
}

fn cell(table: &Table, row: usize, column: &str, unit: &str) -> String {
    let Some(value) = number(table, row, column) else {
        return text(table, row, column).unwrap_or_default();
    };
    match column {
        "pct_change" => change(value),
        "steady" | "overload" => words(value, unit),
        "onset" => words(value, "s"),
        _ => words(value, ""),
    }
}

/// Scores as shares of the largest; without a column `score` there are no bars.
fn bars(table: &Table, rows: usize) -> Vec<f64> {
    let scores: Vec<f64> = (0..rows).map(|row| number(table, row, "score").unwrap_or(f64::NAN)).collect();
    let most = scores.iter().filter(|score| score.is_finite()).fold(0.0, |most: f64, score| most.max(score.abs()));
    scores.iter().map(|score| if most > 0.0 { score.abs() / most } else { f64::NAN }).collect()
}
