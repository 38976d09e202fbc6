//! The logs of k6: `--out csv` and `--out json`.

use grid::Error;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::ending::End;
use super::requests::{Request, Requests};
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
    let tags = ["status", "expected_response", "error_code", "error"].map(|name| sheet.find(name));
    let mut requests = Requests::of(GENERATOR);
    while sheet.next()? {
        let (time_ms, value) = (sheet.time_of_any_unit_ms(time)?, sheet.number(value)?);
        let tags = tags.map(|at| at.map_or("", |at| sheet.text(at)));
        let kind = [sheet.text(metric), sheet.text(method), sheet.text(name)];
        add(&mut requests, kind, time_ms, value, end(tags));
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
        let value = data["value"].as_f64().unwrap_or(f64::NAN);
        let tags = ["status", "expected_response", "error_code", "error"].map(|tag| tags[tag].as_str());
        let end = end(tags.map(Option::unwrap_or_default));
        add(&mut requests, [&kind[0], &kind[1], &kind[2]], time_ms, value, end);
    }
    Ok(requests)
}

/// By the tags of a request. Those of the system may be left out (`systemTags`), and k6 had fewer before 0.31: where none says
/// whether the answer was an expected one, a status from 400 on is none.
fn end([status, expected, code, error]: [&str; 4]) -> End {
    let is_error = || status.parse::<u16>().is_ok_and(|status| status >= 400);
    match status {
        NO_STATUS => End::unanswered(&format!("error_code={code} {error}")),
        _ => End::answered(expected == "false" || !code.is_empty() || expected.is_empty() && is_error()),
    }
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
