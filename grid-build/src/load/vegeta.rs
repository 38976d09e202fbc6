//! vegeta's results: `vegeta encode --to csv` and `--to json`.

use std::io::Read;

use csv::ReaderBuilder;
use grid::Error;

use super::ending::End;
use super::requests::{Request, Requests};

pub(super) const GENERATOR: &str = "vegeta";

/// Reads rows without a header: time in nanoseconds, status, latency in nanoseconds, bytes out and in, error, body,
/// attack, number, method, URL (vegeta 12).
pub(super) fn read_csv(input: impl Read) -> Result<Requests, Error> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input);
    let mut requests = Requests::of(GENERATOR);
    for record in reader.records() {
        let record = record.map_err(|e| Error::failed(format!("not a row of vegeta: {e}")))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let number = |at: usize| {
            let refused = |_| Error::failed(format!("line {line}: cell {}: not a number: \"{}\"", at + 1, cell(at)));
            cell(at).parse::<f64>().map_err(refused)
        };
        let request = Request::new(number(0)? / 1e6, number(2)? / 1e6, end(number(1)?, cell(5)));
        requests.add(cell(9), cell(10), request);
    }
    Ok(requests)
}

/// Reads an object per line.
pub(super) fn read_json(bytes: &[u8]) -> Result<Requests, Error> {
    let mut requests = Requests::of(GENERATOR);
    for (line, object) in super::json_lines(bytes) {
        let one = object.map_err(|e| e.at(&format!("line {line}")))?;
        let sent_ms = super::rfc3339_ms(&one["timestamp"]).map_err(|e| e.at(&format!("line {line}")))?;
        let text = |key: &str| one[key].as_str().unwrap_or_default();
        let end = end(one["code"].as_f64().unwrap_or(0.0), text("error"));
        let took_ms = one["latency"].as_f64().unwrap_or(f64::NAN) / 1e6;
        requests.add(text("method"), text("url"), Request::new(sent_ms, took_ms, end));
    }
    Ok(requests)
}

/// vegeta itself counts statuses from 200 up to 400 as successes; 0 stands for no answer.
fn end(code: f64, error: &str) -> End {
    match code == 0.0 {
        true => End::unanswered(error),
        false => End::answered(!error.is_empty() || !(200.0..400.0).contains(&code)),
    }
}
