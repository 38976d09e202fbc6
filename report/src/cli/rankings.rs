//! The tables of the page.

use grid::{Cell, Table};
use report::words::{change, number as words, unit};
use report::{Entry, Field, Heading, Ranking};

use super::columns::{cell, shown};
use super::inputs::Inputs;
use super::sheet::Sheet;
use super::verdict::chance;

/// The first `top` metrics.
pub(crate) fn metrics(inputs: &Inputs, top: usize) -> Ranking {
    let table = &inputs.rank;
    let columns = shown(table, &[]);
    let mut headings = vec![Heading { text: "metric".into(), ..Heading::default() }];
    headings.extend(columns.iter().map(|(_, heading)| heading.clone()));
    let rows = table.len().min(top);
    let lag = |name: &str| match &inputs.dtw {
        Some(dtw) => dtw.row(name).and_then(|row| dtw.number(row, "lag")),
        None => table.row(name).and_then(|row| table.number(row, "dtw_lag")),
    };
    let has_lags = inputs.dtw.is_some() || table.has("dtw_lag");
    if has_lags {
        let meaning = "Seconds by which it moved after the response time; negative when before.".to_string();
        headings.push(Heading { text: "lag".into(), meaning, numeric: true });
    }
    let entry = |row: usize| {
        let name = table.text(row, "metric").unwrap_or_default();
        let (mut cells, unit) = (vec![Field::words(inputs.naming.short(&name))], unit(&name));
        cells.extend(columns.iter().map(|(column, _)| cell(table, row, column, unit)));
        if has_lags {
            let lag = lag(&name);
            cells.push(lag.map_or(Field::words(""), |lag| Field { text: words(lag, "s"), value: lag }));
        }
        Entry {
            cells,
            full_name: name,
            bar: f64::NAN,
            faint: chance(table, row).is_some(),
            series: None,
            page: String::new(),
        }
    };
    let note = format!("{} {}", Ranking::first_of(rows, table.len()), order(table));
    Ranking { title: "All metrics".into(), note, headings, entries: (0..rows).map(entry).collect(), series: true }
}

/// What stands first.
fn order(table: &Sheet) -> &'static str {
    match grows(table) {
        true => {
            "Those come first whose exponent of the load is worst against linear growth, overall or beyond the knee."
        }
        false => "Those come first that changed most for the worse, by the ranking's score.",
    }
}

/// All services, each with the metric that speaks for it.
pub(crate) fn services(inputs: &Inputs, table: &Sheet) -> Ranking {
    let columns = shown(table, &["service"]);
    let mut headings = vec![Heading { text: "service".into(), ..Heading::default() }];
    headings.push(Heading { text: "leading metric".into(), ..Heading::default() });
    headings.extend(columns.iter().map(|(_, heading)| heading.clone()));
    let bars = bars(table);
    let entry = |row: usize| {
        let metric = table.text(row, "metric").unwrap_or_default();
        let name = table.text(row, "service").unwrap_or_else(|| "(none)".into());
        let mut cells = vec![Field::words(name.clone()), Field::words(inputs.naming.short(&metric))];
        let unit = unit(&metric);
        cells.extend(columns.iter().map(|(column, _)| cell(table, row, column, unit)));
        Entry {
            cells,
            full_name: name,
            bar: bars[row],
            faint: chance(table, row).is_some(),
            series: None,
            page: String::new(),
        }
    };
    let title = if grows(table) { "Which service scales least" } else { "Which service gives first" };
    let faint =
        if (0..table.len()).any(|row| chance(table, row).is_some()) { " What may be chance is pale." } else { "" };
    let note = format!("Each service by the metric that speaks for it most.{faint}");
    Ranking { title: title.into(), note, headings, entries: (0..table.len()).map(entry).collect(), series: false }
}

/// Known faults, the nearest first, with all columns of their table.
pub(crate) fn faults(table: &Sheet) -> Ranking {
    let numeric = |name: &str| (0..table.len()).any(|row| table.number(row, name).is_some());
    let others: Vec<&String> = {
        let filled = |name: &str| (0..table.len()).any(|row| table.text(row, name).is_some());
        table.header().iter().filter(|name| *name != "kind" && filled(name)).collect()
    };
    let mut headings = vec![Heading { text: "kind of fault".into(), ..Heading::default() }];
    headings.extend(others.iter().map(|name| Heading {
        text: name.replace('_', " "),
        meaning: String::new(),
        numeric: numeric(name),
    }));
    let entry = |row: usize| {
        let kind = table.text(row, "kind").unwrap_or_default();
        let mut cells = vec![Field::words(kind.clone())];
        cells.extend(others.iter().map(|name| match table.number(row, name) {
            Some(value) => Field { text: words(value, ""), value },
            None => Field::words(table.text(row, name).unwrap_or_default()),
        }));
        Entry { cells, full_name: kind, bar: f64::NAN, faint: false, series: None, page: String::new() }
    };
    let entries = (0..table.len()).map(entry).collect();
    let note = "Recorded runs of known faults that this run resembles, the nearest first.".into();
    Ranking { title: "Which known fault it looks like".into(), note, headings, entries, series: false }
}

