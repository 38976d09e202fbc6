//! What is used and the limit it is held to: pairs of the catalogue's exporters.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::Name;
use crate::text::table::rows;

/// How the two series of a pair make a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// used / limit.
    Used,
    /// 1 − free / limit.
    Free,
    /// What came less what was taken, a count of what was lost; `limit` is what was taken.
    Lost,
}

/// Series that together are held to a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Places of the series of what is used (or free, or came); they are added up.
    pub used: Vec<usize>,
    /// Place of the limit.
    pub limit: usize,
    /// How they make a share.
    pub share: Share,
}

/// Metric name of what is used → metric name of the limit, and how they make a share.
pub(crate) type Pairs = HashMap<String, (String, Share)>;

/// The table of limits.
pub(crate) fn built_in() -> Pairs {
    let table = rows(include_str!("../../tables/limits.csv"), ["used", "limit", "share"]);
    let row = |[used, limit, share]: [String; 3]| {
        let share = match share.as_str() {
            "used" => Share::Used,
            "free" => Share::Free,
            "lost" => Share::Lost,
            _ => return None,
        };
        Some((used, (limit, share)))
    };
    table.into_iter().filter_map(row).collect()
}

/// The series of a limit by the names of their labels, and by the values of those.
type Shapes<'a> = HashMap<Vec<&'a str>, HashMap<Vec<&'a str>, usize>>;

/// The pairs among the series of a grid. A limit holds for the series that have all its labels with the same
/// values, but for those that name a part (`state`, `mode`, …), which only what is used has; where several limits
/// fit, the one with most labels, the last of them.
pub(crate) fn limits(pairs: &Pairs, names: &[Name]) -> Vec<Limit> {
    let mut of_limits: HashMap<&str, Shapes> = HashMap::new();
    let known: HashSet<&str> = pairs.values().map(|(limit, _)| limit.as_str()).collect();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| known.contains(name.name.as_str())) {
        let (labels, values) = name.labels.iter().map(|(label, value)| (label.as_str(), value.as_str())).unzip();
        of_limits.entry(&name.name).or_default().entry(labels).or_default().insert(values, at);
    }
    let mut found: BTreeMap<(usize, String, Share), Vec<usize>> = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        let Some((limit, share)) = pairs.get(&name.name) else { continue };
        let fit = |(labels, series): (&Vec<&str>, &HashMap<Vec<&str>, usize>)| {
            let own = |label: &&str| name.labels.iter().find(|(own, _)| own == label).map(|(_, value)| value.as_str());
            let values: Vec<&str> = labels.iter().map(own).collect::<Option<_>>()?;
            series.get(&values).copied()
        };
        let candidates = of_limits.get(limit.as_str()).into_iter().flatten().filter_map(fit);
        if let Some(place) = candidates.max_by_key(|place| (names[*place].labels.len(), *place)) {
            found.entry((place, name.name.clone(), *share)).or_default().push(at);
        }
    }
    found.into_iter().map(|((limit, _, share), used)| Limit { used, limit, share }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_finds_its_limit() {
        let names: Vec<Name> = [
            "pg_stat_activity_count{datname=\"a\",instance=\"p\",state=\"active\"}",
            "pg_stat_activity_count{datname=\"b\",instance=\"p\",state=\"idle\"}",
            "pg_settings_max_connections{instance=\"p\"}",
            "pg_settings_max_connections{instance=\"q\"}",
            "node_memory_MemAvailable_bytes{instance=\"n\"}",
            "node_memory_MemTotal_bytes{instance=\"n\"}",
            "nginx_connections_accepted",
            "nginx_connections_handled",
            "process_open_fds{job=\"x\"}",
        ]
        .map(Name::parse)
        .to_vec();
        let found = limits(&built_in(), &names);
        let expected = [
            Limit { used: vec![0, 1], limit: 2, share: Share::Used },
            Limit { used: vec![4], limit: 5, share: Share::Free },
            Limit { used: vec![6], limit: 7, share: Share::Lost },
        ];
        assert_eq!(found, expected);
    }
}
