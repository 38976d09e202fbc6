//! The names in a grid or in series lines, by the beginning of the file: what is no grid has none.

use std::path::Path;

use serde_json::{Map, Value};

use super::canonical::canonical;
use super::csv::header;
use crate::{Form, Name, Source, is_time_name};

/// A header is looked for in so many bytes; series in the lines that these hold.
const HEAD: usize = 1 << 24;

/// The columns of a grid, or the series of series lines, without reading the rest of the file; `None` for what is neither, and for a
/// pipe.
pub fn names_in(file: &Path) -> Option<Vec<String>> {
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
    Some(names.iter().map(|name| canonical(name).into_owned()).collect())
}

/// All fields of a grid's header.
pub(crate) fn fields_in(file: &Path) -> Option<Vec<String>> {
    let (form, head) = head(file)?;
    if form == Form::Csv { texts(&head) } else { None }
}

fn texts(head: &[u8]) -> Option<Vec<String>> {
    Some(header::fields(head).ok()?.iter().map(String::from).collect())
}

/// The beginning of a file, as decompressed. A pipe is left alone: what is read of it is lost.
fn head(path: &Path) -> Option<(Form, Vec<u8>)> {
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
