//! The log of `CsvRequestLogger`: a row per request.

use std::io::Read;

use grid::Error;

use super::GENERATOR;
use crate::load::requests::{Request, Requests};
use crate::tables::Sheet;

/// Reads the log of Locust's `CsvRequestLogger`. A request without a response time (a socket that could not be opened)
/// has an empty one.
pub fn read_requests(input: impl Read) -> Result<Requests, Error> {
    let mut sheet = Sheet::open(input)?;
    let (time, took) = (sheet.column("timestamp")?, sheet.column("response_time_ms")?);
    let (method, name) = (sheet.column("request_type")?, sheet.column("name")?);
    let exception = sheet.column("exception")?;
    let mut requests = Requests::of(GENERATOR);
    while sheet.next()? {
        let (sent_ms, took_ms) = (sheet.time_ms(time)?, sheet.number(took)?);
        let failed = !sheet.text(exception).is_empty();
        requests.add(sheet.text(method), sheet.text(name), Request { sent_ms, took_ms, failed });
    }
    requests.cut = sheet.cut;
    Ok(requests)
}
