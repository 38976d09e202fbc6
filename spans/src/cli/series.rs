//! Series lines: one series per line, as FORMATS.md has them.

use std::io::Write;

use grid::{Error, Io};
use spans::Series;

/// The field with the times, which all series share.
pub(crate) fn times(times_ns: &[u64]) -> Vec<u8> {
    let mut text = b"],\"timestamps\":[".to_vec();
    for (at, time) in times_ns.iter().enumerate() {
        if at > 0 {
            text.push(b',');
        }
        text.extend_from_slice(itoa::Buffer::new().format(time / 1_000_000).as_bytes());
    }
    text.extend_from_slice(b"]}\n");
    text
}

/// Writes a series, a missing value as `null`. It is a gauge: its values are those of a step already.
pub(crate) fn write(series: &Series, times: &[u8], io: &mut Io) -> Result<(), Error> {
    let mut line = format!("{{\"metric\":{{\"__name__\":{}", serde_json::Value::from(series.name));
    for (label, value) in &series.labels {
        line += &format!(",\"{label}\":{}", serde_json::Value::from(value.as_str()));
    }
    let mut line = line.into_bytes();
    line.extend_from_slice(b"},\"type\":\"gauge\",\"values\":[");
    for (at, value) in series.values.iter().enumerate() {
        if at > 0 {
            line.push(b',');
        }
        match value.is_finite() {
            true => grid::write_number(&mut line, *value),
            false => line.extend_from_slice(b"null"),
        }
    }
    io.write_all(&line)?;
    io.write_all(times)?;
    Ok(())
}
