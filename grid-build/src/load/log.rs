//! Logs of requests of any load generator, told apart by their first bytes.

use grid::{Error, parse_number};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::requests::{RESPONSE_TIME, Requests};
use super::{gatling, jmeter, k6, locust, read_requests, vegeta};
use crate::foreign::{LOGS, refuse_foreign};
use crate::tables::delimiter;

/// A log that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// `CsvRequestLogger` of Locust.
    Locust,
    /// k6 `--out csv`.
    K6Csv,
    /// k6 `--out json`.
    K6Json,
    /// JTL of JMeter in CSV.
    JmeterCsv,
    /// The same without a header.
    JmeterRows,
    /// JTL of JMeter in XML.
    JmeterXml,
    /// simulation.log of Gatling.
    Gatling,
    /// `vegeta encode --to csv`.
    VegetaCsv,
    /// `vegeta encode --to json`.
    VegetaJson,
}

impl Log {
    /// All that are known.
    pub const ALL: [Log; 9] = [
        Log::Locust,
        Log::K6Csv,
        Log::K6Json,
        Log::JmeterCsv,
        Log::JmeterRows,
        Log::JmeterXml,
        Log::Gatling,
        Log::VegetaCsv,
        Log::VegetaJson,
    ];

    /// The load generator that writes it: the columns that are made of it begin with this.
    pub fn generator(self) -> &'static str {
        match self {
            Log::Locust => locust::GENERATOR,
            Log::K6Csv | Log::K6Json => k6::GENERATOR,
            Log::JmeterCsv | Log::JmeterRows | Log::JmeterXml => jmeter::GENERATOR,
            Log::Gatling => gatling::GENERATOR,
            Log::VegetaCsv | Log::VegetaJson => vegeta::GENERATOR,
        }
    }

    /// The header of the 95 % quantile of the response times.
    pub fn response_time(self) -> String {
        format!("{}_{RESPONSE_TIME}{{quantile=\"0.95\"}}", self.generator())
    }

    /// The header of the mean of the response times.
    pub fn mean_response_time(self) -> String {
        format!("{}_{RESPONSE_TIME}_mean", self.generator())
    }

    /// Tells a log by its first bytes; a summary that has no times is refused with the way out.
    pub fn of(head: &[u8]) -> Result<Option<Log>, Error> {
        let text = String::from_utf8_lossy(head);
        let text = text.trim_start();
        let first = text.lines().next().unwrap_or_default();
        if first.starts_with("Running ") && first.contains(" test @ ") {
            return Err(Error::failed(format!("a summary of wrk, which has no times, expected {LOGS}: \"{first}\"")));
        }
        if head.contains(&0) {
            refuse_foreign(head)?;
            let what = "binary data, expected text (vegeta encode --to csv; Gatling up to 3.11 writes text)";
            return Err(Error::failed(what));
        }
        if text.starts_with('{') {
            let object = super::json_lines(head).next().and_then(|(_, object)| object.ok());
            return Ok(object.as_ref().and_then(Value::as_object).and_then(of_object));
        }
        if ["RUN\t", "ASSERTION\t"].iter().any(|word| first.starts_with(word)) {
            return Ok(Some(Log::Gatling));
        }
        if text.starts_with('<') && text.contains("<testResults") {
            return Ok(Some(Log::JmeterXml));
        }
        let between = char::from(delimiter(first.as_bytes()));
        let cells: Vec<&str> = first.split(between).map(|cell| cell.trim().trim_matches('"')).collect();
        if is_summed_by_locust(&cells) {
            let first = first.chars().take(60).collect::<String>();
            let what = "statistics of Locust, expected them by --locust PREFIX, their names up to \"_stats\"";
            return Err(Error::failed(format!("line 1: {what}: \"{first}\"")));
        }
        Ok(of_row(&cells))
    }

    /// Reads a log; its times without a zone are in `zone`, or in UTC with a note.
    pub fn read(self, bytes: &[u8], zone: Option<&TimeZone>) -> Result<Requests, Error> {
        let requests = match self {
            Log::Locust => read_requests(bytes),
            Log::K6Csv => k6::read_csv(bytes, zone),
            Log::K6Json => k6::read_json(bytes),
            Log::JmeterCsv => jmeter::read_csv(bytes, zone),
            Log::JmeterRows => jmeter::read_rows(bytes, zone),
            Log::JmeterXml => jmeter::read_xml(bytes),
            Log::Gatling => gatling::read(bytes),
            Log::VegetaCsv => vegeta::read_csv(bytes),
            Log::VegetaJson => vegeta::read_json(bytes),
        }?;
        if requests.is_empty() && self != Log::Locust {
            let is_k6 = requests.generator == k6::GENERATOR;
            let read = if is_k6 { ", of which http_req_duration is read (nothing of gRPC and websockets)" } else { "" };
            return Err(Error::failed(format!("no requests in this log of {}{read}", requests.generator)));
        }
        Ok(requests)
    }
}

/// True for the header of a file of `locust --csv`: history, summary or failures.
fn is_summed_by_locust(cells: &[&str]) -> bool {
    const HEADERS: [&[&str]; 2] = [&["Type", "Name", "Requests/s"], &["Method", "Name", "Error", "Occurrences"]];
    HEADERS.iter().any(|names| names.iter().all(|name| cells.contains(name)))
}

fn of_row(cells: &[&str]) -> Option<Log> {
    let has = |names: &[&str]| names.iter().all(|name| cells.contains(name));
    let number = |at: usize| cells.get(at).and_then(|cell| parse_number(cell.as_bytes()));
    let nanoseconds = number(0).is_some_and(|time| time >= 1e18) && number(2).is_some() && cells.len() >= 9;
    let status = number(1).is_some_and(|code| code == 0.0 || (100.0..600.0).contains(&code));
    match () {
        () if has(&["metric_name", "timestamp", "metric_value"]) => Some(Log::K6Csv),
        () if has(&["timeStamp", "elapsed", "label"]) => Some(Log::JmeterCsv),
        () if has(&["timestamp", "request_type", "response_time_ms"]) => Some(Log::Locust),
        () if jmeter::is_row(cells) => Some(Log::JmeterRows),
        () if nanoseconds && status => Some(Log::VegetaCsv),
        () => None,
    }
}

fn of_object(object: &Map<String, Value>) -> Option<Log> {
    let is = |key: &str, value: &str| object.get(key).is_some_and(|own| own == value);
    let has = |names: &[&str]| names.iter().all(|name| object.contains_key(*name));
    if is("type", "Metric") || is("type", "Point") {
        return object.get("metric").is_some_and(Value::is_string).then_some(Log::K6Json);
    }
    has(&["latency", "timestamp", "code"]).then_some(Log::VegetaJson)
}
