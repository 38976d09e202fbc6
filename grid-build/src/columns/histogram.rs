//! Classic histograms: `_bucket` families into quantiles and means.

use std::collections::BTreeMap;

use grid::Name;
use rayon::prelude::*;

use crate::lattice::Laid;
use crate::notes::{count, list};

/// The `q`-quantile of a classic histogram, as Prometheus' `histogram_quantile` finds it.
///
/// `buckets` are (upper bound, number of observations up to it), sorted by bound, the last bound
/// infinite. With rank = q * n, b the first bucket that holds at least rank, and l and u its bounds:
/// `l + (u - l) * (rank - n(b-1)) / (n(b) - n(b-1))`; l is 0 for the first bucket if its bound is
/// positive, else the bound itself is the answer; in the last bucket it is the bound before.
/// Counts that fall from one bound to the next are raised to the one before. None with fewer than
/// two buckets, without an infinite one, without observations, and for q outside 0 to 1. Linear.
pub fn quantile(q: f64, buckets: &[(f64, f64)]) -> Option<f64> {
    let (&(top, mut count), rest) = buckets.split_last()?;
    if top != f64::INFINITY || rest.is_empty() || !(0.0..=1.0).contains(&q) {
        return None;
    }
    count = rest.iter().fold(count, |most, b| most.max(b.1));
    if count.is_nan() || count <= 0.0 {
        return None;
    }
    let rank = q * count;
    let (mut below, mut start) = (f64::NEG_INFINITY, 0.0);
    for (at, &(bound, reached)) in rest.iter().enumerate() {
        let reached = reached.max(below);
        if reached < rank {
            (below, start) = (reached, bound);
            continue;
        }
        if at == 0 {
            return Some(if bound <= 0.0 { bound } else { bound * (rank / reached) }).filter(|v| !v.is_nan());
        }
        return Some(start + (bound - start) * ((rank - below) / (reached - below)));
    }
    rest.last().map(|&(bound, _)| bound)
}

/// One histogram: its buckets by bound, on the lattice.
type Family = Vec<(Bounds, Vec<f64>)>;

/// The bounds of a bucket: the lower one is there where the bucket counts what lies between them, not all up to the upper one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    lower: Option<f64>,
    upper: f64,
}

/// Replaces the `_bucket` columns by `name{quantile="…"}`, and adds `name_mean`, the quotient of
/// `_sum` and `_count`. A tick without any bucket or without observations is a gap.
pub(crate) fn to_quantiles(columns: Vec<Laid>, quantiles: &[f64], notes: &mut Vec<String>) -> Vec<Laid> {
    let mut families: BTreeMap<Name, Family> = BTreeMap::new();
    let mut kept = Vec::with_capacity(columns.len());
    for column in columns {
        match bucket_of(&column.name) {
            Some((family, bounds)) => families.entry(family).or_default().push((bounds, column.values)),
            None => kept.push(column),
        }
    }
    let mut families: Vec<(Name, Family)> = families.into_iter().collect();
    families.iter_mut().for_each(|(_, buckets)| accumulate(buckets));
    let is_open =
        |(_, buckets): &&(Name, Family)| buckets.last().is_some_and(|(bounds, _)| bounds.upper < f64::INFINITY);
    let open: Vec<String> = families.iter().filter(is_open).map(|(name, _)| name.to_string()).collect();
    if !open.is_empty() {
        let what = "without a bucket le=\"+Inf\", which says how many observations there are: no quantiles";
        notes.push(format!("{} {what}: {}", count(open.len(), "histogram"), list(&open)));
    }
    let made: Vec<Vec<Laid>> = families
        .into_par_iter()
        .map(|(name, buckets)| {
            let mut made: Vec<Laid> = quantiles.iter().map(|&q| quantile_column(&name, &buckets, q)).collect();
            made.extend(mean_column(&name, &kept));
            made
        })
        .collect();
    kept.extend(made.into_iter().flatten());
    kept
}

/// Sorts buckets by bound. Those of VictoriaMetrics, which count what lies in their range and are there where it holds
/// something, become counts up to each bound, as its `histogram_quantile` has it (`vmrangeBucketsToLE`, 2019).
fn accumulate(buckets: &mut Family) {
    buckets.sort_by(|(a, _), (b, _)| a.upper.total_cmp(&b.upper));
    if !buckets.iter().any(|(bounds, _)| bounds.lower.is_some()) {
        return;
    }
    let is_there = |tick: usize| buckets.iter().any(|(_, values)| !values[tick].is_nan());
    let ticks = buckets.first().map_or(0, |(_, values)| values.len());
    let mut sum: Vec<f64> = (0..ticks).map(|tick| if is_there(tick) { 0.0 } else { f64::NAN }).collect();
    let up_to = |upper: f64, sum: &[f64]| (Bounds { lower: None, upper }, sum.to_vec());
    let (mut counts, mut last) = (Family::new(), f64::NEG_INFINITY);
    for (Bounds { lower, upper }, values) in &*buckets {
        if let Some(lower) = lower.filter(|lower| *lower > last) {
            counts.push(up_to(lower, &sum));
        }
        sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += if value.is_nan() { 0.0 } else { *value });
        counts.push(up_to(*upper, &sum));
        last = *upper;
    }
    if last < f64::INFINITY {
        counts.push(up_to(f64::INFINITY, &sum));
    }
    *buckets = counts;
}

