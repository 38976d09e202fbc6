//! Numbers as a person reads them.

/// A number to three digits with a unit: `12.3 MB`, `1,234`, `5.12 ms`; empty when not finite. Seconds and milliseconds are
/// written as what suits their size.
pub fn number(value: f64, unit: &str) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let (value, unit) = time_unit(value, unit);
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

/// Times in seconds from a second on, below it in milli- or microseconds.
fn time_unit(value: f64, unit: &str) -> (f64, &str) {
    let seconds = match unit {
        "ms" => value / 1000.0,
        "s" => value,
        _ => return (value, unit),
    };
    match seconds.abs() {
        0.0 => (0.0, unit),
        s if s >= 0.9995 => (seconds, "s"),
        s if s >= 0.000_999_5 => (seconds * 1e3, "ms"),
        _ => (seconds * 1e6, "µs"),
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

/// The unit a metric's name ends with, in short; empty when it names none. Counters are rates in a grid: of seconds of
/// processor time the rate is cores, of bytes bytes a second.
pub fn unit(name: &str) -> &'static str {
    let base = name.split('{').next().unwrap_or(name);
    let plain = base.trim_end_matches("_mean").trim_end_matches("_max");
    let rate = base.strip_suffix("_total").or_else(|| base.strip_suffix("_sum"));
    match (rate, plain) {
        (Some(rate), _) if rate.ends_with("cpu_seconds") || rate.contains("cpu_usage_seconds") => "cores",
        (Some(rate), _) if rate.ends_with("_bytes") => "B/s",
        (Some(rate), _) if rate.ends_with("_seconds") => "s/s",
        (Some(_), _) => "/s",
        _ if base.ends_with("_count") => "/s",
        (_, plain) if plain.ends_with("_bytes") => "B",
        (_, plain) if plain.ends_with("_ms") || plain.ends_with("_milliseconds") => "ms",
        (_, plain) if plain.ends_with("_seconds") => "s",
        _ => "",
    }
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

    #[test]
    fn units_are_read_from_names() {
        assert_eq!(unit("process_resident_memory_bytes{a=\"b_seconds\"}"), "B");
        assert_eq!(unit("locust_response_time_ms_mean"), "ms");
        assert_eq!(unit("queue_length"), "");
        let rates =
            ["process_cpu_seconds_total", "request_duration_seconds_sum{a=\"b\"}", "sent_bytes_total", "x_count"];
        assert_eq!(rates.map(unit), ["cores", "s/s", "B/s", "/s"]);
    }
}
