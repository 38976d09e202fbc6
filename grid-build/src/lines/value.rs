//! The value of a sample: a number, null, or a number or word in quotes.

use super::cursor::{Cursor, Step};

#[inline]
pub(super) fn parse_value(cursor: &mut Cursor<'_>) -> Step<f64> {
    match cursor.peek() {
        Some(b'0'..=b'9' | b'-') => cursor.number(),
        Some(b'"') => parse_quoted(cursor),
        Some(b'n') => {
            cursor.skip_word(b"null")?;
            Ok(f64::NAN)
        }
        _ => cursor.unexpected("a number or null"),
    }
}

/// A number in quotes, or one of the words for what is not finite.
#[inline]
fn parse_quoted(cursor: &mut Cursor<'_>) -> Step<f64> {
    let start = cursor.at;
    cursor.at += 1;
    if let Ok(value) = cursor.number()
        && cursor.peek() == Some(b'"')
    {
        cursor.at += 1;
        return Ok(value);
    }
    cursor.at = start;
    let (word, _) = cursor.string("a number in quotes")?;
    let word = word.strip_prefix(b"+").or(word.strip_prefix(b"-")).unwrap_or(word);
    let known = [b"nan".as_slice(), b"inf", b"infinity"];
    if known.iter().any(|k| word.eq_ignore_ascii_case(k)) {
        return Ok(f64::NAN);
    }
    if let Some((value, length)) = grid::parse_number_prefix(word)
        && length == word.len()
    {
        return Ok(value);
    }
    cursor.at = start;
    cursor.unexpected("a number in quotes")
}
