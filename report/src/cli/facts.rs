//! What was run, on what.

use std::path::Path;

use grid::{Error, Grid};
use report::Report;
use report::words::{number, unit};
use serde_json::{Map, Value};

use super::inputs::Inputs;
use super::outcomes::mean;

/// Limits that are listed.
const LIMITS: usize = 8;

/// Reads a JSON object.
pub(crate) fn read(path: &Path) -> Result<Map<String, Value>, Error> {
    let place = path.display();
    match serde_json::from_slice(&bytes(path)?) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Error::failed(format!("{place}: expected a JSON object"))),
        Err(e) => Err(Error::failed(format!("{place}: not JSON: {e}"))),
    }
}

/// All bytes of a file, or of standard input.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    let bytes = if path == Path::new("-") { read_standard_input() } else { std::fs::read(path) };
    bytes.map_err(|e| Error::open(path.display(), &e))
}

fn read_standard_input() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)?;
    Ok(bytes)
}

/// The names of the phases, with their users where the record has them: "steady state · 20 users".
pub(crate) fn phase_names(run: Option<&Map<String, Value>>) -> [String; 2] {
    let users = |place: usize| {
        let users = run?.get("phases")?.get(place)?.get("users")?.as_f64()?;
        Some(format!(" · {} users", number(users, "")))
    };
    [("steady state", 0), ("overload", 1)].map(|(name, place)| format!("{name}{}", users(place).unwrap_or_default()))
}

/// What was held to a limit, and how much of it was in use: "carts: container_cpu_usage_seconds_total", "100 % of 0.2 cores".
pub(crate) fn limits(inputs: &Inputs) -> Option<(String, Vec<(String, String)>)> {
    let (rank, overload) = (&inputs.rank, inputs.overload.as_ref()?);
    let fact = |row: usize| {
        let (metric, used) = (rank.text(row, "metric")?, rank.number(row, "used")?);
        let limit = rank.text(row, "limit").and_then(|limit| overload.find(&limit)).map(|column| mean(&column.values));
        let of = limit.map_or(String::new(), |limit| format!(" of {}", number(limit, unit(&metric))));
        Some((inputs.naming.long(&metric), format!("{}{of}", number(100.0 * used, "%"))))
    };
    let facts: Vec<(String, String)> = (0..rank.len()).filter_map(fact).take(LIMITS).collect();
    (!facts.is_empty()).then(|| ("Limits, and how much of them was in use".into(), facts))
}

/// How much was looked at.
pub(crate) fn grids(steady: Option<&Grid>, overload: &Grid) -> (String, Vec<(String, String)>) {
    let words = |grid: &Grid| {
        let step =
            grid.step_ms().map_or(String::new(), |step| format!(", {} apart", number(step as f64 / 1000.0, "s")));
        format!("{} times{step}", number(grid.rows() as f64, ""))
    };
    let mut facts: Vec<(String, String)> = steady.map(|grid| ("steady".to_string(), words(grid))).into_iter().collect();
    facts.push(("overload".into(), words(overload)));
    facts.push(("metrics".into(), number(overload.columns.len() as f64, "")));
    ("Grids".into(), facts)
}

/// Adds what a run's record says: objects become groups, `command` becomes command lines.
pub(crate) fn add(report: &mut Report, run: &Map<String, Value>) {
    let mut plain = Vec::new();
    for (key, value) in run {
        match value {
            Value::Object(object) if key == "command" => report.commands.extend(leaves("", object)),
            Value::String(text) if key == "command" => report.commands.push((key.clone(), text.clone())),
            Value::Object(object) => report.facts.push((title(key), leaves("", object))),
            Value::Array(items) if key == "phases" => report.facts.push(("Phases".into(), phases(items))),
            other => plain.extend(fact(key, other)),
        }
    }
    if !plain.is_empty() {
        report.facts.insert(0, ("Run".into(), plain));
    }
    let id = run.get("id").and_then(Value::as_str).unwrap_or_default();
    let start = run.get("phases").and_then(|phases| phases.get(0)?.get("start")?.as_f64()).and_then(moment);
    let words: Vec<String> = [Some(id.to_string()).filter(|id| !id.is_empty()), start].into_iter().flatten().collect();
    report.subtitle = words.join(", ");
}

/// The same with a capital letter.
pub(crate) fn title(key: &str) -> String {
    let mut letters = key.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// All that is not an object, with the keys that lead there.
fn leaves(path: &str, object: &Map<String, Value>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (key, value) in object {
        let key = if path.is_empty() { key.clone() } else { format!("{path}, {key}") };
        match value {
            Value::Object(object) => out.extend(leaves(&key, object)),
            other => out.extend(fact(&key, other)),
        }
    }
    out
}

fn fact(key: &str, value: &Value) -> Option<(String, String)> {
    let bare = key.trim_end_matches("_bytes").trim_end_matches("_s").replace('_', " ");
    let text = match value {
        Value::Null => return None,
        Value::Number(n) if key.ends_with("_bytes") => number(n.as_f64()?, "B"),
        Value::Number(n) if key.ends_with("_s") => number(n.as_f64()?, "s"),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| item.is_string() || item.is_number()) => {
            let words = items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_string));
            words.collect::<Vec<_>>().join("  ")
        }
        other => other.to_string(),
    };
    (!text.is_empty()).then_some((bare, text))
}

/// `steady` → `20 users, 10 a second, steady; 20.1 s from 2026-11-22 17:14:49 UTC`.
fn phases(items: &[Value]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let Some(object) = item.as_object() else { continue };
        let field = |key: &str| object.get(key).and_then(Value::as_f64);
        let name = object.get("name").and_then(Value::as_str).map_or_else(|| (place + 1).to_string(), str::to_string);
        let mut words: Vec<String> = Vec::new();
        words.extend(field("users").map(|users| format!("{} users", number(users, ""))));
        words.extend(field("spawn_rate").map(|rate| format!("{} more a second", number(rate, ""))));
        words.extend(object.get("shape").and_then(Value::as_str).map(|shape| format!("shape {shape}")));
        if let (Some(start), Some(end)) = (field("start"), field("end")) {
            words.push(format!("{} from {}", number(end - start, "s"), moment(start).unwrap_or_default()));
        }
        out.push((name, words.join(", ")));
    }
    out
}

/// Unix seconds as a date and time in UTC.
fn moment(seconds: f64) -> Option<String> {
    let instant = jiff::Timestamp::from_millisecond((seconds * 1000.0) as i64).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(instant).strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}
