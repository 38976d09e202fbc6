//! Classic histograms: `_bucket` families into quantiles and means.

use std::collections::BTreeMap;

use grid::Name;
use rayon::prelude::*;

use crate::lattice::Laid;

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
type Family = Vec<(f64, Vec<f64>)>;

/// Replaces the `_bucket` columns by `name{quantile="…"}`, and adds `name_mean`, the quotient of
/// `_sum` and `_count`. A tick without any bucket or without observations is a gap.
pub(crate) fn to_quantiles(columns: Vec<Laid>, quantiles: &[f64]) -> Vec<Laid> {
    let mut families: BTreeMap<Name, Family> = BTreeMap::new();
    let mut kept = Vec::with_capacity(columns.len());
    for column in columns {
        match bucket_of(&column.name) {
            Some((family, bound)) => families.entry(family).or_default().push((bound, column.values)),
            None => kept.push(column),
        }
    }
    let families: Vec<(Name, Family)> = families.into_iter().collect();
    let made: Vec<Vec<Laid>> = families
        .into_par_iter()
        .map(|(name, mut buckets)| {
            buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut made: Vec<Laid> = quantiles.iter().map(|&q| quantile_column(&name, &buckets, q)).collect();
            made.extend(mean_column(&name, &kept));
            made
        })
        .collect();
    kept.extend(made.into_iter().flatten());
    kept
}

/// The bucket columns are left out.
pub(crate) fn drop_buckets(columns: Vec<Laid>) -> Vec<Laid> {
    columns.into_iter().filter(|column| bucket_of(&column.name).is_none()).collect()
}

/// The histogram that a column is a bucket of, and its upper bound.
pub(crate) fn bucket_of(header: &str) -> Option<(Name, f64)> {
    if !header.contains("_bucket") || !header.contains("le=") {
        return None;
    }
    let mut name = Name::parse(header);
    name.name = name.name.strip_suffix("_bucket")?.to_string();
    let bound = name.label("le")?.parse().ok()?;
    name.labels.retain(|(label, _)| label != "le");
    Some((name, bound))
}

fn quantile_column(name: &Name, buckets: &Family, q: f64) -> Laid {
    let ticks = buckets.first().map_or(0, |b| b.1.len());
    let mut reached = Vec::with_capacity(buckets.len());
    let values = (0..ticks).map(|tick| {
        reached.clear();
        reached.extend(buckets.iter().map(|(bound, values)| (*bound, values[tick])).filter(|b| !b.1.is_nan()));
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
        let made = to_quantiles(columns, &[0.5]);
        let names: Vec<&str> = made.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["d_count", "d_sum", "d{quantile=\"0.5\"}", "d_mean"]);
        assert_eq!((made[2].values[0], made[3].values[0]), (2.0, 1.5));
        assert!(made[2].values[1].is_nan() && made[3].values[1].is_nan());
    }
}
