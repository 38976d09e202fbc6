//! Numbers and names as a person reads them.

/// Text made safe for HTML, in elements and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // not allowed in HTML, even as a reference
            c if c.is_control() && c != '\n' && c != '\t' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Text made safe for HTML, with places to break it after the joints of names.
pub fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for part in text.split_inclusive(['_', '/', '.', ',', '=', ':']) {
        out.push_str(&escape(part));
        out.push_str("<wbr>");
    }
    out.truncate(out.len().saturating_sub("<wbr>".len()));
    out
}

/// A number to three digits with a unit: `12.3 MB`, `1,234`, `0.00512 s`; empty when not finite.
pub fn number(value: f64, unit: &str) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let size = value.abs();
    let prefixes = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let prefix = prefixes.iter().find(|(least, _)| size >= *least && (*least > 1e3 || unit == "B"));
    let (scaled, prefix) = match prefix {
        Some((least, prefix)) if size < 1e16 => (value / least, *prefix),
        _ => (value, ""),
    };
    let text = match scaled.abs() {
        0.0 => "0".to_string(),
        s if !(1e-5..1e16).contains(&s) => format!("{scaled:.2e}"),
        s if s >= 999.5 => thousands(scaled),
        s => trim(format!("{scaled:.*}", (2.0 - s.log10().floor()).clamp(0.0, 8.0) as usize)),
    };
    let gap = if prefix.is_empty() && unit.is_empty() { "" } else { "\u{a0}" };
    format!("{}{gap}{prefix}{unit}", text.replace('-', "\u{2212}"))
}

fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::from(if value < 0.0 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
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

/// The unit a metric's name ends with, in short; empty when it names none.
pub fn unit(name: &str) -> &'static str {
    let base = name.split('{').next().unwrap_or(name);
    let base = base.trim_end_matches("_mean").trim_end_matches("_max");
    match () {
        () if base.ends_with("_bytes") => "B",
        () if base.ends_with("_ms") || base.ends_with("_milliseconds") => "ms",
        () if base.ends_with("_seconds") => "s",
        () => "",
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
    }

    #[test]
    fn large_changes_are_factors() {
        assert_eq!(change(42.0), "+42\u{a0}%");
        assert_eq!(change(-12.345), "−12.3\u{a0}%");
        assert_eq!(change(68_900.0), "×690");
        assert_eq!(change(f64::INFINITY), "");
    }

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(escape("<a b=\"c'&\u{1}\">"), "&lt;a b=&quot;c&#39;&amp;\u{fffd}&quot;&gt;");
    }

    #[test]
    fn names_break_at_their_joints() {
        assert_eq!(breakable("a_b<c"), "a_<wbr>b&lt;c");
        assert_eq!(breakable(""), "");
    }

    #[test]
    fn units_are_read_from_names() {
        assert_eq!(unit("process_resident_memory_bytes{a=\"b_seconds\"}"), "B");
        assert_eq!(unit("locust_response_time_ms_mean"), "ms");
        assert_eq!(unit("queue_length"), "");
    }
}
