//! Several series into one: sums of rates, and sums, means or maxima of gauges.

use std::collections::BTreeMap;

use grid::Name;
use names::{KIND, TREATMENT, UNIT};
use rayon::prelude::*;

use crate::lattice::Laid;

/// How gauges are brought together; rates and differences of counters are always added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Agg {
    /// The mean of those that are there
    #[default]
    Mean,
    /// The sum of those that are there
    Sum,
    /// The largest of those that are there
    Max,
}

/// Brings together the columns that agree in `__name__` and the labels `by`.
///
/// The labels `le`, `vmrange` and `quantile` are kept as well, and what the header says of its series: buckets of different bounds cannot
/// be added, nor can quantiles be averaged. Per tick only the series that have a value count; the tick is a gap
/// where none has. Members are taken in order of name, so sums do not depend on threads.
pub(crate) fn aggregate(columns: Vec<Laid>, by: &[String], agg: Agg) -> Vec<Laid> {
    let mut groups: BTreeMap<String, Vec<Laid>> = BTreeMap::new();
    for column in columns {
        groups.entry(reduced(&column.name, by)).or_default().push(column);
    }
    let groups: Vec<(String, Vec<Laid>)> = groups.into_iter().collect();
    groups.into_par_iter().map(|(name, group)| join(name, group, agg)).collect()
}

/// Labels without which columns mean something else.
const KEPT: [&str; 6] = ["le", "vmrange", "quantile", TREATMENT, UNIT, KIND];

fn reduced(header: &str, by: &[String]) -> String {
    let mut name = Name::parse(header);
    if name.labels.is_empty() {
        return header.to_string();
    }
    name.labels.retain(|(label, _)| by.contains(label) || KEPT.contains(&label.as_str()));
    name.to_string()
}

fn join(name: String, group: Vec<Laid>, agg: Agg) -> Laid {
    let adds = group.iter().all(|column| column.adds);
    let agg = if adds { Agg::Sum } else { agg };
    let mut members = group.into_iter();
    let mut values = members.next().map(|column| column.values).unwrap_or_default();
    let mut counts: Vec<u32> = values.iter().map(|v| u32::from(!v.is_nan())).collect();
    for member in members {
        for ((value, count), own) in values.iter_mut().zip(&mut counts).zip(member.values) {
            if own.is_nan() {
                continue;
            }
            *value = match agg {
                _ if value.is_nan() => own,
                Agg::Max => value.max(own),
                Agg::Mean | Agg::Sum => *value + own,
            };
            *count += 1;
        }
    }
    if agg == Agg::Mean {
        for (value, count) in values.iter_mut().zip(counts) {
            *value /= f64::from(count);
        }
    }
    Laid { name, adds, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(name: &str, adds: bool, values: [f64; 2]) -> Laid {
        Laid { name: name.into(), adds, values: values.to_vec() }
    }

    #[test]
    fn rates_are_added_and_gauges_averaged_over_those_that_are_there() {
        let columns = vec![
            laid("g{i=\"a\",z=\"1\"}", false, [1.0, f64::NAN]),
            laid("g{i=\"a\",z=\"2\"}", false, [3.0, 5.0]),
            laid("r{i=\"a\",z=\"1\"}", true, [1.0, f64::NAN]),
            laid("r{i=\"a\",z=\"2\"}", true, [3.0, f64::NAN]),
        ];
        let joined = aggregate(columns.clone(), &["i".to_string()], Agg::Mean);
        assert_eq!(joined[0].name, "g{i=\"a\"}");
        assert_eq!(joined[0].values, [2.0, 5.0]);
        assert_eq!(joined[1].values[0], 4.0);
        assert!(joined[1].values[1].is_nan());
        assert_eq!(aggregate(columns, &[], Agg::Max)[0].values, [3.0, 5.0]);
    }

    #[test]
    fn bounds_and_quantiles_stay_apart() {
        let columns = vec![
            laid("d_bucket{a=\"1\",le=\"1\"}", true, [1.0, 1.0]),
            laid("d_bucket{a=\"1\",le=\"2\"}", true, [2.0, 2.0]),
            laid("carts_cpu", false, [0.0, 0.0]),
        ];
        let names: Vec<String> = aggregate(columns, &[], Agg::Sum).into_iter().map(|c| c.name).collect();
        assert_eq!(names, ["carts_cpu", "d_bucket{le=\"1\"}", "d_bucket{le=\"2\"}"]);
    }
}
