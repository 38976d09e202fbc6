//! Numbers as text: what can be copied as it is, and times.

/// The longest run of digits that cannot exceed the range of an f64.
const PLAIN: usize = 300;

/// True for a JSON number without an exponent, which is copied as it is.
pub(crate) fn is_plain(text: &[u8]) -> bool {
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

/// Unix seconds as text to milliseconds, rounded to the nearest.
pub(crate) fn milliseconds(text: &[u8]) -> Option<i64> {
    exact_milliseconds(text).or_else(|| {
        let seconds: f64 = std::str::from_utf8(text).ok()?.parse().ok()?;
        (seconds.abs() < 1e12).then(|| (seconds * 1000.0).round() as i64)
    })
}

/// The same for digits with at most three decimals.
fn exact_milliseconds(text: &[u8]) -> Option<i64> {
    let whole = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let decimals = match &text[whole..] {
        [] => &[],
        [b'.', decimals @ ..] if decimals.len() <= 3 => decimals,
        _ => return None,
    };
    if !(1..=12).contains(&whole) || !decimals.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let digits = text[..whole].iter().chain(decimals).copied().chain(std::iter::repeat_n(b'0', 3 - decimals.len()));
    Some(digits.fold(0, |sum, digit| 10 * sum + i64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_numbers_without_an_exponent_are_plain() {
        for text in ["0", "-0", "12", "0.5", "-12.50"] {
            assert!(is_plain(text.as_bytes()), "{text}");
        }
        for text in ["", "-", "+1", "01", "1.", ".5", "1e5", "NaN", "1 ", "--1"] {
            assert!(!is_plain(text.as_bytes()), "{text}");
        }
        assert!(!is_plain("9".repeat(PLAIN + 1).as_bytes()));
    }

    #[test]
    fn times_are_exact_to_the_millisecond() {
        for (text, ms) in
            [("0", 0), ("1700000000.1", 1_700_000_000_100), ("1.0005", 1_001), ("-1.5", -1_500), ("1e3", 1_000_000)]
        {
            assert_eq!(milliseconds(text.as_bytes()), Some(ms), "{text}");
        }
        for text in ["", ".", "1.", "x", "1e99", "1.2.3"] {
            assert_eq!(milliseconds(text.as_bytes()), if text == "1." { Some(1_000) } else { None }, "{text}");
        }
    }
}
