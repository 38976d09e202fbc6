//! Reads a table of kinds.

use grid::{Error, Table};
use rank::kind::{Harm, Kinds, Role, Rule, compile};
use std::path::Path;

/// The built-in kinds, with those of `path` asked first.
pub(crate) fn kinds(path: Option<&Path>) -> Result<Kinds, Error> {
    let mut kinds = Kinds::default();
    if let Some(path) = path {
        kinds.override_with(read(path)?);
    }
    Ok(kinds)
}

fn read(path: &Path) -> Result<Vec<Rule>, Error> {
    let table = Table::read_file(path)?;
    let place = path.display();
    let column = |name: &str| {
        table
            .column(name)
            .ok_or_else(|| Error::failed(format!("{place}: no column \"{name}\": expected pattern, kind, harm, role")))
    };
    let (pattern, kind, harm, role) = (column("pattern")?, column("kind")?, column("harm")?, column("role")?);
    let rule = |(at, row): (usize, &Vec<grid::Cell>)| {
        let text = row[pattern].text();
        let wrong = |what: &str, text: &str| Error::failed(format!("{place}: line {}: {what}: \"{text}\"", at + 2));
        Ok(Rule {
            pattern: compile(&text).map_err(|_| wrong("not a regular expression", &text))?,
            name: row[kind].text(),
            harm: harm_of(&row[harm].text())
                .ok_or_else(|| wrong("harm is not up, down, both or gone", &row[harm].text()))?,
            role: role_of(&row[role].text())
                .ok_or_else(|| wrong("role is not cause, saturation, symptom, driver or other", &row[role].text()))?,
        })
    };
    table.rows.iter().enumerate().map(rule).collect()
}

fn harm_of(text: &str) -> Option<Harm> {
    [("up", Harm::Up), ("down", Harm::Down), ("both", Harm::Both), ("gone", Harm::Gone)]
        .into_iter()
        .find_map(|(name, harm)| (name == text).then_some(harm))
}

fn role_of(text: &str) -> Option<Role> {
    let roles = [
        ("cause", Role::Cause),
        ("saturation", Role::Saturation),
        ("symptom", Role::Symptom),
        ("driver", Role::Driver),
        ("other", Role::Other),
    ];
    roles.into_iter().find_map(|(name, role)| (name == text).then_some(role))
}
