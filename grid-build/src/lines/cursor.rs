//! A place in JSON text, and the small steps that read it.

use grid::parse_number_prefix;

/// Nesting beyond this is no series.
pub(super) const DEPTH: usize = 64;

/// Text that is not what was expected there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unexpected {
    /// How many bytes into the text.
    pub(crate) at: usize,
    /// What could have stood there.
    pub(crate) expected: &'static str,
}

/// Reads JSON from the front; every step leaves the cursor behind what it read.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
}

pub(super) type Step<T> = Result<T, Unexpected>;

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Cursor { text, at: 0 }
    }

    pub(super) fn unexpected<T>(&self, expected: &'static str) -> Step<T> {
        Err(Unexpected { at: self.at, expected })
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    pub(super) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Passes `byte`, with space around it.
    #[inline]
    pub(super) fn pass(&mut self, byte: u8, expected: &'static str) -> Step<()> {
        if self.passes(byte) { Ok(()) } else { self.unexpected(expected) }
    }

    /// Passes `byte`, with space around it, if it is there.
    #[inline]
    pub(super) fn passes(&mut self, byte: u8) -> bool {
        self.skip_space();
        let there = self.peek() == Some(byte);
        if there {
            self.at += 1;
            self.skip_space();
        }
        there
    }

    /// A number as JSON writes it. The common ones, up to 2^53 in all their digits and at most 22
    /// decimals, are exact in one division (Clinger 1990); the others go to the full parser.
    #[inline]
    pub(super) fn number(&mut self) -> Step<f64> {
        let text = &self.text[self.at..];
        let sign = usize::from(text.first() == Some(&b'-'));
        let (mut mantissa, mut i) = (0u64, sign);
        while let Some(digit) = digit_at(text, i) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
            i += 1;
        }
        let (mut digits, mut decimals) = (i - sign, 0);
        if digits > 0 && text.get(i) == Some(&b'.') {
            i += 1;
            let point = i;
            while let Some(digit) = digit_at(text, i) {
                mantissa = mantissa.wrapping_mul(10).wrapping_add(digit);
                i += 1;
            }
            decimals = i - point;
            digits += decimals;
        }
        let plain = !matches!(text.get(i), Some(b'e' | b'E' | b'.' | b'+' | b'-'));
        if plain && digits > 0 && digits <= 19 && mantissa < 1 << 53 {
            self.at += i;
            let size = mantissa as f64 / TENS[decimals];
            return Ok(if sign == 1 { -size } else { size });
        }
        self.long_number()
    }

    #[cold]
    fn long_number(&mut self) -> Step<f64> {
        let text = &self.text[self.at..];
        match parse_number_prefix(text) {
            Some((value, length)) => {
                self.at += length;
                Ok(value)
            }
            None => self.unexpected("a number"),
        }
    }

    /// The raw bytes of a string, without its quotes, and whether it holds a backslash.
    #[inline]
    pub(super) fn string(&mut self, expected: &'static str) -> Step<(&'a [u8], bool)> {
        if self.peek() != Some(b'"') {
            return self.unexpected(expected);
        }
        let start = self.at + 1;
        let (mut end, mut escaped) = (start, false);
        loop {
            match memchr::memchr2(b'"', b'\\', &self.text[end.min(self.text.len())..]) {
                None => {
                    self.at = self.text.len();
                    return self.unexpected("the end of a string");
                }
                Some(n) if self.text[end + n] == b'"' => {
                    self.at = end + n + 1;
                    return Ok((&self.text[start..end + n], escaped));
                }
                Some(n) => {
                    escaped = true;
                    end += n + 2;
                }
            }
        }
    }

    /// A string with its escapes undone.
    pub(super) fn text(&mut self, expected: &'static str) -> Step<String> {
        let start = self.at;
        let (raw, escaped) = self.string(expected)?;
        let wrong = Unexpected { at: start, expected: "a string in UTF-8 without control characters" };
        if escaped || raw.iter().any(|&b| b < b' ') {
            return serde_json::from_slice(&self.text[start..self.at]).map_err(|_| wrong);
        }
        String::from_utf8(raw.to_vec()).map_err(|_| wrong)
    }

    /// Passes any value.
    pub(super) fn skip_value(&mut self, depth: usize) -> Step<()> {
        self.skip_space();
        match self.peek() {
            _ if depth > DEPTH => self.unexpected("a series, nested less deeply"),
            Some(b'"') => self.string("a string").map(|_| ()),
            Some(b'{') => self.skip_items(b'}', depth),
            Some(b'[') => self.skip_items(b']', depth),
            Some(b't') => self.skip_word(b"true"),
            Some(b'f') => self.skip_word(b"false"),
            Some(b'n') => self.skip_word(b"null"),
            _ => self.number().map(|_| ()),
        }
    }

    fn skip_items(&mut self, close: u8, depth: usize) -> Step<()> {
        self.at += 1;
        if self.passes(close) {
            return Ok(());
        }
        loop {
            if close == b'}' {
                self.string("a key")?;
                self.pass(b':', "a colon")?;
            }
            self.skip_value(depth + 1)?;
            if !self.passes(b',') {
                return self.pass(close, "a comma or the closing bracket");
            }
        }
    }

    pub(super) fn skip_word(&mut self, word: &'static [u8]) -> Step<()> {
        if !self.text[self.at..].starts_with(word) {
            return self.unexpected("a JSON value");
        }
        self.at += word.len();
        Ok(())
    }
}

#[inline]
fn digit_at(text: &[u8], at: usize) -> Option<u64> {
    let digit = text.get(at)?.wrapping_sub(b'0');
    (digit < 10).then_some(u64::from(digit))
}

/// The powers of ten that a double holds exactly, as far as 19 digits can need them.
const TENS: [f64; 20] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19];

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<f64, Unexpected> {
        Cursor::new(text.as_bytes()).number()
    }

    #[test]
    fn numbers_are_those_of_the_full_parser() {
        for text in [
            "0",
            "-0",
            "1",
            "12.5",
            "-0.001",
            "9007199254740993",
            "0.1234567890123456789",
            "1e-7",
            "2.5E+3",
            "123456789012345678901234567890",
            "4.9e-324",
            "1.7976931348623157e308",
        ] {
            assert_eq!(number(text).map(f64::to_bits), Ok(text.parse::<f64>().unwrap().to_bits()), "{text}");
        }
    }

    #[test]
    fn words_are_no_numbers() {
        for text in ["", "-", "x", "NaN", "inf", "1e999"] {
            assert!(number(text).is_err(), "{text}");
        }
    }

    #[test]
    fn escapes_in_strings_are_undone() {
        let text = |t: &str| Cursor::new(t.as_bytes()).text("a string");
        assert_eq!(text(r#""a\"b\u00e9""#), Ok("a\"bé".to_string()));
        assert_eq!(text("\"é\""), Ok("é".to_string()));
        assert!(text("\"open").is_err());
        assert!(text("\"open\\").is_err());
    }

    #[test]
    fn values_are_skipped_whole() {
        let mut cursor = Cursor::new(br#"{"a":[1,{"b":null}],"c":"}"} tail"#);
        assert_eq!(cursor.skip_value(0), Ok(()));
        assert_eq!(&cursor.text[cursor.at..], b"tail");
        let deep = "[".repeat(100);
        assert!(Cursor::new(deep.as_bytes()).skip_value(0).is_err());
    }
}
