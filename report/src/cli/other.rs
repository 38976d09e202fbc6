//! Another run, drawn over this one.

use grid::Grid;
use report::{Line, Panel, Series};

use super::series::Store;

/// Adds the main metric of a picture as it was in the other run's overload, if that has it: what was measured as long after
/// the start, within a step of the other grid.
pub(crate) fn draw_over(panel: &mut Panel, store: &mut Store, other: &Grid) {
    let Some(main) = panel.lines.iter_mut().find(|line| line.rank == 0) else { return };
    let Some(column) = store.series.get(main.series).and_then(|series| other.find(&series.name)) else { return };
    let Some((times, before)) = store.times_ms.split_last() else { return };
    let values = aligned(times, &other.times_ms, &column.values);
    let gaps = before.iter().map(|times| vec![f64::NAN; times.len()]);
    let series = Series { name: String::new(), unit: store.unit(main.series), values: gaps.chain([values]).collect() };
    if main.label.is_empty() {
        main.label = "this run".into();
    }
    store.series.push(series);
    panel.lines.push(Line { label: "other run".into(), series: store.series.len() - 1, rank: Line::OTHER_RUN });
}

/// For each of `times` the value that was measured as long after the first of `other_times`, at most a step off.
fn aligned(times: &[i64], other_times: &[i64], values: &[f64]) -> Vec<f64> {
    let (Some(first), Some(other_first)) = (times.first(), other_times.first()) else { return Vec::new() };
    let step = other_times.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(1);
    let value = |time: &i64| {
        let wanted = time - first + other_first;
        let after = other_times.partition_point(|at| *at < wanted);
        let near = [after.wrapping_sub(1), after].into_iter().filter(|at| *at < other_times.len());
        let nearest = near.min_by_key(|at| (other_times[*at] - wanted).abs())?;
        ((other_times[nearest] - wanted).abs() < step).then(|| values.get(nearest).copied()).flatten()
    };
    times.iter().map(|time| value(time).unwrap_or(f64::NAN)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_laid_over_each_other_from_their_starts() {
        let found = aligned(&[100, 110, 120, 130, 140], &[5000, 5010, 5020, 5030], &[1.0, 2.0, f64::NAN, 4.0]);
        assert_eq!(found[..2], [1.0, 2.0]);
        assert!(found[2].is_nan() && found[3] == 4.0 && found[4].is_nan());
        assert_eq!(aligned(&[0, 500, 1000], &[0, 1000], &[7.0, 8.0]), [7.0, 7.0, 8.0]);
        assert!(aligned(&[0, 1], &[], &[]).iter().all(|value| value.is_nan()));
    }
}
