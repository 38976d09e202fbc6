//! Writes the columns of a grid as series lines that share their timestamps; a grid without columns, of which no line would
//! tell the times, as rows.

use std::io::Write;

use rayon::prelude::*;

use crate::{Column, Error, Grid, Name, write_number};

/// Writes one line per column.
pub(crate) fn write(grid: &Grid, out: &mut impl Write) -> Result<(), Error> {
    let tail = tail(grid);
    for group in grid.columns.chunks(64) {
        let lines: Vec<Vec<u8>> = group.par_iter().map(|column| line(column, &tail)).collect();
        for line in lines {
            out.write_all(&line)?;
        }
    }
    Ok(())
}

/// Writes the times of a grid without columns, a row each.
pub(crate) fn write_times(grid: &Grid, out: &mut impl Write) -> Result<(), Error> {
    for &time in &grid.times_ms {
        writeln!(out, "{{\"time\":{}}}", crate::format_time(time))?;
    }
    Ok(())
}

/// What all lines have in common: the timestamps, and the windows where there are any.
fn tail(grid: &Grid) -> Vec<u8> {
    let mut tail = b"],\"timestamps\":[".to_vec();
    write_whole(&mut tail, grid.times_ms.iter().copied());
    if let Some(windows) = &grid.windows {
        tail.extend_from_slice(b"],\"window\":[");
        write_whole(&mut tail, windows.iter().map(|&w| i64::from(w)));
    }
    tail.extend_from_slice(b"]}\n");
    tail
}

fn write_whole(out: &mut Vec<u8>, numbers: impl Iterator<Item = i64>) {
    for (i, number) in numbers.enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }
}

fn line(column: &Column, tail: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(column.values.len() * 8 + tail.len() + 200);
    line.extend_from_slice(b"{\"metric\":");
    write_metric(&mut line, &Name::parse(&column.name));
    line.extend_from_slice(b",\"values\":[");
    for (i, &value) in column.values.iter().enumerate() {
        if i > 0 {
            line.push(b',');
        }
        if value.is_finite() {
            write_number(&mut line, value);
        } else {
            line.extend_from_slice(b"null");
        }
    }
    line.extend_from_slice(tail);
    line
}

/// Appends the labels as an object, `__name__` first.
fn write_metric(out: &mut Vec<u8>, name: &Name) {
    let own = (!name.name.is_empty()).then_some(("__name__", name.name.as_str()));
    let labels = name.labels.iter().map(|(label, value)| (label.as_str(), value.as_str()));
    out.push(b'{');
    for (i, (label, value)) in own.into_iter().chain(labels).enumerate() {
        if i > 0 {
            out.push(b',');
        }
        out.extend_from_slice(serde_json::Value::from(label).to_string().as_bytes());
        out.push(b':');
        out.extend_from_slice(serde_json::Value::from(value).to_string().as_bytes());
    }
    out.push(b'}');
}
