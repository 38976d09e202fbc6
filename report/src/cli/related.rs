//! Whether what is given belongs together: a table or a grid of another system would make a page that says nothing of it.

use std::collections::BTreeSet;
use std::path::Path;

use grid::{Error, Grid, Io, quote, strange_names};

use super::args::Tables;
use super::inputs::Inputs;
use super::sheet::{Sheet, place};

/// Refuses services and grids of which nothing is ranked, and notes such tables, callers and callees. An empty ranking knows of
/// nothing.
pub(crate) fn check(inputs: &Inputs, given: &Tables, io: &mut Io) -> Result<(), Error> {
    let rank = &inputs.rank;
    if let Some((table, path)) = inputs.services.as_ref().zip(given.services.as_deref()) {
        services(table, rank, path)?;
    }
    if rank.len() == 0 {
        return Ok(());
    }
    let is_ranked = |metric: &str| rank.row(metric).is_some();
    let tables = [(&inputs.dtw, &given.dtw), (&inputs.pca, &given.pca), (&inputs.against, &given.against)].into_iter();
    let tables =
        tables.filter_map(|(table, path)| Some((table.as_ref()?.names().collect::<Vec<_>>(), path.as_deref()?)));
    let points = inputs.points.as_ref().zip(given.points.as_deref());
    // Of the first rows of two tables (--top) none need be in both.
    for (names, path) in tables.chain(points.map(|(points, path)| (points.names().collect(), path))) {
        some_are(names.into_iter(), is_ranked, path, "metrics is ranked").unwrap_or_else(|e| io.note(e));
    }
    grids(inputs, given)?;
    if let Some((table, path)) = inputs.edges.as_ref().zip(given.edges.as_deref()) {
        let ends = ["caller", "callee"].into_iter().filter_map(|name| table.column(name));
        let ends: BTreeSet<String> = ends.flat_map(|at| table.rows.iter().map(move |row| row[at].text())).collect();
        if let Some(strange) = strangers(&ends, inputs) {
            io.note(format_args!("{}: no ranked service: {strange}", place(path)));
        }
    }
    Ok(())
}

/// Refuses names of which none is known; of what has no names nothing is said.
fn some_are<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    is_known: impl Fn(&str) -> bool,
    path: &Path,
    what: &str,
) -> Result<(), Error> {
    match names.clone().min() {
        Some(first) if !names.clone().any(is_known) => {
            Err(Error::failed(format!("{}: none of these {what}, the first is {}", place(path), quote(first))))
        }
        _ => Ok(()),
    }
}

/// A ranking by service names each once; and one of them, or its metric, is ranked.
fn services(table: &Sheet, rank: &Sheet, path: &Path) -> Result<(), Error> {
    let rows = |table: &Sheet, column: &str| -> Vec<String> {
        (0..table.len()).filter_map(|row| table.text(row, column)).collect()
    };
    let mut seen = BTreeSet::new();
    let names = (0..table.len()).map(|row| table.text(row, "service").unwrap_or_default());
    if let Some(twice) = names.into_iter().find(|name| !seen.insert(name.clone())) {
        let place = place(path);
        let way_out = "expected a ranking by service, as rank --by service prints it";
        return Err(Error::failed(format!("{place}: service {} in two rows: {way_out}", quote(&twice))));
    }
    let ranked: BTreeSet<String> = rows(rank, "service").into_iter().collect();
    let metrics = rows(table, "metric");
    if ranked.is_empty() || metrics.iter().any(|name| rank.row(name).is_some()) {
        return Ok(());
    }
    let names = seen.iter().map(String::as_str).filter(|name| !name.is_empty());
    some_are(names, |name| ranked.contains(name), path, "services is ranked")
}

/// The grids have something of the ranking, and the overload something of each of the others.
fn grids(inputs: &Inputs, given: &Tables) -> Result<(), Error> {
    let Some((overload, path)) = inputs.overload.as_ref().zip(given.grid.as_deref()) else { return Ok(()) };
    let names = |grid: &Grid| grid.columns.iter().map(|column| column.name.clone()).collect::<Vec<String>>();
    let steady = inputs.steady.as_ref().map(names).unwrap_or_default();
    let all = names(overload);
    let both = all.iter().chain(&steady).map(String::as_str);
    some_are(both, |metric| inputs.rank.row(metric).is_some(), path, "metrics is ranked")?;
    let others = [(&inputs.steady, &given.baseline), (&inputs.other, &given.against_grid)].into_iter();
    for (other, path) in others.filter_map(|(grid, path)| grid.as_ref().zip(path.as_deref())) {
        let is_there = |metric: &str| all.is_empty() || overload.find(metric).is_some();
        some_are(names(other).iter().map(String::as_str), is_there, path, "metrics is in --grid")?;
    }
    Ok(())
}

/// Those who call or are called but are not ranked, each with the nearest that is; nothing where no service is known.
fn strangers(ends: &BTreeSet<String>, inputs: &Inputs) -> Option<String> {
    let tables = inputs.services.iter().chain([&inputs.rank]);
    let own: BTreeSet<String> =
        tables.flat_map(|table| (0..table.len()).filter_map(|row| table.text(row, "service"))).collect();
    let strange: Vec<&str> = ends.iter().map(String::as_str).filter(|name| !own.contains(*name)).collect();
    let strange: Vec<&str> = strange.into_iter().filter(|name| !name.is_empty() && !own.is_empty()).collect();
    strange_names(&strange, own.iter().map(String::as_str))
}
