//! Units behind numbers, and the base units that they are brought to.

/// Units that take prefixes, and the base unit of a number in one.
const UNITS: [(&str, &str); 9] = [
    ("B", "bytes"),
    ("B/s", "bytes per second"),
    ("b", "bits"),
    ("b/s", "bits per second"),
    ("bit/s", "bits per second"),
    ("bps", "bits per second"),
    ("p/s", "per second"),
    ("pps", "per second"),
    ("Hz", "hertz"),
];

/// Prefixes of SI and of IEC 80000-13; `K` is written for both `k` and `Ki`, and is the former as `M` is.
const PREFIXES: [(&str, f64); 14] = [
    ("", 1.0),
    ("k", 1e3),
    ("K", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
];

/// Other words, what a number with one is multiplied by, and its base unit: times, and what Grafana (`valueFormats`, version 6
/// to 11) and Kubernetes (resource quantities) write.
const WORDS: [(&str, f64, &str); 22] = [
    ("%", 1.0, "percent"),
    ("ns", 1e-9, "seconds"),
    ("µs", 1e-6, "seconds"),
    ("μs", 1e-6, "seconds"),
    ("us", 1e-6, "seconds"),
    ("ms", 1e-3, "seconds"),
    ("s", 1.0, "seconds"),
    ("sec", 1.0, "seconds"),
    ("min", 60.0, "seconds"),
    ("mins", 60.0, "seconds"),
    ("h", 3_600.0, "seconds"),
    ("hour", 3_600.0, "seconds"),
    ("hours", 3_600.0, "seconds"),
    ("day", 86_400.0, "seconds"),
    ("days", 86_400.0, "seconds"),
    ("week", 604_800.0, "seconds"),
    ("weeks", 604_800.0, "seconds"),
    ("bytes", 1.0, "bytes"),
    ("Ki", 1024.0, "bytes"),
    ("Mi", 1_048_576.0, "bytes"),
    ("Gi", 1_073_741_824.0, "bytes"),
    ("m", 1e-3, CORES),
];

/// What Kubernetes counts processors in. An `m` behind numbers of anything else is not told: Grafana has minutes, SI metres.
pub(super) const CORES: &str = "cores";

/// What is counted per second or per minute, behind a word of the short scale or none: `1.2M req/s`, `1.2 Mil ops/s`.
const COUNTED: [&str; 11] = ["c", "ops", "req", "rd", "wr", "io", "evt", "evts", "msg", "rec", "rows"];
const RATES: [&str; 8] = ["cps", "ops", "reqps", "rps", "wps", "iops", "eps", "tps"];

/// Words of the short scale, and whether they stand by themselves: `1.2 Mil`, but no `1.2 B`, which are bytes.
const SCALES: [(&str, f64, bool); 8] = [
    ("", 1.0, false),
    ("K", 1e3, true),
    ("M", 1e6, false),
    ("B", 1e9, false),
    ("T", 1e12, false),
    ("Mil", 1e6, true),
    ("Bil", 1e9, true),
    ("Tri", 1e12, true),
];

/// The factor and the base unit of what stands behind a number.
pub(super) fn unit(suffix: &str) -> Option<(f64, &'static str)> {
    let word = || WORDS.iter().find(|(word, ..)| *word == suffix).map(|(_, factor, base)| (*factor, *base));
    let prefixed = || {
        let of = |(unit, base): &(&str, &'static str)| {
            let prefix = suffix.strip_suffix(unit)?;
            PREFIXES.iter().find(|(own, _)| *own == prefix).map(|(_, factor)| (*factor, *base))
        };
        UNITS.iter().find_map(of)
    };
    let scaled =
        || SCALES.iter().find(|(word, _, alone)| *alone && *word == suffix).map(|(_, factor, _)| (*factor, ""));
    word().or_else(scaled).or_else(prefixed).or_else(|| rate(suffix))
}

/// The factor of something per second or per minute.
fn rate(suffix: &str) -> Option<(f64, &'static str)> {
    let (scale, unit) = suffix.split_once(' ').unwrap_or(("", suffix));
    let (_, scale, _) = SCALES.iter().find(|(word, ..)| *word == scale)?;
    let unit = unit.trim();
    let seconds = match unit.rsplit_once('/') {
        Some((counted, "s")) if COUNTED.contains(&counted) => 1.0,
        Some((counted, "m")) if COUNTED.contains(&counted) => 60.0,
        None if RATES.contains(&unit) => 1.0,
        _ => return None,
    };
    Some((scale / seconds, "per second"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_dashboards_and_of_the_cluster_are_known() {
        for (suffix, factor, base) in [
            ("ms", 1e-3, "seconds"),
            ("μs", 1e-6, "seconds"),
            ("KiB/s", 1024.0, "bytes per second"),
            ("Mbps", 1e6, "bits per second"),
            ("kbit/s", 1e3, "bits per second"),
            ("GHz", 1e9, "hertz"),
            ("c/s", 1.0, "per second"),
            ("M req/s", 1e6, "per second"),
            ("Mil ops/s", 1e6, "per second"),
            ("req/m", 1.0 / 60.0, "per second"),
            ("K", 1e3, ""),
            ("Mi", 1_048_576.0, "bytes"),
            ("m", 1e-3, "cores"),
        ] {
            assert_eq!(unit(suffix), Some((factor, base)), "{suffix}");
        }
        for suffix in ["", "k", "M", "g", "apples", "xx", "M apples/s", "s req/s"] {
            assert_eq!(unit(suffix), None, "{suffix}");
        }
    }
}
