//! Values as text, two letters each.

/// Letters in the order of their value.
const LETTERS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
/// Values told apart between the least and the largest; one more stands for a missing value.
const LEVELS: f64 = 4094.0;

/// The least and the largest finite value, and each value as a share of what lies between them: two letters, base 64,
/// the more significant first, 4095 for what is missing. The error is at most 1/8188 of the range. Without a finite
/// value both ends are 0.
pub(crate) fn encode(values: &[f64]) -> (f64, f64, String) {
    let (low, high) = crate::scale::extent([values]).unwrap_or((0.0, 0.0));
    // half of each: the difference of two large numbers need not be finite
    let range = high / 2.0 - low / 2.0;
    let mut out = String::with_capacity(2 * values.len());
    for value in values {
        let level = match value {
            value if !value.is_finite() => 4095,
            _ if range > 0.0 => ((value / 2.0 - low / 2.0) / range * LEVELS).round() as usize,
            _ => 0,
        };
        out.push(char::from(LETTERS[level >> 6 & 63]));
        out.push(char::from(LETTERS[level & 63]));
    }
    (low, high, out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_gaps_have_their_own_letters() {
        assert_eq!(encode(&[1.0, f64::NAN, 3.0]), (1.0, 3.0, "00___-".to_string()));
        assert_eq!(encode(&[7.0, 7.0]), (7.0, 7.0, "0000".to_string()));
        assert_eq!(encode(&[f64::NAN]), (0.0, 0.0, "__".to_string()));
        assert_eq!(encode(&[-f64::MAX, f64::MAX]).2, "00_-");
    }
}
