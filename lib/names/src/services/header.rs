//! Headers without labels: `carts_cpu`, `cpu_carts`, `carts|latency|p90`.

use rustc_hash::FxHashMap;

use crate::text::table::rows;

/// What a word of such a header means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Exporter,
    Measure,
    Amount,
    Edge,
    Caller,
}

/// The words of `headers.csv`.
#[derive(Debug)]
pub(crate) struct Headers {
    words: FxHashMap<String, Meaning>,
}

impl Headers {
    pub(crate) fn built_in() -> Self {
        let meaning = |[word, meaning]: [String; 2]| {
            let meaning = match meaning.as_str() {
                "exporter" => Meaning::Exporter,
                "measure" => Meaning::Measure,
                "amount" => Meaning::Amount,
                "edge" => Meaning::Edge,
                "caller" => Meaning::Caller,
                _ => return None,
            };
            Some((word, meaning))
        };
        let table = rows(include_str!("../../tables/headers.csv"), ["word", "meaning"]);
        Self { words: table.into_iter().filter_map(meaning).collect() }
    }

    /// Splits `<service>|<metric>` or `<service>_<metric>`; turns `<measure>_<service>` round; a header of
    /// one word is a service of which nothing else is told, unless the word is a measure. What says how much, such as `free`, is
    /// no service: `free_memory`, `cpu_idle`, `latency_p99`.
    pub(crate) fn split<'a>(&self, header: &'a str) -> Option<(&'a str, &'a str)> {
        if let Some((service, metric)) = header.split_once('|') {
            return (!service.is_empty()).then_some((service.trim_end_matches(':'), metric));
        }
        let means = |text: &str| self.words.get(text.trim_start_matches('%').to_ascii_lowercase().as_str()).copied();
        let is_none = |word: &str| matches!(means(word), Some(Meaning::Exporter | Meaning::Amount));
        match header.split_once('_') {
            Some((word, _)) if word.is_empty() || is_none(word) => None,
            Some((measure, service)) if means(measure) == Some(Meaning::Measure) => {
                let word = service.split('_').next().unwrap_or_default();
                (!is_none(word) && !is_number(word)).then_some((service, measure))
            }
            Some((service, metric)) => Some((service.trim_end_matches(':'), metric)),
            None if header.contains([' ', '.', '/']) => None,
            None if is_none(header) || means(header) == Some(Meaning::Measure) => None,
            None => Some((header, "")),
        }
    }

    /// True for a metric of a call between two services.
    pub(crate) fn is_edge(&self, metric: &str) -> bool {
        let word = metric.split('_').next().unwrap_or_default();
        self.words.get(word) == Some(&Meaning::Edge)
    }

    /// True for names that say they are one end of a call, not a component: the last word is client, remote…
    pub(crate) fn is_caller(&self, service: &str) -> bool {
        let word = service.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let caller = self.words.get(word.to_ascii_lowercase().as_str()) == Some(&Meaning::Caller);
        service.len() > word.len() && caller
    }
}

/// A number, or a percentile such as `p99`.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('p').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_split_at_the_bar_or_the_first_underscore() {
        let headers = Headers::built_in();
        for (header, expected) in [
            ("front-end_cpu", Some(("front-end", "cpu"))),
            ("user-db_lat_90", Some(("user-db", "lat_90"))),
            ("a_AWS::X|latency|p90", Some(("a_AWS::X", "latency|p90"))),
            ("PetSite:|latency", Some(("PetSite", "latency"))),
            ("latency_carts", Some(("carts", "latency"))),
            ("payment", Some(("payment", ""))),
            ("process_cpu_seconds_total", None),
            ("cpu", None),
            ("cpu_usage_idle", None),
            ("memory_free", None),
            ("free_memory", None),
            ("load_1", None),
            ("latency_p99", None),
            ("cpu_payment", Some(("payment", "cpu"))),
            ("carts_mem_free", Some(("carts", "mem_free"))),
            ("iowait", None),
            ("_x", None),
            ("|x", None),
        ] {
            assert_eq!(headers.split(header), expected, "{header}");
        }
    }
}
