//! One series: an object with `metric`, `values` and `timestamps`, or an element of a matrix.

use std::ops::Range;

use grid::Name;
use names::{TREATMENT, UNIT};

use super::cursor::{Cursor, Step, Unexpected};
use super::stamps::Stamps;
use super::times::{parse_milliseconds, parse_seconds};
use super::value::parse_value;
use crate::counters::Kind;
use crate::series::{Clock, Tidied, normalise_label, scratch, settle, tidy};

/// One piece of a series, as one line or matrix element brought it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Element {
    /// The canonical name; none when the object has no `metric` and so is no series.
    pub(crate) name: Option<String>,
    pub(crate) kind: Option<Kind>,
    pub(crate) unit: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) times_ms: Vec<i64>,
    /// The times instead, when they were read before.
    pub(crate) clock: Option<Clock>,
    /// Where the timestamps stand in the text.
    pub(crate) stamps: Range<usize>,
    /// NaN where the value is null, stale or not finite.
    pub(crate) values: Vec<f64>,
    /// How many values are not finite.
    pub(crate) missing: usize,
    /// True when it holds native histograms.
    pub(crate) native: bool,
    /// What was done to bring the samples in order.
    pub(crate) tidied: Tidied,
}

impl Element {
    /// The same with its samples in order, and no more memory for them and its name than they need.
    pub(crate) fn tidied(mut self) -> Self {
        if self.clock.is_none() {
            self.tidied = tidy(&mut self.times_ms, &mut self.values);
        }
        (self.times_ms, self.values) = settle(self.times_ms, self.values);
        // Copied, not shrunk: what is cut off would lie between the names that are kept.
        self.name = self.name.as_deref().map(String::from);
        self
    }
}

/// Reads the one object that `text` is; timestamps that are known are not read again.
pub(crate) fn parse_element(text: &[u8], known: &Stamps) -> Result<Element, Unexpected> {
    let mut cursor = Cursor::new(text);
    let (times_ms, values) = scratch();
    let mut element = Element { times_ms, values, ..Element::default() };
    cursor.pass(b'{', "a series such as {\"metric\":…}")?;
    if !cursor.passes(b'}') {
        loop {
            parse_field(&mut cursor, &mut element, known)?;
            if !cursor.passes(b',') {
                cursor.pass(b'}', "a comma or a closing brace")?;
                break;
            }
        }
    }
    if cursor.at < text.len() {
        return cursor.unexpected("the end of the line");
    }
    let times = element.clock.as_ref().map_or(element.times_ms.len(), |clock| clock.len());
    if times != element.values.len() && element.name.is_some() {
        return cursor.unexpected("as many timestamps as values");
    }
    Ok(element)
}

fn parse_field(cursor: &mut Cursor<'_>, element: &mut Element, known: &Stamps) -> Step<()> {
    let (key, _) = cursor.string("a key")?;
    cursor.pass(b':', "a colon")?;
    match key {
        b"metric" => {
            let (name, kind, unit) = parse_metric(cursor)?;
            element.name = Some(name);
            element.unit = unit.or(element.unit.take());
            element.kind = kind.filter(|own| *own == Kind::Column).or(element.kind).or(kind);
        }
        b"type" => {
            let kind = Kind::parse(&cursor.text("a type in quotes")?);
            element.kind = element.kind.filter(|own| *own == Kind::Column).or(kind);
        }
        b"unit" => element.unit = Some(cursor.text("a unit in quotes")?),
        b"help" => element.help = Some(cursor.text("a description in quotes")?),
        b"values" => parse_values(cursor, element)?,
        b"value" if cursor.peek() == Some(b'[') => parse_pair(cursor, element)?,
        b"timestamps" => parse_timestamps(cursor, element, known)?,
        b"window" => return cursor.unexpected("a series without windows"),
        b"histograms" => {
            element.native = true;
            cursor.skip_value(0)?;
        }
        _ => cursor.skip_value(0)?,
    }
    Ok(())
}

/// The canonical name, and the type and the unit where labels say them: Prometheus 3 can give every series `__type__`
/// and `__unit__`, which are left out of the name, and a grid in lines has the treatment of its columns.
fn parse_metric(cursor: &mut Cursor<'_>) -> Step<(String, Option<Kind>, Option<String>)> {
    let (at, mut name, mut kind, mut unit) = (cursor.at, Name::default(), None, None);
    cursor.pass(b'{', "an object of labels")?;
    if !cursor.passes(b'}') {
        loop {
            let key = cursor.text("a label name in quotes")?;
            cursor.pass(b':', "a colon")?;
            let value = cursor.text("a label value in quotes")?;
            if key == "__name__" {
                name.name = value;
            } else if key == "__type__" {
                kind = Kind::parse(&value);
            } else if key == UNIT {
                unit = Some(value);
            } else if !value.is_empty() {
                let value = normalise_label(&key, value);
                name.labels.push((key, value));
            }
            if !cursor.passes(b',') {
                cursor.pass(b'}', "a comma or a closing brace")?;
                break;
            }
        }
    }
    name.labels.sort_unstable();
    if name.labels.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(Unexpected { at, expected: "labels that occur once" });
    }
    // The result of an expression such as sum(…) has no name at all.
    if name.name.is_empty() && name.labels.is_empty() {
        return Ok(("value".to_string(), kind, unit));
    }
    if name.label(TREATMENT).is_some() {
        kind = Some(Kind::Column);
    }
    Ok((name.to_string(), kind, unit))
}

