//! One point of a matrix, `[1700000000.5,"12.5"]`, from JSON text to the texts of a series line.

use std::io::Write as _;
use std::ops::RangeInclusive;

/// What was found at the start of some text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A point and the comma behind it, in so many bytes.
    Next(usize),
    /// A point and the bracket that ends the list, in so many bytes.
    Last(usize),
}

/// Why there is no point at the start of some text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    /// The text ends before the point does.
    More,
    /// It is something else.
    Bad,
}

/// The points of one series as they are written: lists of numbers without the brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Points {
    /// The values, `1,2.5,null`: the server's own digits, `null` for what is not finite.
    pub values: Vec<u8>,
    /// The times in Unix milliseconds, `1700000000000,1700000001000`.
    pub times: Vec<u8>,
    /// How many there are.
    pub count: usize,
    /// How many of the values were infinite.
    pub infinite: usize,
}

impl Points {
    pub(crate) fn clear(&mut self) {
        self.values.clear();
        self.times.clear();
        (self.count, self.infinite) = (0, 0);
    }

    /// Adds the point at the start of `text`, unless its time is not within the bounds.
    pub(crate) fn take(&mut self, text: &[u8], within: Option<&RangeInclusive<i64>>) -> Result<Step, Lack> {
        let mut cursor = Cursor { text, at: 0 };
        cursor.expect(b'[')?;
        let time = cursor.number()?;
        cursor.expect(b',')?;
        let value = cursor.quoted()?;
        cursor.expect(b']')?;
        let then = cursor.solid()?;
        if within.is_none() && is_whole(time) {
            self.separate();
            self.times.extend_from_slice(time);
            self.times.extend_from_slice(b"000");
            self.push(value)?;
        } else {
            let time_ms = milliseconds(time).ok_or(Lack::Bad)?;
            if within.is_none_or(|bounds| bounds.contains(&time_ms)) {
                self.separate();
                write!(self.times, "{time_ms}").map_err(|_| Lack::Bad)?;
                self.push(value)?;
            }
        }
        match then {
            b',' => Ok(Step::Next(cursor.at)),
            b']' => Ok(Step::Last(cursor.at)),
            _ => Err(Lack::Bad),
        }
    }

    fn separate(&mut self) {
        if self.count > 0 {
            self.values.push(b',');
            self.times.push(b',');
        }
        self.count += 1;
    }

    fn push(&mut self, value: &[u8]) -> Result<(), Lack> {
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

/// The longest run of digits that cannot exceed the range of an f64.
const PLAIN: usize = 300;

/// True for a JSON number without an exponent, which is copied as it is.
fn is_plain(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    if whole == 0 || (whole > 1 && digits[0] == b'0') || whole > PLAIN {
        return false;
    }
    match &digits[whole..] {
        [] => true,
        [b'.', rest @ ..] => !rest.is_empty() && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// True for whole Unix seconds after 1970 and in a form that `000` turns into milliseconds.
fn is_whole(time: &[u8]) -> bool {
    time.len() < 14 && matches!(time[0], b'1'..=b'9') && time.iter().all(u8::is_ascii_digit)
}

/// Unix seconds as text to milliseconds, rounded to the nearest.
fn milliseconds(text: &[u8]) -> Option<i64> {
    let seconds: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    (seconds.abs() < 1e12).then(|| (seconds * 1000.0).round() as i64)
}

struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// The next byte that is no white space, used up.
    #[inline]
    fn solid(&mut self) -> Result<u8, Lack> {
        loop {
            let byte = *self.text.get(self.at).ok_or(Lack::More)?;
            self.at += 1;
            if byte > b' ' {
                return Ok(byte);
            }
            if !byte.is_ascii_whitespace() {
                return Err(Lack::Bad);
            }
        }
    }

    #[inline]
    fn expect(&mut self, wanted: u8) -> Result<(), Lack> {
        if self.solid()? == wanted { Ok(()) } else { Err(Lack::Bad) }
    }

    /// The bytes of a number, at least one.
    #[inline]
    fn number(&mut self) -> Result<&'a [u8], Lack> {
        let first = self.solid()?;
        if !matches!(first, b'0'..=b'9' | b'-') {
            return Err(Lack::Bad);
        }
        let rest = &self.text[self.at - 1..];
        let is_part = |b: &u8| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let length = rest.iter().position(|b| !is_part(b)).ok_or(Lack::More)?;
        self.at += length - 1;
        Ok(&rest[..length])
    }

    /// The bytes between two quotes; an escape makes no number, so none is looked for.
    #[inline]
    fn quoted(&mut self) -> Result<&'a [u8], Lack> {
        self.expect(b'"')?;
        let rest = &self.text[self.at..];
        let length = rest.iter().position(|&b| b == b'"').ok_or(Lack::More)?;
        self.at += length + 1;
        Ok(&rest[..length])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(text: &str) -> (String, String, usize) {
        let mut points = Points::default();
        assert_eq!(points.take(text.as_bytes(), None), Ok(Step::Last(text.len())), "{text}");
        let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (string(&points.values), string(&points.times), points.infinite)
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
        assert_eq!((points.count, points.times.as_slice()), (1, &b"2000"[..]));
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
