//! The names in the grids of a line: their beginnings are read, and what is no grid has none.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::Path;

use serde_json::{Map, Value};

use crate::forms::csv::header;
use crate::{Form, Name, Source, is_time_name};

/// A header is looked for in so many bytes; series in the lines that these hold.
const HEAD: usize = 1 << 24;

/// The names of all columns, each once.
pub(super) fn names(files: &[&OsStr]) -> Vec<String> {
    once(files.iter().filter_map(|file| series(file)).flatten())
}

/// All fields of the headers, the column of times among them.
pub(super) fn headers(files: &[&OsStr]) -> Vec<String> {
    once(files.iter().filter_map(|file| fields(file)).flatten())
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

/// The series of a grid, or of series lines.
fn series(file: &OsStr) -> Option<Vec<String>> {
    let (form, head) = head(file)?;
    if form == Form::Jsonl {
        return Some(of_lines(&head));
    }
    let mut names = texts(&head)?;
    let times = names.iter().position(|name| is_time_name(name))?;
    names.drain(..=times);
    if names.first().is_some_and(|name| name == "window") {
        names.remove(0);
    }
    Some(names)
}

fn fields(file: &OsStr) -> Option<Vec<String>> {
    let (form, head) = head(file)?;
    if form == Form::Csv { texts(&head) } else { None }
}

fn texts(head: &[u8]) -> Option<Vec<String>> {
    Some(header::fields(head).ok()?.iter().map(String::from).collect())
}

/// The beginning of a file, as decompressed. A pipe is left alone: what is read of it is lost.
fn head(file: &OsStr) -> Option<(Form, Vec<u8>)> {
    let path = Path::new(file);
    if !path.is_file() {
        return None;
    }
    let mut source = Source::open(path).ok()?;
    let mut length = 1 << 16;
    loop {
        let head = source.head(length).ok()?;
        let whole = head.len() < length || length >= HEAD;
        if whole || source.form() == Form::Csv && head.contains(&b'\n') {
            return Some((source.form(), head));
        }
        length *= 4;
    }
}

/// The names in series lines, or the keys of a row.
fn of_lines(text: &[u8]) -> Vec<String> {
    let lines = text.split(|&byte| byte == b'\n').map(|line| line.trim_ascii_start());
    let objects = lines.filter_map(|line| {
        let object = line.strip_prefix(b"[").unwrap_or(line);
        serde_json::Deserializer::from_slice(object).into_iter::<Map<String, Value>>().next()?.ok()
    });
    let mut names = Vec::new();
    for object in objects {
        let Some(Value::Object(labels)) = object.get("metric") else {
            return object.keys().filter(|key| !is_time_name(key)).cloned().collect();
        };
        let text = |value: &Value| value.as_str().map(str::to_string);
        let all = labels.iter().filter_map(|(label, value)| Some((label.clone(), text(value)?)));
        let (name, labels): (Vec<_>, Vec<_>) = all.partition(|(label, _)| label == "__name__");
        let name = name.into_iter().next().map(|(_, name)| name).unwrap_or_default();
        names.push(Name::new(name, labels).to_string());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_lines_and_rows_have_names() {
        let lines =
            b"{\"metric\":{\"__name__\":\"up\",\"job\":\"a\"},\"values\":[1],\"timestamps\":[1]}\n{\"metric\":{\"__na";
        assert_eq!(of_lines(lines), ["up{job=\"a\"}"]);
        assert_eq!(of_lines(b"[{\"time\":1,\"a\":2},{\"time\":2,\"a\":2}]"), ["a"]);
        assert_eq!(of_lines(b"{no"), [""; 0]);
    }
}