/// The first metrics of either run, side by side.
pub(crate) fn against(inputs: &Inputs, other: &Sheet, top: usize) -> Ranking {
    let rank = &inputs.rank;
    let headings = [
        ("metric", "", false),
        ("change", "Of this run, from its steady mean.", true),
        ("change, other run", "Of the run it is compared with.", true),
        ("score", "In this run.", true),
        ("score, other run", "In the run it is compared with.", true),
        ("score, difference", "Positive: it changed more in this run than in the other.", true),
    ];
    let headings =
        headings.map(|(text, meaning, numeric)| Heading { text: text.into(), meaning: meaning.into(), numeric });
    let names = |table: &Sheet| -> Vec<String> {
        (0..table.len()).filter_map(|row| table.text(row, "metric")).take(top).collect()
    };
    let mut all = names(rank);
    all.extend(names(other).into_iter().filter(|name| rank.row(name).is_none_or(|row| row >= top)));
    let number = |table: &Sheet, name: &str, column: &str| table.row(name).and_then(|row| table.number(row, column));
    let entries = all.into_iter().map(|name| {
        let both = |column: &str| [number(rank, &name, column), number(other, &name, column)];
        let [own, theirs] = both("score");
        let field = |value: Option<f64>, text: fn(f64) -> String| {
            value.map_or(Field::words(""), |value| Field { text: text(value), value })
        };
        let mut cells = vec![Field::words(inputs.naming.long(&name))];
        cells.extend(both("pct_change").map(|value| field(value, change)));
        cells.extend([own, theirs].map(|value| field(value, |value| words(value, ""))));
        cells.push(field(own.zip(theirs).map(|(own, theirs)| own - theirs), |value| words(value, "")));
        Entry { cells, full_name: name, bar: f64::NAN, faint: false, series: None, page: String::new() }
    });
    let note = format!("The first {} metrics of either run.", words(top as f64, ""));
    let entries = entries.collect();
    Ranking { title: "Beside another run".into(), note, headings: headings.to_vec(), entries, series: false }
}

/// A list of runs, newest last as it came; each name leads to the page of its run.
pub(crate) fn runs(table: &Table) -> Ranking {
    let page = table.column("page");
    let shown: Vec<usize> = (0..table.header.len()).filter(|at| Some(*at) != page).collect();
    let numeric = |at: usize| table.rows.iter().all(|row| !matches!(row[at], Cell::Text(_)));
    let headings =
        shown.iter().map(|at| Heading { text: table.header[*at].clone(), numeric: numeric(*at), ..Heading::default() });
    let field = |cell: &Cell| match (cell, cell.number()) {
        // A release 1.10 is none 1.1.
        (Cell::Spelt(value, text), _) => Field { text: text.clone(), value: *value },
        (_, Some(value)) => Field { text: words(value, ""), value },
        (_, None) => Field::words(cell.text()),
    };
    let entry = |row: &Vec<Cell>| Entry {
        cells: shown.iter().map(|at| field(&row[*at])).collect(),
        page: page.map_or_else(String::new, |at| row[at].text()),
        bar: f64::NAN,
        ..Entry::default()
    };
    let count = words(table.rows.len() as f64, "");
    let note = format!("{count} {}.", if table.rows.len() == 1 { "run" } else { "runs" });
    let (headings, entries) = (headings.collect(), table.rows.iter().map(entry).collect());
    Ranking { title: "All runs".into(), note, headings, entries, series: false }
}

/// True for a ranking by growth, as rank --load prints it.
pub(crate) fn grows(table: &Sheet) -> bool {
    table.has("elasticity")
}

/// Scores, or what is worse than linear, as shares of the largest; without such a column there are no bars.
fn bars(table: &Sheet) -> Vec<f64> {
    let size = |row: usize| match grows(table) {
        true => table.number(row, "worse").map(|worse| worse.max(0.0)),
        false => table.number(row, "score").map(f64::abs),
    };
    let sizes: Vec<f64> = (0..table.len()).map(|row| size(row).unwrap_or(f64::NAN)).collect();
    let most = sizes.iter().copied().filter(|size| size.is_finite()).fold(0.0, f64::max);
    sizes.iter().map(|size| if most > 0.0 { size / most } else { f64::NAN }).collect()
}
