//! Groups of columns compared together, point by point: the metrics of a service against those of
//! another.

use std::collections::{BTreeMap, BTreeSet};

use grid::{Error, Grid, Io, Name, did_you_mean};

use super::comparison::{Candidate, Comparison};
use super::counterpart::{counterparts, names_a_service};
use super::query::{self, Origin, Query};
use super::request::Request;
use super::rows::Row;

/// A group's columns by what they measure; the second of one measure gets a number.
type Group = BTreeMap<String, usize>;

/// A row for each group that has a counterpart of every column of the query. The others get a
/// row that says what they lack.
pub(crate) fn rows(request: &Request, text: &str, label: &str, grid: &Grid, io: &mut Io) -> Result<Vec<Row>, Error> {
    let parts = if query::is_file(text) { query::read(text, io)? } else { query::select(text, grid)? };
    check_label(label, grid)?;
    let names: Vec<&str> = parts.iter().map(|q| &q.name[..]).collect();
    let mut own = groups(&names, label);
    let (Some((name, members)), true) = (own.pop_first(), own.is_empty()) else {
        let what = format!("--group {label}: the query's columns must be of one group");
        return Err(Error::failed(format!("{what}: \"{text}\"")));
    };
    let in_grid = matches!(parts[0].origin, Origin::Grid);
    let query = Query {
        name: shown(&name, label, names[0]).into(),
        columns: members.values().map(|&c| parts[c].columns[0].clone()).collect(),
        origin: parts[0].origin.clone(),
    };
    let headers: Vec<&str> = grid.columns.iter().map(|c| &c.name[..]).collect();
    let (mut candidates, mut rows) = (Vec::new(), Vec::new());
    for (group, columns) in groups(&headers, label).into_iter().filter(|(group, _)| !in_grid || *group != name) {
        let shown = shown(&group, label, columns.values().next().map_or("", |&c| headers[c]));
        match members.keys().find(|measure| !columns.contains_key(*measure)) {
            Some(lacking) => rows.push(Row::without(&shown, &query.name, format!("lacks {lacking}"))),
            None => candidates.push(Candidate { name: shown, columns: members.keys().map(|m| columns[m]).collect() }),
        }
    }
    let _working = io.working(format_args!("comparing {} groups", candidates.len()), 0);
    rows.extend(Comparison::new(request, grid)?.rows(&query, &candidates));
    Ok(rows)
}

/// A label that no column has is most likely misspelt; names without labels are taken apart by service, whatever that is called.
fn check_label(label: &str, grid: &Grid) -> Result<(), Error> {
    let names = grid.columns.iter().map(|column| Name::parse(&column.name));
    let known: BTreeSet<String> = names.flat_map(|name| name.labels).map(|(label, _)| label).collect();
    if known.contains(label) || known.is_empty() && names_a_service(label) {
        return Ok(());
    }
    if known.is_empty() {
        let what = "--group: no column has a label, and names without labels begin with their service";
        return Err(Error::failed(format!("{what}, expected \"service\": \"{label}\"")));
    }
    let near = did_you_mean(label, known.iter().map(String::as_str));
    Err(Error::failed(format!("--group: no column has this label: \"{label}\"{near}")))
}

fn groups(headers: &[&str], label: &str) -> BTreeMap<String, Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (c, found) in counterparts(headers, label).into_iter().enumerate() {
        let Some((group, measure)) = found else { continue };
        let members = groups.entry(group).or_default();
        let numbered = (1..).map(|k| if k == 1 { measure.clone() } else { format!("{measure} #{k}") });
        if let Some(free) = numbered.take(headers.len() + 1).find(|m| !members.contains_key(m)) {
            members.insert(free, c);
        }
    }
    groups
}

/// A group as a selector, or by its bare name where the columns have no labels.
fn shown(group: &str, label: &str, header: &str) -> String {
    if header.contains('{') { format!("{{{label}=\"{}\"}}", grid::escape_label(group)) } else { group.to_string() }
}
