//! Samples as text: OpenMetrics, Prometheus' older format, the lines of `promtool tsdb dump`.

use std::collections::{BTreeMap, HashMap};

use grid::{Error, parse_number, parse_time_ms};

use super::excerpt;
use crate::Store;
use crate::counters::{Kind, metric_of};
use crate::series::normalise_name;

/// True when the first line that is no comment is a sample.
pub(crate) fn is_samples(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let first = lines.clone().next().unwrap_or_default();
    let says_so = ["# HELP ", "# TYPE ", "# UNIT "].iter().any(|word| first.starts_with(word));
    says_so || lines.find(|line| !line.starts_with('#')).is_some_and(|line| parse_sample(line).is_some())
}

/// Reads samples with their times into the store: seconds, or milliseconds where the number says so.
pub fn read_samples(bytes: &[u8], store: &mut Store) -> Result<(), Error> {
    let mut families: HashMap<String, Family> = HashMap::new();
    let mut series: BTreeMap<String, (Vec<i64>, Vec<f64>)> = BTreeMap::new();
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let refused = |what: &str| Error::failed(format!("line {}: {what}: \"{}\"", at + 1, excerpt(line)));
        let line = std::str::from_utf8(line).map_err(|_| refused("not UTF-8"))?.trim();
        if let Some(comment) = line.strip_prefix('#') {
            note_comment(comment, &mut families);
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let Some((name, value, time)) = parse_sample(line) else {
            return Err(refused("not a sample, expected name{label=\"value\"} value time"));
        };
        let Some(time) = time else {
            return Err(refused("a sample without a time (one scrape is no series: ask a server with prom-fetch)"));
        };
        let samples = series.entry(normalise_name(name)).or_default();
        samples.0.push(time);
        samples.1.push(if value.is_finite() { value } else { f64::NAN });
    }
    for (name, (times_ms, values)) in series {
        let metric = metric_of(&name);
        let family = family_of(&metric, &families);
        if let Some(Family { unit, help, .. }) = family {
            store.metadata.add(metric.into_owned(), unit.clone(), help.clone());
        }
        store.add_samples(name, family.and_then(|family| family.kind), times_ms, values);
    }
    Ok(())
}

/// What comments say of the metrics of a family.
#[derive(Default)]
struct Family {
    kind: Option<Kind>,
    unit: Option<String>,
    help: Option<String>,
}

/// Notes what `# TYPE`, `# UNIT` and `# HELP` say.
fn note_comment(comment: &str, families: &mut HashMap<String, Family>) {
    let mut words = comment.trim_start().splitn(3, char::is_whitespace);
    let (Some(word), Some(name), text) = (words.next(), words.next(), words.next().unwrap_or_default().trim()) else {
        return;
    };
    if !["TYPE", "UNIT", "HELP"].contains(&word) {
        return;
    }
    let family = families.entry(name.to_string()).or_default();
    match word {
        "TYPE" => family.kind = Kind::parse(text),
        "UNIT" => family.unit = Some(text.to_string()),
        _ => family.help = Some(text.to_string()),
    }
}

/// The family of a metric: of its own name, or of that without a suffix.
fn family_of<'a>(metric: &str, families: &'a HashMap<String, Family>) -> Option<&'a Family> {
    let names = ["", "_total", "_bucket", "_sum", "_count", "_info"].into_iter();
    names.filter_map(|end| metric.strip_suffix(end)).find_map(|name| families.get(name))
}

/// The name, the value and the time in milliseconds of a line; an exemplar behind them is passed over.
fn parse_sample(line: &str) -> Option<(&str, f64, Option<i64>)> {
    let end = match line.find('{') {
        Some(open) => open + end_of_labels(&line[open..])?,
        None => line.find(char::is_whitespace)?,
    };
    let (name, rest) = line.split_at(end);
    let rest = rest.split(" # {").next()?;
    let labelled = name.ends_with('}') && !grid::Name::parse(name).labels.is_empty();
    let empty = name.ends_with("{}") && grid::is_legacy_name(&name[..name.len() - 2]);
    if !labelled && !empty && !grid::is_legacy_name(name) {
        return None;
    }
    let mut words = rest.split_whitespace();
    let value = words.next()?.parse().ok()?;
    let time = match words.next() {
        Some(word) => Some(parse_number(word.as_bytes()).and_then(|_| parse_time_ms(word))?),
        None => None,
    };
    words.next().is_none().then_some((name.trim_end_matches("{}"), value, time))
}

/// Where the labels end that begin a text: at the first brace that is in no quotes.
fn end_of_labels(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'}' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_all_three_kinds_are_samples() {
        assert_eq!(parse_sample("up 1 1700000000"), Some(("up", 1.0, Some(1_700_000_000_000))));
        let dump = r#"{__name__="up", job="a} b"} 1 1700000000250"#;
        assert_eq!(parse_sample(dump), Some((r#"{__name__="up", job="a} b"}"#, 1.0, Some(1_700_000_000_250))));
        let exemplar = r#"d_bucket{le="1"} 3 1700000000.5 # {trace="x"} 0.2"#;
        assert_eq!(parse_sample(exemplar), Some((r#"d_bucket{le="1"}"#, 3.0, Some(1_700_000_000_500))));
        let hash = r#"a{b="x # {y} \"z"} 3 1700000000.5 # {trace="} # {"} 0.2"#;
        assert_eq!(parse_sample(hash), Some((r#"a{b="x # {y} \"z"}"#, 3.0, Some(1_700_000_000_500))));
        assert_eq!(parse_sample("up 1 1700000000000001000"), Some(("up", 1.0, Some(1_700_000_000_000))));
        for text in ["up 1 1e20", "up 1 -1e300", "time,a", "Running 30s test", "a;b 1 2 3", "", "{\"a\":1} 2"] {
            assert_eq!(parse_sample(text), None, "{text}");
        }
    }
}
