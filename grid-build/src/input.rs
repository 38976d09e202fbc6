//! What an input is, told by its first bytes.

use grid::Error;
use serde_json::{Deserializer, Map, Value};

use crate::foreign::refuse_foreign;
use crate::lines::is_samples;
use crate::load::Log;
use crate::tables::{is_plain, is_row, refuse_timeless};

/// The kinds of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Series in JSON: lines of VictoriaMetrics, answers of Prometheus.
    Series,
    /// A row per object in JSON.
    Rows,
    /// Samples as text.
    Samples,
    /// A log of requests.
    Log(Log),
    /// A grid as FORMATS.md has it.
    Grid,
    /// Any other table.
    Table,
}

impl Input {
    /// How many bytes tell it.
    pub const HEAD: usize = 1 << 16;

    /// Tells it; some kinds are refused with the way out.
    pub fn of(head: &[u8]) -> Result<Input, Error> {
        if let Some(log) = Log::of(head)? {
            return Ok(Input::Log(log));
        }
        refuse_text_of_promtool(head)?;
        let is_json = matches!(head.trim_ascii_start().first(), Some(b'{' | b'['));
        if is_samples(head) {
            return Ok(Input::Samples);
        }
        if !is_json && is_plain(head) {
            return Ok(Input::Grid);
        }
        let first = first_object(head).filter(|_| is_json);
        if first.as_ref().is_some_and(is_row) {
            return Ok(Input::Rows);
        }
        refuse_foreign(head)?;
        first.as_ref().map_or(Ok(()), refuse_timeless)?;
        Ok(if is_json { Input::Series } else { Input::Table })
    }
}

/// Refuses what promtool prints for people: `up{job="a"} =>`, with the values on that line or below.
fn refuse_text_of_promtool(head: &[u8]) -> Result<(), Error> {
    let text = String::from_utf8_lossy(head);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
    if first.ends_with("} =>") || first.contains("} => ") && first.contains(" @[") {
        let what = "promtool's text, expected its JSON (promtool query range -o json)";
        return Err(Error::parse("line 1", what, first));
    }
    Ok(())
}

/// The first object, at the top or in an array.
fn first_object(head: &[u8]) -> Option<Map<String, Value>> {
    let text = head.trim_ascii_start();
    let text = text.strip_prefix(b"[").unwrap_or(text);
    Deserializer::from_slice(text).into_iter::<Map<String, Value>>().next()?.ok()
}
