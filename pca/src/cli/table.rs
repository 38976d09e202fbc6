//! The tables and grids that are written.

use std::path::Path;

use grid::{Cell, Column, Error, Grid, Names, Rows, Table, TableForm};
use pca::{Fit, Group, Residual, Shift, State};

use super::args::Emit;

/// `metric,contribution,pc1,…,pcK,filled,note`, the largest contribution first.
pub(crate) fn contributions<'a>(names: &'a Names, fit: &'a Fit) -> Rows<'a> {
    let shares = pca::contributions(&fit.model, names.len());
    let header = no_contributions(fit.model.components.len(), Emit::Contributions).header;
    let order = best_first(&shares);
    Rows::new(header, names.len(), move |at| {
        let j = order[at];
        let mut row: Vec<Cell> = vec![names.get(j).into(), shares[j].into()];
        row.extend(fit.model.components.iter().map(|component| Cell::from(component[j])));
        row.extend([fit.data.missing_of(j).len().into(), note(fit.data.shifts[j].state)]);
        row
    })
}

/// `metric,pc1,…,pcK`, the largest contribution first.
pub(crate) fn loadings<'a>(names: &'a Names, fit: &'a Fit) -> Rows<'a> {
    let header = no_contributions(fit.model.components.len(), Emit::Loadings).header;
    let order = best_first(&pca::contributions(&fit.model, names.len()));
    Rows::new(header, names.len(), move |at| {
        let j = order[at];
        let mut row: Vec<Cell> = vec![names.get(j).into()];
        row.extend(fit.model.components.iter().map(|component| Cell::from(component[j])));
        row
    })
}

/// `component,explained_variance,ratio,cumulative,singular_value`.
pub(crate) fn variance(variance: &[f64], ratios: &[f64], singular: &[f64]) -> Table {
    let header = ["component", "explained_variance", "ratio", "cumulative", "singular_value"];
    let mut table = Table::new(&header);
    let mut cumulative = 0.0;
    for (k, (variance, ratio)) in variance.iter().zip(ratios).enumerate() {
        cumulative += *ratio;
        let numbers = [*variance, *ratio, cumulative, singular[k]].map(Cell::from);
        let mut row = vec![Cell::from(format!("pc{}", k + 1))];
        row.extend(numbers);
        table.push(row);
    }
    table
}

/// `metric,contribution,q,t2,q_baseline,filled,note`, the largest share of Q first.
pub(crate) fn residuals<'a>(
    names: &'a Names,
    shifts: &'a [Shift],
    (own, found): (&'a [f64], &'a Residual),
    filled: &'a [usize],
) -> Rows<'a> {
    let peak = found.q_of.iter().copied().fold(0.0, f64::max);
    let total: f64 = found.q_of.iter().map(|q| q / peak).sum();
    let shares: Vec<f64> = found.q_of.iter().map(|q| if peak > 0.0 { q / peak / total } else { 0.0 }).collect();
    let order = best_first(&shares);
    Rows::new(no_residuals().header, names.len(), move |at| {
        let j = order[at];
        let numbers = [shares[j], found.q_of[j], found.t2_of[j], own[j]].map(Cell::from);
        let mut row: Vec<Cell> = vec![names.get(j).into()];
        row.extend(numbers);
        let note = match shifts[j].state {
            State::Varies => Cell::Empty,
            State::Constant => "constant in the baseline".into(),
            State::Empty => "empty in the baseline".into(),
        };
        row.extend([filled[j].into(), note]);
        row
    })
}

/// The rows along the components, with the times of the grid; Q and T² behind them when given.
pub(crate) fn scores(grid: &Grid, scores: Vec<Vec<f64>>, extra: Option<(Vec<f64>, Vec<f64>)>) -> Grid {
    let mut columns: Vec<Column> =
        scores.into_iter().enumerate().map(|(k, values)| Column { name: format!("pc{}", k + 1), values }).collect();
    if let Some((q, t2)) = extra {
        columns.push(Column { name: "q".into(), values: q });
        columns.push(Column { name: "t2".into(), values: t2 });
    }
    Grid { times_ms: grid.times_ms.clone(), windows: grid.windows.clone(), columns }
}

/// Writes `group,metric,representative,correlation,contribution`; metrics of no group have an empty
/// group and stand last.
pub(crate) fn write_groups(
    path: &Path,
    names: &Names,
    shares: &[f64],
    groups: &[Group],
    loose: &[usize],
) -> Result<(), Error> {
    let mut table = Table::new(&["group", "metric", "representative", "correlation", "contribution"]);
    for (number, group) in groups.iter().enumerate() {
        for &(j, correlation) in &group.members {
            let representative = names.get(group.representative);
            let numbers = [correlation, shares[j]].map(Cell::from);
            let mut row: Vec<Cell> = vec![(number + 1).into(), names.get(j).into(), representative.into()];
            row.extend(numbers);
            table.push(row);
        }
    }
    for &j in loose {
        table.push(vec![Cell::Empty, names.get(j).into(), Cell::Empty, Cell::Empty, shares[j].into()]);
    }
    grid::write_file(path, |out| table.write(TableForm::Csv, out))
}

/// The table of residuals without a row.
pub(crate) fn no_residuals() -> Table {
    Table::new(&["metric", "contribution", "q", "t2", "q_baseline", "filled", "note"])
}

/// The table of contributions or loadings without a row.
pub(crate) fn no_contributions(components: usize, emit: Emit) -> Table {
    let (before, after): (&[&str], &[&str]) = match emit {
        Emit::Loadings => (&["metric"], &[]),
        _ => (&["metric", "contribution"], &["filled", "note"]),
    };
    let mut table = Table::new(before);
    table.header.extend((1..=components).map(|k| format!("pc{k}")));
    table.header.extend(after.iter().map(ToString::to_string));
    table
}

/// Largest first; not numbers last; ties stay in the order of names.
fn best_first(shares: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..shares.len()).collect();
    let key = |j: usize| if shares[j].is_nan() { -1.0 } else { shares[j] };
    order.sort_by(|&a, &b| key(b).total_cmp(&key(a)).then(a.cmp(&b)));
    order
}

fn note(state: State) -> Cell {
    match state {
        State::Varies => Cell::Empty,
        State::Constant => "constant".into(),
        State::Empty => "empty".into(),
    }
}
