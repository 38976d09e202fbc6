//! Numbers as text: read fast, written in the shortest form that reads back.

use fast_float2::parse_partial;

/// A finite decimal number, the whole of `text`. Words such as `NaN` and `inf` are no numbers.
pub fn parse_number(text: &[u8]) -> Option<f64> {
    let (value, length) = parse_number_prefix(text)?;
    (length == text.len()).then_some(value)
}

/// A finite decimal number at the start of `text`, and how many bytes it takes.
#[inline]
pub fn parse_number_prefix(text: &[u8]) -> Option<(f64, usize)> {
    let (value, length) = parse_partial::<f64, _>(text).ok()?;
    value.is_finite().then_some((value, length))
}

/// Appends `value` in the shortest form that reads back to the same number: whole numbers below
/// 2^53 without a point, others as `12.5`, the very large and very small as `1e-7`.
/// Appends nothing when it is not finite: a missing value is an empty cell.
#[inline]
pub fn write_number(out: &mut Vec<u8>, value: f64) {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    let whole = value as i64;
    if whole as f64 == value && value.abs() < WHOLE {
        if whole == 0 && value.is_sign_negative() {
            out.push(b'-');
        }
        out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    } else if value.is_finite() {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value);
        out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: f64) -> String {
        let mut out = Vec::new();
        write_number(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn whole_numbers_have_no_point() {
        assert_eq!(written(1_700_000_000.0), "1700000000");
        assert_eq!(written(-3.0), "-3");
        assert_eq!(written(0.0), "0");
        assert_eq!(written(-0.0), "-0");
        assert_eq!(written(1e18), "1e+18");
    }

    #[test]
    fn fractions_are_shortest() {
        assert_eq!(written(0.1 + 0.2), "0.30000000000000004");
        assert_eq!(written(12.5), "12.5");
        assert_eq!(written(1e-7), "1e-7");
    }

    #[test]
    fn what_is_not_finite_is_nothing() {
        assert_eq!(written(f64::NAN), "");
        assert_eq!(written(f64::INFINITY), "");
    }

    #[test]
    fn words_are_no_numbers() {
        for word in ["", "NaN", "inf", "-Infinity", "1,2", "1e999", " 1", "1 ", "0x10"] {
            assert_eq!(parse_number(word.as_bytes()), None, "{word}");
        }
        assert_eq!(parse_number(b"-1.5e3"), Some(-1500.0));
        assert_eq!(parse_number_prefix(b"2.5,7"), Some((2.5, 3)));
    }

    proptest::proptest! {
        #[test]
        fn every_number_reads_back(bits: u64) {
            let value = f64::from_bits(bits);
            if value.is_finite() {
                let text = written(value);
                proptest::prop_assert_eq!(parse_number(text.as_bytes()).map(f64::to_bits), Some(bits));
            }
        }
    }
}
