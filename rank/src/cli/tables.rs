//! What names mean: the built-in catalogue, after the user's own tables.

use crate::cli::args::Args;
use grid::{Error, Table};
use names::{Catalogue, Harm, Kind, OwnKind, Role};
use std::path::Path;

/// The built-in catalogue, with the tables and the pattern that `args` name asked first.
pub(crate) fn catalogue(args: &Args) -> Result<Catalogue, Error> {
    let mut catalogue = Catalogue::default().with_pattern(args.service_regex.clone());
    if let Some(path) = &args.kinds {
        catalogue = catalogue.with_kinds(kinds(path)?);
    }
    if let Some(path) = &args.services {
        catalogue = catalogue.with_services(grid::read_services(path)?);
    }
    Ok(catalogue)
}

fn kinds(path: &Path) -> Result<Vec<OwnKind>, Error> {
    let table = Table::read_file(path)?;
    let place = path.display();
    let column = |name: &str| {
        table
            .column(name)
            .ok_or_else(|| Error::failed(format!("{place}: no column \"{name}\": expected pattern, kind, harm, role")))
    };
    let (pattern, kind, harm, role) = (column("pattern")?, column("kind")?, column("harm")?, column("role")?);
    let row = |(at, row): (usize, &Vec<grid::Cell>)| {
        let text = |column: usize| row[column].text();
        let wrong = |what: &str, text: &str| Error::failed(format!("{place}: line {}: {what}: \"{text}\"", at + 2));
        let harm = Harm::parse(&text(harm)).ok_or_else(|| wrong("harm is not up, down, both or gone", &text(harm)))?;
        let role = Role::parse(&text(role))
            .ok_or_else(|| wrong("role is not cause, saturation, symptom, driver or other", &text(role)))?;
        let kind = Kind { name: text(kind), harm, role, unit: String::new(), source: place.to_string() };
        OwnKind::new(&text(pattern), kind).map_err(|_| wrong("not a regular expression", &text(pattern)))
    };
    table.rows.iter().enumerate().map(row).collect()
}
