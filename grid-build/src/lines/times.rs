//! Times in JSON: Unix seconds in a matrix, milliseconds in series lines.

use super::cursor::{Cursor, Step, Unexpected};

/// Seconds from here on would be past the year 5138: they are milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;
/// Milliseconds from here on are past the year 9999.
const LAST_MS: i64 = 253_402_300_800_000;

/// Unix seconds, with decimals or without, as whole milliseconds.
#[inline]
pub(super) fn parse_seconds(cursor: &mut Cursor<'_>) -> Step<i64> {
    let at = cursor.at;
    let whole = parse_integer(cursor);
    let ms = match cursor.peek() {
        Some(b'.' | b'e' | b'E') | None => {
            cursor.at = at;
            let seconds = cursor.number()?;
            (seconds.abs() < MILLISECONDS_FROM as f64).then(|| (seconds * 1e3).round() as i64)
        }
        _ => match whole {
            Some(s) if s.abs() < MILLISECONDS_FROM => Some(s * 1000),
            Some(_) => None,
            None => return Err(Unexpected { at, expected: "a time in seconds" }),
        },
    };
    ms.ok_or(Unexpected { at, expected: "a time in seconds, not milliseconds" })
}

/// Whole Unix milliseconds. Seconds by mistake are refused: from 1e9 on they mean a time after
/// 2001, whereas as milliseconds they would lie before 1974.
#[inline]
pub(super) fn parse_milliseconds(cursor: &mut Cursor<'_>) -> Step<i64> {
    let at = cursor.at;
    let expected = match parse_integer(cursor) {
        Some(1_000_000_000..MILLISECONDS_FROM) => "a time in milliseconds, not seconds",
        Some(ms) if ms.abs() < LAST_MS && !matches!(cursor.peek(), Some(b'.' | b'e' | b'E')) => return Ok(ms),
        _ => "a time in whole milliseconds",
    };
    Err(Unexpected { at, expected })
}

/// At most 18 digits, with a sign or without.
#[inline]
fn parse_integer(cursor: &mut Cursor<'_>) -> Option<i64> {
    let text = &cursor.text[cursor.at..];
    let sign = usize::from(text.first() == Some(&b'-'));
    let (mut value, mut i) = (0i64, sign);
    while let Some(digit) = text.get(i).map(|b| b.wrapping_sub(b'0')).filter(|d| *d < 10) {
        value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
        i += 1;
    }
    cursor.at += i;
    let digits = i - sign;
    (1..=18).contains(&digits).then_some(if sign == 1 { -value } else { value })
}