/// The bucket columns are left out.
pub(crate) fn drop_buckets(columns: Vec<Laid>) -> Vec<Laid> {
    columns.into_iter().filter(|column| bucket_of(&column.name).is_none()).collect()
}

/// The histogram that a column is a bucket of, and its bounds: `le="0.5"`, or VictoriaMetrics' `vmrange="0.4...0.5"`.
pub(crate) fn bucket_of(header: &str) -> Option<(Name, Bounds)> {
    if !header.contains("_bucket") {
        return None;
    }
    let mut name = Name::parse(header);
    name.name = name.name.strip_suffix("_bucket")?.to_string();
    let (lower, upper) = match (name.label("le"), name.label("vmrange")) {
        (Some(upper), _) => (None, upper),
        (None, Some(range)) => range.split_once("...").map(|(lower, upper)| (Some(lower), upper))?,
        (None, None) => return None,
    };
    let bounds = Bounds { lower: lower.map(str::parse).transpose().ok()?, upper: upper.parse().ok()? };
    name.labels.retain(|(label, _)| !["le", "vmrange"].contains(&label.as_str()));
    Some((name, bounds))
}

fn quantile_column(name: &Name, buckets: &Family, q: f64) -> Laid {
    let ticks = buckets.first().map_or(0, |b| b.1.len());
    let mut reached = Vec::with_capacity(buckets.len());
    let values = (0..ticks).map(|tick| {
        reached.clear();
        reached.extend(buckets.iter().map(|(bounds, values)| (bounds.upper, values[tick])).filter(|b| !b.1.is_nan()));
        quantile(q, &reached).unwrap_or(f64::NAN)
    });
    let values = values.collect();
    let mut labels = name.labels.clone();
    labels.push(("quantile".to_string(), q.to_string()));
    let name = Name::new(name.name.clone(), labels).to_string();
    Laid { name, adds: false, values }
}

fn mean_column(name: &Name, columns: &[Laid]) -> Option<Laid> {
    let with = |end: &str| Name { name: format!("{}{end}", name.name), labels: name.labels.clone() }.to_string();
    // Sorted by name as they came from the lattice.
    let find = |header: String| columns.binary_search_by(|c| c.name.cmp(&header)).ok().map(|at| &columns[at].values);
    let (sum, count) = (find(with("_sum"))?, find(with("_count"))?);
    let mean = |(s, n): (&f64, &f64)| if *n > 0.0 { s / n } else { f64::NAN };
    Some(Laid { name: with("_mean"), adds: false, values: sum.iter().zip(count).map(mean).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn quantiles_are_interpolated_in_their_bucket() {
        let buckets = [(0.1, 10.0), (0.5, 30.0), (1.0, 40.0), (INF, 50.0)];
        assert_eq!(quantile(0.5, &buckets), Some(0.1 + 0.4 * (15.0 / 20.0)));
        assert_eq!(quantile(0.1, &buckets), Some(0.05));
        assert_eq!(quantile(0.99, &buckets), Some(1.0));
        assert_eq!(quantile(1.0, &buckets), Some(1.0));
    }

    #[test]
    fn what_has_no_quantile_has_none() {
        assert_eq!(quantile(0.5, &[]), None);
        assert_eq!(quantile(0.5, &[(INF, 3.0)]), None);
        assert_eq!(quantile(0.5, &[(1.0, 3.0), (2.0, 3.0)]), None);
        assert_eq!(quantile(0.5, &[(1.0, 0.0), (INF, 0.0)]), None);
        assert_eq!(quantile(1.5, &[(1.0, 1.0), (INF, 1.0)]), None);
    }

    #[test]
    fn counts_that_fall_are_raised_and_negative_bounds_are_answers() {
        assert_eq!(quantile(0.5, &[(1.0, 4.0), (2.0, 2.0), (INF, 4.0)]), Some(0.5));
        assert_eq!(quantile(0.1, &[(-1.0, 4.0), (2.0, 6.0), (INF, 6.0)]), Some(-1.0));
    }

    #[test]
    fn a_family_becomes_quantiles_and_a_mean() {
        let laid = |name: &str, value: f64| Laid { name: name.into(), adds: true, values: vec![value, f64::NAN] };
        let columns = vec![
            laid("d_bucket{le=\"+Inf\"}", 4.0),
            laid("d_bucket{le=\"2\"}", 2.0),
            laid("d_count", 4.0),
            laid("d_sum", 6.0),
        ];
        let made = to_quantiles(columns, &[0.5], &mut Vec::new());
        let names: Vec<&str> = made.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["d_count", "d_sum", "d{quantile=\"0.5\"}", "d_mean"]);
        assert_eq!((made[2].values[0], made[3].values[0]), (2.0, 1.5));
        assert!(made[2].values[1].is_nan() && made[3].values[1].is_nan());
    }

    #[test]
    fn ranges_of_victoria_metrics_are_added_up() {
        let laid = |range: &str, value: f64| Laid {
            name: format!("d_bucket{{vmrange=\"{range}\"}}"),
            adds: true,
            values: vec![value, f64::NAN],
        };
        let (mut notes, ranges) = (Vec::new(), vec![laid("4...5", 10.0), laid("1...2", 30.0), laid("2...3", f64::NAN)]);
        let made = to_quantiles(ranges, &[0.5, 0.875], &mut notes);
        assert_eq!((made[0].values[0], made[1].values[0]), (1.0 + 20.0 / 30.0, 4.5));
        assert!(made[0].values[1].is_nan() && notes.is_empty());
    }
}
