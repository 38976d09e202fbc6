//! How many rows a sample stands for, where a grid has more rows than there were scrapes.

/// Changes that lie so far apart by chance, at most so often, are taken for those of scrapes.
const CHANCE: f64 = 0.1;

/// Rows that each sample of a metric's `runs` (in time order, NaN = missing) stands for: the greatest common divisor of the rows
/// between its changes within a run, as of scrapes every 15 s in rows of 5 s, where it is no chance; else 1. Cost: O(n), and mostly
/// a few rows, for most metrics change in successive ones.
pub fn rows_held<'a>(runs: impl IntoIterator<Item = &'a [f64]>) -> usize {
    let (mut rows, mut gaps) = (0_usize, 0_i32);
    for run in runs {
        let (mut last, mut changed) = (f64::NAN, None);
        for (at, value) in run.iter().enumerate().filter(|(_, value)| value.is_finite()) {
            if (value - last).abs() > 0.0
                && let Some(before) = changed.replace(at)
            {
                (rows, gaps) = (divisor(rows, at - before), gaps + 1);
                if rows == 1 {
                    return 1;
                }
            }
            last = *value;
        }
    }
    if rows > 1 && chance(rows as f64, gaps) <= CHANCE { rows } else { 1 }
}

/// Probability that a divisor so large, or a larger one, is common to so many gaps by chance: `Σ j^−gaps` over all j from `rows`
/// on, for one in j is a multiple of j (Euler–Maclaurin, to the second term). One gap is a multiple of itself.
fn chance(rows: f64, gaps: i32) -> f64 {
    if gaps < 2 { 1.0 } else { rows.powi(-gaps) * (rows / f64::from(gaps - 1) + 0.5) }
}

/// The greatest common divisor (Euclid); of 0 and a number that number.
fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(rows: usize, from: usize, n: usize) -> Vec<f64> {
        (0..n).map(|at| ((at + from) / rows) as f64).collect()
    }

    #[test]
    fn scrapes_between_rows_are_held() {
        for rows in [2, 3, 4, 12] {
            assert_eq!(rows_held([every(rows, 1, 60).as_slice()]), rows);
        }
        assert_eq!(rows_held([every(3, 0, 60).as_slice(), &every(3, 2, 30)]), 3);
        assert_eq!(rows_held([[5.0; 60].as_slice(), &every(3, 2, 30)]), 3);
    }

    #[test]
    fn a_scrape_may_bring_no_change_or_nothing() {
        let seldom: Vec<f64> = every(3, 0, 60).iter().map(|v| (v / 2.0).floor() + f64::from(*v == 7.0)).collect();
        assert_eq!(rows_held([seldom.as_slice()]), 3);
        let gap: Vec<f64> = every(3, 0, 60).iter().map(|v| if *v == 7.0 { f64::NAN } else { *v }).collect();
        assert_eq!(rows_held([gap.as_slice()]), 3);
    }

    #[test]
    fn chance_is_the_sum_over_all_larger_divisors() {
        for (rows, gaps) in [(2, 4), (3, 3), (4, 2), (5, 9)] {
            let sum: f64 = (rows..100_000).map(|j| f64::from(j).powi(-gaps)).sum();
            let found = chance(f64::from(rows), gaps);
            assert!((found / sum - 1.0).abs() < 0.2, "{rows} {gaps}: {found} {sum}");
        }
    }

    #[test]
    fn few_changes_and_uneven_ones_say_nothing() {
        for changes in [vec![], vec![4], vec![4, 10], vec![4, 7, 10], vec![4, 7, 10, 12], vec![2, 6, 8, 14]] {
            let run: Vec<f64> = (0..30).map(|at| changes.iter().filter(|c| **c <= at).count() as f64).collect();
            assert_eq!(rows_held([run.as_slice()]), 1, "{changes:?}");
        }
        assert_eq!(rows_held([every(1, 0, 60).as_slice(), &every(3, 0, 60)]), 1);
        assert_eq!(rows_held([[f64::NAN; 9].as_slice()]), 1);
    }
}
