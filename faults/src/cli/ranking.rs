//! What `rank` found in the run.

use std::path::Path;

use grid::{Cell, Error, Table};

/// The service that was hit and the kind of its metric that changed most.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) service: Option<String>,
    pub(crate) first_kind: Option<String>,
}

/// The first row of a ranking that has a service: of the one asked for, if any.
pub(crate) fn read(path: &Path, service: Option<&str>) -> Result<Verdict, Error> {
    let table = Table::read_file(path)?;
    let column = |name: &str| {
        let missing = || {
            let what = format!("expected a table of rank, with {name}");
            Error::parse(path.display(), what, &table.header.join(","))
        };
        table.column(name).ok_or_else(missing)
    };
    let (owner, kind) = (column("service")?, column("kind")?);
    let is_it = |row: &&Vec<Cell>| match service {
        Some(name) => row[owner].text() == name,
        None => row[owner] != Cell::Empty,
    };
    let text = |column: usize| move |row: &Vec<Cell>| row[column].text();
    let row = table.rows.iter().find(is_it);
    Ok(Verdict { service: row.map(text(owner)), first_kind: row.map(text(kind)) })
}
