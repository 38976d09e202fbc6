//! Gatling's simulation.log, as text (up to 3.11).

use grid::Error;

use super::ending::End;
use super::requests::{Request, Requests};

pub(super) const GENERATOR: &str = "gatling";

/// Reads the lines `REQUEST … name start end OK|KO message` and `USER scenario START|END time`, whatever the version
/// put in front of the name.
pub(super) fn read(bytes: &[u8]) -> Result<Requests, Error> {
    let mut requests = Requests::of(GENERATOR);
    let mut users: Vec<(f64, f64)> = Vec::new();
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = String::from_utf8_lossy(line);
        let cells: Vec<&str> = line.trim_end().split('\t').collect();
        let refused = || Error::failed(format!("line {}: not a line of Gatling: \"{}\"", at + 1, cells.join(" ")));
        match cells.as_slice() {
            ["REQUEST", rest @ ..] => {
                let end = rest.iter().rposition(|cell| matches!(*cell, "OK" | "KO")).filter(|end| *end >= 3);
                let end = end.ok_or_else(refused)?;
                let time = |at: usize| rest[at].parse::<f64>().map_err(|_| refused());
                let (sent_ms, answered_ms) = (time(end - 2)?, time(end - 1)?);
                // Of an answer Gatling says which check it failed, of none which exception there was.
                let exception = rest[end + 1..].iter().find(|message| message.contains("Exception"));
                let ended = exception.map_or_else(|| End::answered(rest[end] == "KO"), |error| End::unanswered(error));
                requests.add("", rest[end - 3], Request::new(sent_ms, answered_ms - sent_ms, ended));
            }
            ["USER", rest @ ..] => {
                let change = if rest.contains(&"START") { 1.0 } else { -1.0 };
                let mut times =
                    rest.iter().rev().filter(|cell| cell.len() >= 12).filter_map(|cell| cell.parse::<f64>().ok());
                users.extend(times.next().map(|time| (time, change)));
            }
            _ => {}
        }
    }
    users.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut now = 0.0;
    for (time_ms, change) in users {
        now += change;
        requests.add_users(time_ms, now);
    }
    Ok(requests)
}
