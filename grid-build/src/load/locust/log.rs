//! The log of `CsvRequestLogger`: a row per request.

use std::io::Read;

use grid::Error;

use super::GENERATOR;
use crate::load::ending::End;
use crate::load::requests::{Request, Requests};
use crate::tables::Sheet;

/// How the exceptions of requests that were answered begin: by a status, or by what the locustfile made of the answer.
const ANSWERED: [&str; 2] = ["HTTPError", "CatchResponseError"];

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
        let error = sheet.text(exception);
        let end = match error.is_empty() || ANSWERED.iter().any(|class| error.starts_with(class)) {
            true => End::answered(!error.is_empty()),
            false => End::unanswered(error),
        };
        let request = Request::new(sent_ms, took_ms, end);
        requests.add(sheet.text(method), sheet.text(name), request);
    }
    requests.close(&sheet);
    Ok(requests)
}
