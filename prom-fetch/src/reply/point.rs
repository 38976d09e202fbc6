//! One point of a matrix, `[1700000000.5,"12.5"]`, from JSON text to the texts of a series line.

use std::io::Write as _;
use std::ops::{Range, RangeInclusive};

use super::cursor::{Cursor, Lack};
use super::digits::{is_plain, milliseconds};

/// What was found at the start of some text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A point and the comma behind it, in so many bytes.
    Next(usize),
    /// A point and the bracket that ends the list, in so many bytes.
    Last(usize),
}

/// The points of one series as the texts that are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Points {
    // Both with a comma in front of each number: what is the same for every point is quickly written.
    values: Vec<u8>,
    times: Vec<u8>,
    count: usize,
    infinite: usize,
}

impl Points {
    /// The values, `1,2.5,null`: the server's own digits, `null` for what is not finite.
    pub fn values(&self) -> &[u8] {
        self.values.get(1..).unwrap_or_default()
    }

    /// The times in Unix milliseconds, `1700000000000,1700000001000`.
    pub fn times(&self) -> &[u8] {
        self.times.get(1..).unwrap_or_default()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many of the values were infinite.
    pub fn infinite(&self) -> usize {
        self.infinite
    }

    pub(crate) fn clear(&mut self) {
        self.values.clear();
        self.times.clear();
        (self.count, self.infinite) = (0, 0);
    }

    /// Makes room for the points in so many bytes of an answer; false when the machine has none.
    pub(crate) fn reserve(&mut self, bytes: usize) -> bool {
        self.values.try_reserve(bytes).is_ok() && self.times.try_reserve(bytes).is_ok()
    }

    /// A number for the texts, by which two equal lists of points can be known.
    pub(crate) fn checksum(&self) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&self.times);
        hasher.update(&self.values);
        hasher.finalize()
    }

    /// Adds the point at the start of `text`, unless its time is not within the bounds.
    #[inline]
    pub(crate) fn take(&mut self, text: &[u8], within: Option<&RangeInclusive<i64>>) -> Result<Step, Lack> {
        let Some(point) = usual(text) else { return self.take_any(text, within) };
        if within.is_none_or(|bounds| milliseconds(&point.time).is_some_and(|ms| bounds.contains(&ms))) {
            self.push_usual(text, &point);
        }
        Ok(point.step)
    }

    fn push_usual(&mut self, text: &[u8], point: &Usual) {
        let mut time = *b",0000000000000";
        time[1..11].copy_from_slice(&point.time);
        self.times.extend_from_slice(&time);
        // Copying the same number of bytes every time is quicker than copying just enough.
        let end = self.values.len() + 1 + point.value.len();
        let mut value = [b','; 1 + ROOM];
        if let Some(room) = text.get(point.value.start..point.value.start + ROOM) {
            value[1..].copy_from_slice(room);
            self.values.extend_from_slice(&value);
            self.values.truncate(end);
        } else {
            self.values.push(b',');
            self.values.extend_from_slice(&text[point.value.clone()]);
        }
        self.count += 1;
    }

    fn take_any(&mut self, text: &[u8], within: Option<&RangeInclusive<i64>>) -> Result<Step, Lack> {
        let mut cursor = Cursor { text, at: 0 };
        cursor.expect(b'[')?;
        let time_ms = milliseconds(cursor.number()?).ok_or(Lack::Bad)?;
        cursor.expect(b',')?;
        let value = cursor.quoted()?;
        cursor.expect(b']')?;
        let then = cursor.solid()?;
        if within.is_none_or(|bounds| bounds.contains(&time_ms)) {
            self.times.push(b',');
            self.times.extend_from_slice(itoa::Buffer::new().format(time_ms).as_bytes());
            self.push(value)?;
            self.count += 1;
        }
        match then {
            b',' => Ok(Step::Next(cursor.at)),
            b']' => Ok(Step::Last(cursor.at)),
            _ => Err(Lack::Bad),
        }
    }

    fn push(&mut self, value: &[u8]) -> Result<(), Lack> {
        self.values.push(b',');
        if is_plain(value) {
            self.values.extend_from_slice(value);
            return Ok(());
        }
        let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<f64>().ok()).ok_or(Lack::Bad)?;
        self.infinite += usize::from(number.is_infinite());
        if number.is_finite() {
            write!(self.values, "{number:e}").map_err(|_| Lack::Bad)
        } else {
            self.values.extend_from_slice(b"null");
            Ok(())
        }
    }
}

/// The longest value of the usual form.
const ROOM: usize = 24;

/// A point as all but a few are: ten digits of whole seconds, no white space, and a short value
/// without an exponent.
struct Usual {
    time: [u8; 10],
    value: Range<usize>,
    step: Step,
}