fn parse_values(cursor: &mut Cursor<'_>, element: &mut Element) -> Step<()> {
    cursor.pass(b'[', "an array of values")?;
    if cursor.passes(b']') {
        return Ok(());
    }
    // A sample takes twenty bytes or more in either form; what is over is given back at the end.
    let samples = (cursor.text.len() - cursor.at) / 20;
    element.values.reserve(samples);
    if cursor.peek() == Some(b'[') {
        element.times_ms.reserve(samples);
        return parse_pairs(cursor, element);
    }
    loop {
        let at = cursor.at;
        let value = parse_value(cursor)?;
        element.missing += usize::from(value.is_nan());
        element.values.push(value);
        if !next_item(cursor, "a comma or the end of the values").map_err(|e| whole_word(cursor, at, e))? {
            return Ok(());
        }
    }
}

/// A word that only begins like a value (`5.x`) is shown whole.
#[cold]
fn whole_word(cursor: &Cursor<'_>, at: usize, unexpected: Unexpected) -> Unexpected {
    match cursor.peek() {
        Some(byte) if byte.is_ascii_alphanumeric() || byte == b'.' => Unexpected { at, expected: "a number or null" },
        _ => unexpected,
    }
}

/// Passes a comma (true) or the end of an array (false).
#[inline]
fn next_item(cursor: &mut Cursor<'_>, expected: &'static str) -> Step<bool> {
    if cursor.peek() == Some(b',') {
        cursor.at += 1;
        if matches!(cursor.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            cursor.skip_space();
        }
        return Ok(true);
    }
    if cursor.passes(b',') {
        return Ok(true);
    }
    cursor.pass(b']', expected)?;
    Ok(false)
}

fn parse_pairs(cursor: &mut Cursor<'_>, element: &mut Element) -> Step<()> {
    loop {
        parse_pair(cursor, element)?;
        if !next_item(cursor, "a comma or the end of the values")? {
            return Ok(());
        }
    }
}

#[inline]
fn parse_pair(cursor: &mut Cursor<'_>, element: &mut Element) -> Step<()> {
    if cursor.peek() != Some(b'[') {
        return cursor.unexpected("a pair such as [1700000000,\"1\"]");
    }
    cursor.at += 1;
    cursor.skip_space();
    let time = parse_seconds(cursor)?;
    if !next_item(cursor, "a comma and a value")? {
        return cursor.unexpected("a comma and a value");
    }
    let value = parse_value(cursor)?;
    if cursor.peek() == Some(b']') {
        cursor.at += 1;
    } else {
        cursor.pass(b']', "the end of the pair")?;
    }
    element.missing += usize::from(value.is_nan());
    element.times_ms.push(time);
    element.values.push(value);
    Ok(())
}

fn parse_timestamps(cursor: &mut Cursor<'_>, element: &mut Element, known: &Stamps) -> Step<()> {
    cursor.pass(b'[', "an array of timestamps")?;
    if cursor.passes(b']') {
        return Ok(());
    }
    let start = cursor.at;
    if let Some((length, clock)) = known.find(&cursor.text[start..]).filter(|_| element.times_ms.is_empty()) {
        element.clock = Some(clock.clone());
        cursor.at += length;
        return cursor.pass(b']', "the end of the timestamps");
    }
    let times_ms = &mut element.times_ms;
    times_ms.reserve((cursor.text.len() - start) / 14);
    loop {
        times_ms.push(parse_milliseconds(cursor)?);
        let end = cursor.at;
        if !next_item(cursor, "a comma or the end of the timestamps")? {
            element.stamps = start..end;
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(text: &str) -> Element {
        parse_element(text.as_bytes(), &Stamps::default()).unwrap()
    }

    #[test]
    fn both_forms_of_a_series_are_one() {
        let line = element(r#"{"metric":{"__name__":"a","z":"1","b":"2"},"values":[1,null],"timestamps":[1000,2500]}"#);
        let pairs = element(r#"{"metric":{"b":"2","z":"1","__name__":"a"},"values":[[1,"1"],[2.5,"NaN"]]}"#);
        assert_eq!(line.name.as_deref(), Some("a{b=\"2\",z=\"1\"}"));
        assert_eq!((line.name, line.times_ms), (pairs.name, pairs.times_ms));
        assert_eq!((line.missing, pairs.missing), (1, 1));
    }

    #[test]
    fn space_and_the_order_of_keys_do_not_matter() {
        let text = " { \"timestamps\" : [ 1 , 2 ] ,\n\"extra\":{\"a\":[{}]}, \"values\" : [ 1.5 , \"-Infinity\" ] , \"metric\" : { } } ";
        let e = element(text);
        assert_eq!((e.times_ms, e.values[0], e.missing), (vec![1, 2], 1.5, 1));
    }

    #[test]
    fn what_was_expected_is_said() {
        for (text, at, expected) in [
            ("[1]", 0, "a series such as {\"metric\":…}"),
            (r#"{"values":[1,x]}"#, 13, "a number or null"),
            (r#"{"values":[[1700000000000,"1"]]}"#, 12, "a time in seconds, not milliseconds"),
            (r#"{"timestamps":[1700000000]}"#, 15, "a time in milliseconds, not seconds"),
            (r#"{"timestamps":[1.5]}"#, 15, "a time in whole milliseconds"),
            (r#"{"metric":{},"values":[1],"timestamps":[]}"#, 42, "as many timestamps as values"),
            (r#"{"metric":{"a":1}}"#, 15, "a label value in quotes"),
            (r#"{"metric":{}} {}"#, 14, "the end of the line"),
            (r#"{"metric":{"a":"b""#, 18, "a comma or a closing brace"),
        ] {
            assert_eq!(parse_element(text.as_bytes(), &Stamps::default()), Err(Unexpected { at, expected }), "{text}");
        }
    }
}
