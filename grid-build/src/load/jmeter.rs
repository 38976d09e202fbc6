//! JMeter's results: JTL as CSV and as XML.

use grid::{Error, parse_number};
use jiff::tz::TimeZone;
use quick_xml::events::{BytesStart, Event};

use super::ending::End;
use super::requests::{Request, Requests};
use crate::notes::count;
use crate::tables::Sheet;

pub(super) const GENERATOR: &str = "jmeter";

/// What stands in place of a status where there was no answer.
const NO_STATUS: &str = "Non HTTP response code";

/// The sum of other samples, which a transaction controller writes beside them.
const TRANSACTION: &str = "Number of samples in transaction";

/// The columns that JMeter 5 writes unless told otherwise (jmeter.properties, "Results file configuration").
const COLUMNS: [&str; 17] = [
    "timeStamp",
    "elapsed",
    "label",
    "responseCode",
    "responseMessage",
    "threadName",
    "dataType",
    "success",
    "failureMessage",
    "bytes",
    "sentBytes",
    "grpThreads",
    "allThreads",
    "URL",
    "Latency",
    "IdleTime",
    "Connect",
];

/// True for a row of those columns: a file without a header (`jmeter.save.saveservice.print_field_names=false`).
pub(super) fn is_row(cells: &[&str]) -> bool {
    let of = |name: &str| COLUMNS.iter().position(|own| *own == name).and_then(|at| cells.get(at)).copied();
    let number = |name: &str| of(name).and_then(|cell| parse_number(cell.as_bytes()));
    let milliseconds = number("timeStamp").is_some_and(|time| (1e11..1e14).contains(&time));
    cells.len() == COLUMNS.len()
        && milliseconds
        && number("elapsed").is_some()
        && number("Connect").is_some()
        && of("success").is_some_and(|cell| matches!(cell, "true" | "false"))
}

/// Reads a JTL in CSV: a row per sample, at its start (`sampleresult.timestamp.start`, set since JMeter 2.4).
pub(super) fn read_csv(bytes: &[u8], zone: Option<&TimeZone>) -> Result<Requests, Error> {
    read_sheet(Sheet::of(bytes, zone)?)
}

/// The same without a header, in the columns of JMeter's default.
pub(super) fn read_rows(bytes: &[u8], zone: Option<&TimeZone>) -> Result<Requests, Error> {
    read_sheet(Sheet::bare(bytes, &COLUMNS, zone))
}

fn read_sheet(mut sheet: Sheet<&[u8]>) -> Result<Requests, Error> {
    let (time, took) = (sheet.column("timeStamp")?, sheet.column("elapsed")?);
    let (label, success) = (sheet.column("label")?, sheet.column("success")?);
    let (message, threads) = (sheet.find("responseMessage"), sheet.find("allThreads"));
    let code = sheet.find("responseCode");
    let mut requests = Requests::of(GENERATOR);
    let mut sums = 0;
    while sheet.next()? {
        let (sent_ms, took_ms) = (sheet.time_of_any_unit_ms(time)?, sheet.number(took)?);
        if let Some(threads) = threads {
            requests.add_users(sent_ms, sheet.number(threads)?);
        }
        if message.is_some_and(|at| sheet.text(at).starts_with(TRANSACTION)) {
            sums += 1;
            continue;
        }
        let failed = !sheet.text(success).eq_ignore_ascii_case("true");
        let text = |at: Option<usize>| at.map_or("", |at| sheet.text(at));
        let end = end(failed, text(code), text(message));
        requests.add("", sheet.text(label), Request::new(sent_ms, took_ms, end));
    }
    requests.close(&sheet);
    note_sums(&mut requests, sums);
    Ok(requests)
}

/// Reads a JTL in XML: the samples at the top, not those inside them (redirects, embedded resources).
pub(super) fn read_xml(bytes: &[u8]) -> Result<Requests, Error> {
    let mut reader = quick_xml::Reader::from_reader(bytes);
    let mut requests = Requests::of(GENERATOR);
    let (mut depth, mut sums) = (0, 0);
    loop {
        let event = reader.read_event();
        let at = bytes.len().min(reader.buffer_position() as usize);
        let line = || bytes[..at].split(|byte| *byte == b'\n').count();
        let event = event.map_err(|e| Error::failed(format!("line {}: not XML: {e}", line())))?;
        let (sample, open) = match &event {
            Event::Start(tag) => (Some(tag), true),
            Event::Empty(tag) => (Some(tag), false),
            Event::End(tag) if is_sample(tag.name().as_ref()) => {
                depth -= 1;
                continue;
            }
            Event::Eof => break,
            _ => continue,
        };
        let Some(tag) = sample.filter(|tag| is_sample(tag.name().as_ref())) else { continue };
        if depth == 0 {
            sums += usize::from(!add(&mut requests, tag).map_err(|e| e.at(&format!("line {}", line())))?);
        }
        depth += i32::from(open);
    }
    requests.cut = depth > 0;
    note_sums(&mut requests, sums);
    Ok(requests)
}

fn end(failed: bool, code: &str, message: &str) -> End {
    match code.starts_with(NO_STATUS) {
        true => End::unanswered(&format!("{code} {message}")),
        false => End::answered(failed),
    }
}

fn is_sample(name: &[u8]) -> bool {
    matches!(name, b"httpSample" | b"sample")
}

/// Adds a sample; false when it is the sum of others.
fn add(requests: &mut Requests, tag: &BytesStart<'_>) -> Result<bool, Error> {
    let text = |key: &str| -> String {
        let found = tag.try_get_attribute(key).ok().flatten();
        found.map(|own| String::from_utf8_lossy(&own.value).into_owned()).unwrap_or_default()
    };
    let number = |key: &str| {
        let text = text(key);
        parse_number(text.as_bytes()).ok_or_else(|| Error::failed(format!("attribute {key}: not a number: \"{text}\"")))
    };
    let (sent_ms, took_ms) = (number("ts")?, number("t")?);
    if let Ok(threads) = number("na") {
        requests.add_users(sent_ms, threads);
    }
    if text("rm").starts_with(TRANSACTION) {
        return Ok(false);
    }
    let name = text("lb");
    let name = quick_xml::escape::unescape(&name).map(|name| name.into_owned()).unwrap_or(name);
    let end = end(text("s") != "true", &text("rc"), &text("rm"));
    requests.add("", &name, Request::new(sent_ms, took_ms, end));
    Ok(true)
}

fn note_sums(requests: &mut Requests, sums: usize) {
    if sums > 0 {
        let sums = count(sums, "sum");
        requests.notes.push(format!("{sums} of a transaction controller passed over: the samples count"));
    }
}