#[inline]
fn usual(text: &[u8]) -> Option<Usual> {
    let head: &[u8; 13] = text.first_chunk()?;
    let time: [u8; 10] = *head[1..].first_chunk()?;
    if head[0] != b'['
        || head[11] != b','
        || head[12] != b'"'
        || time[0] == b'0'
        || !time.iter().all(u8::is_ascii_digit)
    {
        return None;
    }
    let rest = &text[13..text.len().min(13 + ROOM + 1)];
    let mut dots = 0;
    let mut length = 0;
    loop {
        match *rest.get(length)? {
            b'0'..=b'9' => {}
            b'.' => dots += 1,
            b'"' => break,
            b'-' if length == 0 => {}
            _ => return None,
        }
        length += 1;
    }
    let value = &rest[..length];
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let (first, last) = (*digits.first()?, *digits.last()?);
    let padded = first == b'0' && digits.get(1).is_some_and(|&b| b != b'.');
    if dots > 1 || first == b'.' || last == b'.' || padded || text.get(14 + length) != Some(&b']') {
        return None;
    }
    let step = match text.get(15 + length)? {
        b',' => Step::Next(16 + length),
        b']' => Step::Last(16 + length),
        _ => return None,
    };
    Some(Usual { time, value: 13..13 + length, step })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> (String, String, usize) {
        let mut points = Points::default();
        assert_eq!(points.take(text.as_bytes(), None), Ok(Step::Last(text.len())), "{text}");
        let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (string(points.values()), string(points.times()), points.infinite())
    }

    #[test]
    fn digits_are_kept_and_times_become_milliseconds() {
        let point = |value: &str, time: &str| (value.to_string(), time.to_string(), 0);
        assert_eq!(taken("[1700000000,\"12.50\"]]"), point("12.50", "1700000000000"));
        assert_eq!(taken("[1700000000.125,\"-0\"]]"), point("-0", "1700000000125"));
        assert_eq!(taken(" [ 0.5 , \"1e-07\" ] ]"), point("1e-7", "500"));
        assert_eq!(taken("[0,\"+5\"]]"), point("5e0", "0"));
        assert_eq!(taken("[-1,\"01\"]]"), point("1e0", "-1000"));
    }

    #[test]
    fn what_is_not_finite_becomes_null() {
        assert_eq!(taken("[1,\"NaN\"]]").0, "null");
        for value in ["+Inf", "-Inf", "Infinity", "1e400"] {
            let (text, _, infinite) = taken(&format!("[1,\"{value}\"]]"));
            assert_eq!((text.as_str(), infinite), ("null", 1), "{value}");
        }
        assert_eq!(taken(&format!("[1,\"{}\"]]", "9".repeat(400))).0, "null");
    }

    #[test]
    fn a_point_outside_the_bounds_is_left_out() {
        let mut points = Points::default();
        assert_eq!(points.take(b"[1,\"2\"],", Some(&(2_000..=3_000))), Ok(Step::Next(8)));
        assert_eq!(points, Points::default());
        assert_eq!(points.take(b"[2,\"3\"],", Some(&(2_000..=3_000))), Ok(Step::Next(8)));
        assert_eq!((points.count(), points.times()), (1, &b"2000"[..]));
    }

    #[test]
    fn the_usual_form_is_read_as_any_other() {
        for value in [
            "0",
            "-0",
            "12.5",
            "-0.25",
            "007",
            "1.",
            ".5",
            "-",
            "",
            "1.2.3",
            "1-2",
            "123456789012345678901234",
            "1234567890123456789012345",
        ] {
            for behind in ["], [1,\"2\"]]                                ", "]] ", "],", "]", "}"] {
                let text = format!("[1700000000,\"{value}\"{behind}");
                let (mut quick, mut slow) = (Points::default(), Points::default());
                let outcome = slow.take_any(text.as_bytes(), None);
                assert_eq!(quick.take(text.as_bytes(), None), outcome, "{text}");
                assert!(outcome.is_err() || quick == slow, "{text}");
            }
        }
    }

    #[test]
    fn half_a_point_wants_more_and_a_wrong_one_is_bad() {
        let whole = b"[1,\"2\"],";
        for length in 0..whole.len() {
            assert_eq!(Points::default().take(&whole[..length], None), Err(Lack::More), "{length}");
        }
        for text in ["{", "[\"", "[1 2", "[1,2]", "[1,\"x\"],", "[1,\"2\"]}", "[1,\"2\",", "[1,\"\"],", "[1e99,\"2\"],"]
        {
            assert_eq!(Points::default().take(text.as_bytes(), None), Err(Lack::Bad), "{text}");
        }
    }
}
