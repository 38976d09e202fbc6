//! Which aspect of a phenomenon a series shows: its sum, its count, a bucket, a quantile.

use crate::Name;
use crate::text::tokens::each_word;

/// What a series says of the phenomenon it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// Its size as it is: a gauge, or a counter's rate.
    Level,
    /// All of it, added up: `_sum`, or a `_total` of time.
    Sum,
    /// How often: `_count`.
    Count,
    /// How often up to a limit: `_bucket`.
    Bucket,
    /// A quantile, by a label or by its name.
    Quantile,
    /// The mean: `_mean`, `_avg`.
    Mean,
    /// The smallest or largest: `_min`, `_max`.
    Extreme,
}

/// Last words that name an aspect. Of these only the first five and those of quantiles are taken off what is not a
/// histogram: `connections_max` is another thing than `connections`.
const ENDS: [(&str, Aspect); 11] = [
    ("sum", Aspect::Sum),
    ("count", Aspect::Count),
    ("bucket", Aspect::Bucket),
    ("total", Aspect::Level),
    ("created", Aspect::Level),
    ("mean", Aspect::Mean),
    ("avg", Aspect::Mean),
    ("average", Aspect::Mean),
    ("median", Aspect::Quantile),
    ("min", Aspect::Extreme),
    ("max", Aspect::Extreme),
];

/// Words before `min` and `max` that show them to be those of a distribution.
const MEASURES: [&str; 14] = [
    "seconds",
    "milliseconds",
    "microseconds",
    "ms",
    "bytes",
    "latency",
    "duration",
    "time",
    "size",
    "lat",
    "delay",
    "response",
    "elapsed",
    "rtt",
];

/// The aspect a series shows.
pub(crate) fn aspect(name: &Name) -> Aspect {
    if name.label("quantile").is_some_and(|q| !q.is_empty()) {
        return Aspect::Quantile;
    }
    let (mut last, mut before, mut timed) = (String::new(), String::new(), false);
    each_word(&name.name, |word| {
        timed |= MEASURES[..4].contains(&word);
        // A unit in brackets, `LatencyP90(s)`, is passed over.
        if !["s", "percent"].contains(&word) {
            std::mem::swap(&mut last, &mut before);
            last.clear();
            last.push_str(word);
        }
    });
    let measured = MEASURES.contains(&before.as_str());
    match ENDS.iter().find(|(word, _)| *word == last) {
        Some(("total", _)) if timed => Aspect::Sum,
        Some((_, Aspect::Extreme)) if !measured => Aspect::Level,
        Some((_, aspect)) => *aspect,
        None if is_quantile(&last) || is_share(&last) && measured => Aspect::Quantile,
        None => Aspect::Level,
    }
}

/// The phenomenon a series belongs to: its name without the words of an aspect, and its labels without `le` and
/// `quantile`. The sum, mean, count, buckets, quantiles, least and largest of one histogram have the same.
pub fn phenomenon(name: &Name) -> Name {
    let mut base = name.name.as_str();
    while let Some(shorter) = without_aspect(base) {
        base = shorter;
    }
    let kept = name.labels.iter().filter(|(key, _)| key != "le" && key != "quantile");
    Name { name: base.to_string(), labels: kept.cloned().collect() }
}

fn without_aspect(base: &str) -> Option<&str> {
    let at = base.rfind(['_', '.', '|', ' ', '-', ':'])?;
    let (rest, last) = (base[..at].trim_end_matches(['_', '.', '|', ' ']), base[at + 1..].to_ascii_lowercase());
    let before = words(rest).pop().unwrap_or_default();
    let measured = MEASURES.contains(&before.as_str());
    let found = ENDS.iter().find(|(word, _)| *word == last).map(|(_, aspect)| *aspect);
    let off = match found {
        Some(Aspect::Extreme) => measured,
        Some(_) => true,
        None => is_quantile(&last) || is_share(&last) && measured,
    };
    (off && !rest.is_empty()).then_some(rest)
}

/// The words of a name.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    each_word(text, |word| all.push(word.to_string()));
    all
}

/// `p50`, `p99`, `p999`.
fn is_quantile(word: &str) -> bool {
    word.strip_prefix('p').is_some_and(|rest| rest.len() >= 2 && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// `50`, `90`, `99`.
fn is_share(word: &str) -> bool {
    word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aspects_of_one_histogram_have_one_phenomenon() {
        for (header, expected) in [
            ("request_duration_seconds_sum", Aspect::Sum),
            ("request_duration_seconds_count", Aspect::Count),
            ("request_duration_seconds_bucket{le=\"1\"}", Aspect::Bucket),
            ("request_duration_seconds_mean", Aspect::Mean),
            ("request_duration_seconds_max", Aspect::Extreme),
            ("request_duration_seconds{quantile=\"0.99\"}", Aspect::Quantile),
        ] {
            let name = Name::parse(header);
            assert_eq!(aspect(&name), expected, "{header}");
            assert_eq!(phenomenon(&name).to_string(), "request_duration_seconds", "{header}");
        }
    }

    #[test]
    fn what_is_another_thing_keeps_its_name() {
        for (header, phenomenon_, expected) in [
            ("hikaricp_connections_max", "hikaricp_connections_max", Aspect::Level),
            ("carts|latency|p90", "carts|latency", Aspect::Quantile),
            ("carts|latency|Average", "carts|latency", Aspect::Mean),
            ("carts_lat_90", "carts_lat", Aspect::Quantile),
            ("carts|PodServerLatencyP90(s)", "carts|PodServerLatencyP90(s)", Aspect::Quantile),
            (
                "pgbouncer_stats_waiting_duration_microseconds_total",
                "pgbouncer_stats_waiting_duration_microseconds",
                Aspect::Sum,
            ),
            ("http_requests_total{code=\"500\"}", "http_requests{code=\"500\"}", Aspect::Level),
            ("sum", "sum", Aspect::Sum),
        ] {
            let name = Name::parse(header);
            assert_eq!((phenomenon(&name).to_string().as_str(), aspect(&name)), (phenomenon_, expected), "{header}");
        }
    }
}
