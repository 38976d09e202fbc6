//! Numbers as a person reads them.

/// A number to three digits with a unit: `12.3 MB`, `1,234`, `5.12 ms`; empty when not finite. Times, bytes and cores are
/// written in what suits their size.
pub fn number(value: f64, unit: &str) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let (value, unit) = fitting(value, unit);
    let size = value.abs();
    let prefixes = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let prefix = prefixes.iter().find(|(least, _)| size >= *least && (*least > 1e3 || unit.starts_with('B')));
    let (scaled, prefix) = match prefix {
        Some((least, prefix)) if size < 1e16 => (value / least, *prefix),
        _ => (value, ""),
    };
    let text = match scaled.abs() {
        0.0 => "0".to_string(),
        s if !(1e-5..1e16).contains(&s) => format!("{scaled:.2e}"),
        s if s >= 999.5 => thousands(scaled),
        s => trim(rounded(scaled, (2.0 - s.log10().floor()).clamp(0.0, 8.0) as usize)),
    };
    // per cent and rates of what has no unit stand close to their number
    let gap = if prefix.is_empty() && (unit.is_empty() || unit.starts_with('/')) { "" } else { "\u{a0}" };
    format!("{}{gap}{prefix}{unit}", text.replace('-', "\u{2212}"))
}

/// Units that are written as another: how many of them, or of the rates of them, make one of it.
const PARTS: [(&str, f64, &str); 11] = [
    ("ms", 1e3, "s"),
    ("µs", 1e6, "s"),
    ("ns", 1e9, "s"),
    ("kB", 1e-3, "B"),
    ("MB", 1e-6, "B"),
    ("KiB", 1.0 / 1024.0, "B"),
    ("MiB", 1.0 / 1_048_576.0, "B"),
    ("GiB", 1.0 / 1_073_741_824.0, "B"),
    ("mcores", 1e3, "cores"),
    ("µcores", 1e6, "cores"),
    ("ncores", 1e9, "cores"),
];

/// The value in the unit that suits it: times in seconds from a second on, below it in milli- or microseconds; what is a part
/// of another unit in that one. 0 stays as it is.
fn fitting(value: f64, unit: &str) -> (f64, &str) {
    let part = |unit: &str| {
        let (_, many, whole) = PARTS.iter().find(|(part, ..)| *part == unit)?;
        Some((value / many, *whole)).filter(|(value, _)| value.is_finite())
    };
    let rated = |(value, whole)| (value, if whole == "s" { "s/s" } else { "B/s" });
    let found = unit.strip_suffix("/s").and_then(part).map(rated).or_else(|| part(unit)).unwrap_or((value, unit));
    match found.0.abs() {
        0.0 => (0.0, unit),
        _ if found.1 != "s" => found,
        s if s >= 0.9995 => found,
        s if s >= 0.000_999_5 => (found.0 * 1e3, "ms"),
        _ => (found.0 * 1e6, "µs"),
    }
}

/// So many decimals; what lies exactly between two numbers goes away from 0, as a script's `toFixed` has it.
fn rounded(value: f64, decimals: usize) -> String {
    let exact = format!("{value:.60}");
    let rest = exact.split_once('.').and_then(|(_, fraction)| fraction.get(decimals..)).unwrap_or_default();
    let between = rest.strip_prefix('5').is_some_and(|rest| rest.bytes().all(|digit| digit == b'0'));
    let nudge = if between { 0.1_f64.powi(decimals as i32 + 1).copysign(value) } else { 0.0 };
    format!("{:.*}", decimals, value + nudge)
}

fn thousands(value: f64) -> String {
    let digits = rounded(value.abs(), 0);
    let mut out = String::from(if value < 0.0 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn trim(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A change in per cent: `+42 %`, or from tenfold on `×12`; empty when not finite.
pub fn change(percent: f64) -> String {
    match percent {
        p if !p.is_finite() => String::new(),
        p if p >= 900.0 => format!("×{}", number(1.0 + p / 100.0, "")),
        p if p > 0.0 => format!("+{}\u{a0}%", number(p, "")),
        p => format!("{}\u{a0}%", number(p, "")),
    }
}

/// From one number to another in per cent of the first; not finite when the first is 0.
pub fn percent(from: f64, to: f64) -> f64 {
    (to - from) / from.abs() * 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        let got = [0.0, 0.1, 69.0, 103.65, 1234.4, 999.7, 40_493_670.4, -2.5, 1e-7, 1e20].map(|x| number(x, ""));
        assert_eq!(
            got.map(|s| s.replace('\u{a0}', " ")),
            ["0", "0.1", "69", "104", "1,234", "1,000", "40.5 M", "−2.5", "1.00e−7", "1.00e20"]
        );
        assert_eq!(number(40_493.0, "B"), "40.5\u{a0}kB");
        assert_eq!(number(f64::NAN, "s"), "");
        assert_eq!([2201.0, 87.14, 0.25].map(|x| number(x, "ms")), ["2.2\u{a0}s", "87.1\u{a0}ms", "250\u{a0}µs"]);
        assert_eq!([0.0, 0.00069, 75.0].map(|x| number(x, "s")), ["0\u{a0}s", "690\u{a0}µs", "75\u{a0}s"]);
        assert_eq!([12.0, 0.0].map(|x| number(x, "/s")), ["12/s", "0/s"]);
    }

    #[test]
    fn large_changes_are_factors() {
        assert_eq!(change(42.0), "+42\u{a0}%");
        assert_eq!(change(-12.345), "−12.3\u{a0}%");
        assert_eq!(change(68_900.0), "×690");
        assert_eq!(change(f64::INFINITY), "");
    }
}
