//! The rankings of the page.

use grid::Table;
use report::words::{change, number as words, unit};
use report::{Entry, Heading, Ranking};

use crate::evidence::{Evidence, number, short, text};

/// Columns that are shown when the table has them, and their headings.
const COLUMNS: [(&str, &str); 16] = [
    ("service", "service"),
    ("kind", "kind"),
    ("steady", "steady"),
    ("overload", "overload"),
    ("pct_change", "change"),
    ("z", "deviations"),
    ("onset", "onset"),
    ("lowest", "at lowest load"),
    ("highest", "at highest load"),
    ("elasticity", "exponent"),
    ("linear", "linear"),
    ("knee", "knee"),
    ("left_at", "left at"),
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
    let order = match grows(table) {
        true => "those whose exponent of the load is worst against linear growth, overall or beyond the knee.",
        false => "those that changed most for the worse, by the ranking's score.",
    };
    let note = format!("The first {rows} of {}: {order}", table.rows.len());
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
    let title = if grows(table) { "Which service scales least" } else { "Which service gives first" };
    Ranking { title: title.into(), note, headings, entries }
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
        "steady" | "overload" | "lowest" | "highest" => words(value, unit),
        "onset" => words(value, "s"),
        _ => words(value, ""),
    }
}

/// True for a ranking by growth, as rank --load prints it.
pub(crate) fn grows(table: &Table) -> bool {
    table.column("elasticity").is_some()
}

/// Scores, or what is worse than linear, as shares of the largest; without such a column there are no bars.
fn bars(table: &Table, rows: usize) -> Vec<f64> {
    let size = |row: usize| match grows(table) {
        true => number(table, row, "worse").map(|worse| worse.max(0.0)),
        false => number(table, row, "score").map(f64::abs),
    };
    let sizes: Vec<f64> = (0..rows).map(|row| size(row).unwrap_or(f64::NAN)).collect();
    let most = sizes.iter().copied().filter(|size| size.is_finite()).fold(0.0, f64::max);
    sizes.iter().map(|size| if most > 0.0 { size / most } else { f64::NAN }).collect()
}
