//! Which columns the grid has, and in which order.

use std::collections::{BTreeMap, HashSet};

use grid::{Column, Error, Grid, Name};
use names::{Catalogue, Lasting};

use crate::notes::{count, list};
use crate::series::{rename, without_port};

/// What is done with the columns at the end.
#[derive(Debug, Default)]
pub struct Shape<'a> {
    /// The columns of this grid in its order, then those that it does not have.
    pub like: Option<&'a Grid>,
    /// Leave out columns without any value.
    pub drop_empty: bool,
    /// Leave out columns that have one value throughout, here and in `like`.
    pub drop_constant: bool,
    /// New names, with `{label}` for labels.
    pub template: Option<&'a str>,
}

/// Brings the columns into their final shape; returns what is to be said about it.
pub fn shape(grid: &mut Grid, shape: &Shape<'_>) -> Result<Vec<String>, Error> {
    let mut notes = Vec::new();
    if let Some(template) = shape.template {
        let headers: Vec<String> = grid.columns.iter().map(|c| c.name.clone()).collect();
        for (column, name) in grid.columns.iter_mut().zip(rename(&headers, template)?) {
            column.name = name;
        }
        grid.columns.sort_by(|a, b| a.name.cmp(&b.name));
    }
    if let Some(reference) = shape.like {
        follow(grid, reference, &mut notes);
    }
    if shape.drop_empty {
        remove(grid, "without a value", &mut notes, |c| c.values.iter().all(|v| v.is_nan()));
    }
    if shape.drop_constant {
        let steady: Option<HashSet<&str>> = shape
            .like
            .map(|like| like.columns.iter().filter(|c| is_constant(&c.values)).map(|c| c.name.as_str()).collect());
        let steady_too = |name: &str| steady.as_ref().is_none_or(|s| s.contains(name));
        remove(grid, "constant", &mut notes, |c| is_constant(&c.values) && steady_too(&c.name));
    }
    Ok(notes)
}

/// True when all values that are there are the same, and there is one.
fn is_constant(values: &[f64]) -> bool {
    let mut known = values.iter().filter(|v| !v.is_nan());
    known.next().is_some_and(|first| known.all(|v| v == first))
}

fn remove(grid: &mut Grid, what: &str, notes: &mut Vec<String>, gone: impl Fn(&Column) -> bool) {
    let before = grid.columns.len();
    grid.columns.retain(|column| !gone(column));
    let dropped = before - grid.columns.len();
    if dropped > 0 {
        notes.push(format!("{} {what}: left out", count(dropped, "column")));
    }
}

fn follow(grid: &mut Grid, reference: &Grid, notes: &mut Vec<String>) {
    let rows = grid.rows();
    let mut own = std::mem::take(&mut grid.columns);
    if !own.is_sorted_by(|a, b| a.name <= b.name) {
        own.sort_by(|a, b| a.name.cmp(&b.name));
    }
    let place = |wanted: &Column| own.binary_search_by(|column| column.name.cmp(&wanted.name)).ok();
    let mut places: Vec<Option<usize>> = reference.columns.iter().map(place).collect();
    let anew = pair_those_made_anew(reference, &own, &mut places);
    let mut new: Vec<Option<Column>> = own.into_iter().map(Some).collect();
    let mut missing = Vec::new();
    grid.columns.reserve_exact(new.len().max(places.len()));
    for (wanted, place) in reference.columns.iter().zip(places) {
        let values = place.and_then(|at| new[at].take()).map_or_else(
            || {
                missing.push(wanted.name.clone());
                vec![f64::NAN; rows]
            },
            |column| column.values,
        );
        grid.columns.push(Column { name: wanted.name.clone(), values });
    }
    let new: Vec<Column> = new.into_iter().flatten().collect();
    let names: Vec<&str> = new.iter().map(|column| column.name.as_str()).collect();
    if !anew.is_empty() {
        let what = "made anew since --like (another pod, container or address), under its name there";
        notes.push(format!("{} {what}: {}", count(anew.len(), "column"), list(&anew)));
    }
    if !missing.is_empty() {
        let what = "of --like not in the data, empty here";
        notes.push(format!("{} {what}: {}", count(missing.len(), "column"), list(&missing)));
    }
    if !names.is_empty() {
        notes.push(format!("{} not in --like, put after its own: {}", count(names.len(), "column"), list(&names)));
    }
    grid.columns.extend(new);
}

/// Finds, for columns of the reference that are not there, those that differ from them in no more than a restart changes; gives
/// their names. Where several share what lasts of their names, replicas are paired in the order of their names, and nothing else is:
/// ids alone do not say whose they are.
fn pair_those_made_anew(reference: &Grid, own: &[Column], places: &mut [Option<usize>]) -> Vec<String> {
    let taken: HashSet<usize> = places.iter().flatten().copied().collect();
    let missing = (0..places.len()).filter(|&at| places[at].is_none());
    let gone = by_what_lasts(missing.map(|at| (at, reference.columns[at].name.as_str())));
    if gone.is_empty() {
        return Vec::new();
    }
    let fresh = (0..own.len()).filter(|at| !taken.contains(at));
    let fresh = by_what_lasts(fresh.map(|at| (at, own[at].name.as_str())));
    let mut anew = Vec::new();
    for (lasting, gone) in &gone {
        let Some(fresh) = fresh.get(lasting) else { continue };
        if lasting.is_replica || gone.len() == 1 && fresh.len() == 1 {
            for (from, to) in gone.iter().zip(fresh) {
                places[*from] = Some(*to);
                anew.push(own[*to].name.clone());
            }
        }
    }
    anew.sort_unstable();
    anew
}

