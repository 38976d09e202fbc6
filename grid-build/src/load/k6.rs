//! The logs of k6: `--out csv` and `--out json`.

use grid::Error;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::requests::{End, Request, Requests};
use crate::tables::Sheet;

pub(super) const GENERATOR: &str = "k6";

/// The status of a request that got no answer.
const NO_STATUS: &str = "0";

/// Reads `--out csv`: a row per sample, of which `http_req_duration` is one per request, at its end.
pub(super) fn read_csv(bytes: &[u8], zone: Option<&TimeZone>) -> Result<Requests, Error> {
    let mut sheet = Sheet::of(bytes, zone)?;
    let names = ["metric_name", "timestamp", "metric_value", "method", "name"];
    let [metric, time, value, method, name] = names.map(|name| sheet.column(name));
    let (metric, time, value, method, name) = (metric?, time?, value?, method?, name?);
    let (expected, error, status) = (sheet.find("expected_response"), sheet.find("error_code"), sheet.find("status"));
    let mut requests = Requests::of(GENERATOR);
    while sheet.next()? {
        let (time_ms, value) = (sheet.time_of_any_unit_ms(time)?, sheet.number(value)?);
        let word = |at: Option<usize>| at.map_or("", |at| sheet.text(at));
        let failed = word(expected) == "false" || !word(error).is_empty();
        let kind = [sheet.text(metric), sheet.text(method), sheet.text(name)];
        add(&mut requests, kind, time_ms, value, End::of(failed, word(status) == NO_STATUS));
    }
    requests.close(&sheet);
    Ok(requests)
}

/// Reads `--out json`: an object per line, of which the points are samples.
pub(super) fn read_json(bytes: &[u8]) -> Result<Requests, Error> {
    let mut requests = Requests::of(GENERATOR);
    for (line, object) in super::json_lines(bytes) {
        let point = object.map_err(|e| e.at(&format!("line {line}")))?;
        if point["type"] != "Point" {
            continue;
        }
        let (data, tags) = (&point["data"], &point["data"]["tags"]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        let kind = [text(&point["metric"]), text(&tags["method"]), text(&tags["name"])];
        let time_ms = super::rfc3339_ms(&data["time"]).map_err(|e| e.at(&format!("line {line}")))?;
        let failed = tags["expected_response"] == "false" || tags["error_code"].is_string();
        let value = data["value"].as_f64().unwrap_or(f64::NAN);
        let end = End::of(failed, tags["status"] == NO_STATUS);
        add(&mut requests, [&kind[0], &kind[1], &kind[2]], time_ms, value, end);
    }
    Ok(requests)
}

fn add(requests: &mut Requests, [metric, method, name]: [&str; 3], time_ms: f64, value: f64, end: End) {
    match metric {
        "http_req_duration" => {
            requests.add(method, name, Request::new(time_ms - value.max(0.0), value, end));
        }
        "vus" => requests.add_users(time_ms, value),
        _ => {}
    }
}
