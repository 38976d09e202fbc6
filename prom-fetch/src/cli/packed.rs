//! The list of shards: written by `--list-shards`, read by `--packed`.

use std::collections::BTreeMap;
use std::path::Path;

use grid::{Cell, Error, Io, Table, TableForm};
use prom_fetch::fetch::{count_by, find_names};
use prom_fetch::plan::job::Job;
use prom_fetch::plan::packing::{Item, Packing, Place, pack, part_of, parts};
use prom_fetch::plan::shard::{Shard, family};
use prom_fetch::plan::split::Part;
use prom_fetch::server::{Client, Trouble};

const HEADER: [&str; 6] = ["shard", "series", "metrics", "family", "label", "part"];

/// A family as the server knows it.
#[derive(Default)]
struct Known {
    names: Vec<String>,
    series: u64,
}

/// Prints which family is in which of `of` shards: shard by shard, the largest first. A shard without any has a row of its own.
pub(crate) fn write(client: &Client, job: &Job, of: u32, by: Option<&str>, io: &mut Io) -> Result<(), Error> {
    let mut items = items(client, job, of, by, io).map_err(|trouble| Error::Failed(trouble.text))?;
    let shards = pack(&mut items, of);
    let mut rows: Vec<(u32, &Item)> = shards.into_iter().zip(&items).collect();
    // The packing is by size already.
    rows.sort_by_key(|(shard, _)| *shard);
    let mut table = Table::new(&HEADER);
    let mut rows = rows.into_iter().peekable();
    for shard in 0..of {
        let name = format!("{}/{of}", shard + 1);
        if rows.peek().is_none_or(|(other, _)| *other != shard) {
            table.push(vec![name.as_str().into(), 0_i64.into(), 0_i64.into(), Cell::Empty, Cell::Empty, Cell::Empty]);
        }
        while let Some((_, item)) = rows.next_if(|(other, _)| *other == shard) {
            let part = item.part.as_ref();
            table.push(vec![
                name.as_str().into(),
                i64::try_from(item.series).unwrap_or(i64::MAX).into(),
                item.metrics.into(),
                item.family.as_str().into(),
                part.map(|(label, ..)| label.as_str()).into(),
                part.map(|(_, part, parts)| format!("{}/{parts}", part + 1)).into(),
            ]);
        }
    }
    table.write(TableForm::Csv, io)
}

/// What is to be packed: families, and parts of those that are larger than a shard.
fn items(client: &Client, job: &Job, of: u32, by: Option<&str>, io: &mut Io) -> Result<Vec<Item>, Trouble> {
    let families = families(client, job)?;
    let total = families.values().map(|known| known.series).sum();
    let (mut items, mut large, mut cut) = (Vec::new(), Vec::new(), None);
    for (family, Known { names, series }) in families {
        let parts = parts(series, total, of);
        let Some(label) = by.filter(|_| parts > 1) else {
            if parts > 1 {
                large.push(family.clone());
            }
            items.push(Item { family, metrics: names.len(), series, part: None });
            continue;
        };
        let mut sizes = vec![0; parts];
        for query in &job.queries {
            for (value, series) in count_by(client, job, label, &query.narrowed(&Part::Named(names.clone())))? {
                sizes[part_of(&value, parts)] += series;
                *cut.get_or_insert(false) |= !value.is_empty();
            }
        }
        for (part, series) in sizes.into_iter().enumerate() {
            let part = Some((label.to_string(), part, parts));
            items.push(Item { family: family.clone(), metrics: names.len(), series, part });
        }
    }
    if let (Some(label), Some(false)) = (by, cut) {
        let what = "--shard-by: no series of the families that are larger than a shard has this label";
        return Err(Trouble::last(format!("{what}: {}", grid::quote(label))));
    }
    if let Some(first) = large.first() {
        let what = "families larger than a shard, which --shard-by LABEL would cut";
        io.note(format!("{what}: {}, the first is {}", large.len(), grid::quote(first)));
    }
    Ok(items)
}

/// All families of all queries: the names in the range, the numbers of series at its end.
fn families(client: &Client, job: &Job) -> Result<BTreeMap<String, Known>, Trouble> {
    let mut names = BTreeMap::<String, u64>::new();
    for (index, query) in job.queries.iter().enumerate() {
        for name in find_names(client, job, index)? {
            names.entry(name).or_default();
        }
        for (name, series) in count_by(client, job, "__name__", &query.text)? {
            *names.entry(name).or_default() += series;
        }
    }
    let mut families = BTreeMap::<String, Known>::new();
    for (name, series) in names {
        let known = families.entry(family(&name).to_string()).or_default();
        known.names.push(name);
        known.series += series;
    }
    Ok(families)
}

/// Reads such a list; it must be of as many shards.
pub(crate) fn read(file: &Path, of: u32) -> Result<Packing, Error> {
    let refused = |what: &str, text: &str| Error::parse(file.display().to_string(), what, text);
    let table = Table::read_file(file)?;
    if table.header != HEADER {
        return Err(refused(
            "expected what --list-shards prints: shard,series,metrics,family,label,part",
            &table.header.join(","),
        ));
    }
    let mut packing = Packing::default();
    for row in &table.rows {
        let cell = |at: usize| row[at].text();
        let shard: Shard = cell(0).parse().map_err(|what: String| refused(&what, &cell(0)))?;
        if shard.of != of {
            return Err(refused(&format!("--shard K/{of}: a list of another number of shards"), &cell(0)));
        }
        add(&mut packing, shard, cell(3), cell(4), &cell(5)).map_err(|what| refused(&what, &row_text(row)))?;
    }
    for (family, place) in &packing.families {
        if matches!(place, Place::Split { parts, .. } if parts.contains(&u32::MAX)) {
            return Err(refused("a family without all of its parts", family));
        }
    }
    Ok(packing)
}

fn row_text(row: &[Cell]) -> String {
    row.iter().map(Cell::text).collect::<Vec<_>>().join(",")
}

/// Puts a family, or a part of one, into its place; parts that have not come yet have no shard.
fn add(packing: &mut Packing, shard: Shard, family: String, label: String, part: &str) -> Result<(), String> {
    let twice = || String::from("a family in two places");
    if family.is_empty() {
        return Ok(());
    }
    if label.is_empty() {
        return packing.families.insert(family, Place::Whole(shard.index)).map_or(Ok(()), |_| Err(twice()));
    }
    let part: Shard = part.parse()?;
    if part.of > 1_000_000 {
        return Err(String::from("more parts than there can be shards"));
    }
    let none = || Place::Split { label: label.clone(), parts: vec![u32::MAX; part.of as usize] };
    match packing.families.entry(family).or_insert_with(none) {
        Place::Split { label: known, parts } if *known == label && parts.len() == part.of as usize => {
            match std::mem::replace(&mut parts[part.index as usize], shard.index) {
                u32::MAX => Ok(()),
                _ => Err(twice()),
            }
        }
        _ => Err(twice()),
    }
}