/// Columns by what lasts of their names, the ports of schemes left out, those of one in the order of their names.
fn by_what_lasts<'a>(columns: impl Iterator<Item = (usize, &'a str)>) -> BTreeMap<Lasting, Vec<usize>> {
    let catalogue = Catalogue::default();
    let mut columns: Vec<(usize, &str)> = columns.collect();
    columns.sort_unstable_by_key(|(_, name)| *name);
    let mut found: BTreeMap<Lasting, Vec<usize>> = BTreeMap::new();
    for (at, name) in columns {
        let name = Name::parse(name);
        let name = without_port(&name).unwrap_or(name);
        let lasting = catalogue.lasting(&name).unwrap_or(Lasting { name, is_replica: false });
        found.entry(lasting).or_default().push(at);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(columns: &[(&str, [f64; 2])]) -> Grid {
        let columns = columns.iter().map(|(name, v)| Column { name: (*name).into(), values: v.to_vec() });
        Grid { times_ms: vec![0, 1000], windows: None, columns: columns.collect() }
    }

    fn names(grid: &Grid) -> Vec<&str> {
        grid.columns.iter().map(|c| c.name.as_str()).collect()
    }

    #[test]
    fn like_gives_its_columns_in_its_order_then_those_that_are_new() {
        let reference = grid(&[("c", [0.0; 2]), ("a", [0.0; 2])]);
        let mut own = grid(&[("a", [1.0, 2.0]), ("b", [3.0, 4.0])]);
        let notes = shape(&mut own, &Shape { like: Some(&reference), ..Shape::default() }).unwrap();
        assert_eq!(names(&own), ["c", "a", "b"]);
        assert!(own.columns[0].values.iter().all(|v| v.is_nan()));
        let new = "1 column not in --like, put after its own: b";
        assert_eq!(notes, ["1 column of --like not in the data, empty here: c", new]);
    }

    #[test]
    fn what_a_restart_made_anew_takes_its_name_in_the_reference() {
        let pod = |hash: &str| format!("cpu{{pod=\"carts-5f6d9c7b8-{hash}\"}}");
        let docker = |id: &str| format!("cpu{{id=\"/docker/{id}\"}}");
        let address = |host: u8| format!("up{{instance=\"10.0.0.{host}:80\",job=\"carts\"}}");
        let [gone, came] = [["x2k9p", "bcdf4"], ["q8w9e", "z7k2v"]].map(|hashes| hashes.map(pod));
        let ids = ["7c906d4fe920", "0123456789ab", "ba0c866ebd5d", "24f9f459b568"].map(docker);
        let two = |a: &str, b: &str, c: &str, d: &str, host: u8| {
            grid(&[(a, [1.0; 2]), (b, [2.0; 2]), (c, [3.0; 2]), (d, [4.0; 2]), (&address(host), [5.0; 2])])
        };
        let reference = two(&gone[0], &gone[1], &ids[0], &ids[1], 3);
        let mut own = two(&came[0], &came[1], &ids[2], &ids[3], 9);
        let notes = shape(&mut own, &Shape { like: Some(&reference), ..Shape::default() }).unwrap();
        let firsts = |name: &str| own.columns.iter().find(|c| c.name == name).unwrap().values[0];
        // Replicas in the order of their names, and the one address of a job.
        assert_eq!((firsts(&gone[1]), firsts(&gone[0]), firsts(&address(3))), (1.0, 2.0, 5.0));
        // Of two ids nobody knows whose they are.
        assert!(firsts(&ids[0]).is_nan() && firsts(&ids[2]) == 3.0 && own.columns.len() == 7);
        assert!(notes[0].starts_with("3 columns made anew since --like"), "{notes:?}");
    }

    #[test]
    fn the_port_of_a_scheme_tells_two_instances_apart_and_no_restart() {
        let up = |instance: &str| format!("up{{instance=\"{instance}\",job=\"web\"}}");
        let reference = grid(&[(&up("a"), [0.0; 2]), (&up("b"), [0.0; 2])]);
        let mut own = grid(&[(&up("a:80"), [1.0; 2]), (&up("b:443"), [2.0; 2]), (&up("b:80"), [3.0; 2])]);
        shape(&mut own, &Shape { like: Some(&reference), ..Shape::default() }).unwrap();
        assert_eq!(names(&own), [up("a"), up("b"), up("b:443"), up("b:80")]);
        assert!(own.columns[0].values[0] == 1.0 && own.columns[1].values[0].is_nan());
    }

    #[test]
    fn constant_columns_stay_when_they_vary_in_the_reference() {
        let data = [("a", [1.0, 1.0]), ("b", [1.0, f64::NAN]), ("c", [1.0, 2.0]), ("d", [f64::NAN; 2])];
        let mut own = grid(&data);
        let wish = Shape { drop_constant: true, drop_empty: true, ..Shape::default() };
        shape(&mut own, &wish).unwrap();
        assert_eq!(names(&own), ["c"]);
        let reference = grid(&[("a", [1.0, 3.0]), ("b", [2.0, 2.0])]);
        let mut own = grid(&data);
        shape(&mut own, &Shape { like: Some(&reference), ..wish }).unwrap();
        assert_eq!(names(&own), ["a", "c"]);
    }
}
