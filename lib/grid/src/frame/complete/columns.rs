//! The names in the grids of a line: their beginnings are read, and what is no grid has none.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;

use crate::Name;
use crate::forms::beginning::{fields_in, names_in};

/// The names of all columns, each once.
pub(super) fn names(files: &[&OsStr]) -> Vec<String> {
    once(files.iter().filter_map(|file| names_in(Path::new(file))).flatten())
}

/// All fields of the headers, the column of times among them.
pub(super) fn headers(files: &[&OsStr]) -> Vec<String> {
    once(files.iter().filter_map(|file| fields_in(Path::new(file))).flatten())
}

/// The labels that columns have.
pub(super) fn labels(files: &[&OsStr]) -> Vec<String> {
    let labels = names(files).into_iter().flat_map(|name| Name::parse(&name).labels).map(|(label, _)| label);
    once(labels.filter(|label| label != "__as__"))
}

/// What picks columns: the names of metrics, and each label's values; with `whole` the columns themselves as well.
pub(super) fn selectors(files: &[&OsStr], whole: bool) -> Vec<String> {
    let names = names(files);
    let parsed: Vec<Name> = names.iter().map(|name| Name::parse(name)).collect();
    let metrics = parsed.iter().map(|name| name.name.clone()).filter(|name| !name.is_empty());
    let pairs = parsed.iter().flat_map(|name| &name.labels);
    let pairs = pairs.map(|pair| Name::new("", vec![pair.clone()]).to_string());
    once(metrics.chain(once(pairs)).chain(names.iter().filter(|_| whole).cloned()))
}

/// In their order, each once.
fn once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts.filter(|text| seen.insert(text.clone())).collect()
}
