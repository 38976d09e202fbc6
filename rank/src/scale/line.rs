//! Straight lines through points: Theil and Sen's robust one, and two joined by a knee.

/// 97.5 % quantile of the normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// A robust line with the interval of its slope.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Median of the slopes between all pairs of points.
    pub slope: f64,
    /// Ends of the 95 % interval of the slope.
    pub interval: (f64, f64),
    /// `median(y) − slope · median(x)`.
    pub intercept: f64,
}

/// Theil's (1950) line with Sen's (1968) interval, as scipy's `theilslopes`.
///
/// The slope is the median of `(yⱼ − yᵢ)/(xⱼ − xᵢ)` over pairs with different x; the interval ends
/// at the slopes of rank `(N ∓ 1.96 σ)/2`, `σ² = (n(n−1)(2n+5) − Σ k(k−1)(2k+5))/18`, k the sizes
/// of groups of equal x and of equal y. `None` when all x are equal. Cost: O(n² log n).
pub fn theil_sen(x: &[f64], y: &[f64]) -> Option<Line> {
    let mut slopes = Vec::new();
    for (i, (xi, yi)) in x.iter().zip(y).enumerate() {
        let later = x.iter().zip(y).skip(i + 1).filter(|(xj, _)| *xj != xi);
        slopes.extend(later.map(|(xj, yj)| (yj - yi) / (xj - xi)));
    }
    if slopes.is_empty() {
        return None;
    }
    slopes.sort_by(f64::total_cmp);
    let slope = median(&slopes);
    let (n, pairs) = (x.len() as f64, slopes.len() as f64);
    let sigma = ((n * (n - 1.0) * (2.0 * n + 5.0) - repeats(x) - repeats(y)) / 18.0).max(0.0).sqrt();
    let last = slopes.len() - 1;
    let upper = (((pairs + NORMAL * sigma) / 2.0).round_ties_even() as usize).min(last);
    let lower = (((pairs - NORMAL * sigma) / 2.0).round_ties_even() - 1.0).max(0.0) as usize;
    Some(Line { slope, interval: (slopes[lower], slopes[upper]), intercept: middle(y) - slope * middle(x) })
}

fn middle(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    median(&sorted)
}

/// Median of ascending values, of which there is at least one.
fn median(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    if n % 2 == 1 { sorted[n / 2] } else { f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]) }
}

/// `Σ k (k − 1)(2k + 5)` over groups of k equal values.
fn repeats(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let groups = sorted.chunk_by(|a, b| a == b).map(|group| group.len() as f64);
    groups.map(|k| k * (k - 1.0) * (2.0 * k + 5.0)).sum()
}

/// Two straight lines that meet: `y = a + b x` before `at`, slope `after` beyond it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knee {
    /// Where they meet.
    pub at: f64,
    /// Slope before.
    pub before: f64,
    /// Slope after.
    pub after: f64,
    /// Sum of squared residuals.
    pub residual: f64,
}

/// Fewest different x of a knee: four parameters and one to spare.
const KNEE_POINTS: usize = 5;

/// The knee of least squares, when it is worth its two parameters.
///
/// Every place between the second and the last but one point is considered: for each pair of
/// neighbours, where the lines of the two sides meet between them, and each point itself, with
/// `y = a + b x + c max(x − k, 0)` (Hudson 1966). Kept when it lowers Schwarz's (1978) criterion
/// `n ln(residual/n + exact²) + p ln n` below that of one line, y being known to ± `exact` (> 0) at
/// best. x must ascend; `None` for fewer than 5 different x or without a knee. Cost: O(n²).
pub fn knee(x: &[f64], y: &[f64], exact: f64) -> Option<Knee> {
    let n = x.len();
    let different = x.chunk_by(|a, b| a == b).count();
    let one = (different >= KNEE_POINTS).then(|| least_squares(x, y))??;
    let inner = (1..n - 1).filter_map(|k| hinge(x, y, x[k]));
    let meeting = (2..=n - 2).filter_map(|k| meet(x, y, k));
    let best = inner.chain(meeting).min_by(|a, b| a.residual.total_cmp(&b.residual))?;
    let cost = |residual: f64, parameters: f64| {
        n as f64 * (residual / n as f64 + exact * exact).ln() + parameters * (n as f64).ln()
    };
    (cost(best.residual, 4.0) < cost(one.residual, 2.0)).then_some(best)
}

struct Fit {
    intercept: f64,
    slope: f64,
    residual: f64,
}

/// Ordinary least squares; `None` when all x are equal.
fn least_squares(x: &[f64], y: &[f64]) -> Option<Fit> {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sxx: f64 = x.iter().map(|v| (v - mx) * (v - mx)).sum();
    let sxy: f64 = x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)).sum();
    let slope = (sxx > 0.0).then(|| sxy / sxx)?;
    let intercept = my - slope * mx;
    let residual = x.iter().zip(y).map(|(a, b)| (b - intercept - slope * a).powi(2)).sum();
    Some(Fit { intercept, slope, residual })
}

/// Lines through the first k and the other points, where they meet between the two sides.
fn meet(x: &[f64], y: &[f64], k: usize) -> Option<Knee> {
    let (left, right) = (least_squares(&x[..k], &y[..k])?, least_squares(&x[k..], &y[k..])?);
    let at = (left.intercept - right.intercept) / (right.slope - left.slope);
    let between = x[k - 1] < at && at < x[k];
    between.then_some(Knee { at, before: left.slope, after: right.slope, residual: left.residual + right.residual })
}

/// Least squares of `a + b x + c max(x − k, 0)`: the hinge and the line are made orthogonal first.
fn hinge(x: &[f64], y: &[f64], at: f64) -> Option<Knee> {
    let bend: Vec<f64> = x.iter().map(|v| (v - at).max(0.0)).collect();
    let (line, bent) = (least_squares(x, y)?, least_squares(x, &bend)?);
    let rest =
        |f: &Fit, v: &[f64]| -> Vec<f64> { x.iter().zip(v).map(|(a, b)| b - f.intercept - f.slope * a).collect() };
    let (ry, rb) = (rest(&line, y), rest(&bent, &bend));
    let norm: f64 = rb.iter().map(|v| v * v).sum();
    let c = (norm > 0.0).then(|| rb.iter().zip(&ry).map(|(a, b)| a * b).sum::<f64>() / norm)?;
    let residual = ry.iter().zip(&rb).map(|(a, b)| (a - c * b).powi(2)).sum();
    let before = line.slope - c * bent.slope;
    Some(Knee { at, before, after: before + c, residual })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wild_point_does_not_turn_the_line() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0];
        let line = theil_sen(&x, &[2.0, 4.0, 6.0, 80.0, 10.0]).unwrap();
        assert_eq!((line.slope, theil_sen(&[1.0, 1.0], &[0.0, 1.0])), (2.0, None));
    }

    #[test]
    fn a_knee_between_points_is_found_exactly() {
        let x: Vec<f64> = (0..8).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|v| 1.0 + 0.5 * v + 3.0 * (v - 4.3).max(0.0)).collect();
        let k = knee(&x, &y, 1e-9).unwrap();
        assert!((k.at - 4.3).abs() < 1e-9 && (k.before - 0.5).abs() < 1e-9 && (k.after - 3.5).abs() < 1e-9, "{k:?}");
    }

    #[test]
    fn a_straight_line_and_few_points_have_no_knee() {
        let x: Vec<f64> = (0..8).map(f64::from).collect();
        assert_eq!(knee(&x, &x, 1e-9), None);
        assert_eq!(knee(&x[..4], &[0.0, 0.0, 5.0, 10.0], 1e-9), None);
        assert_eq!(knee(&[1.0, 1.0, 2.0, 2.0, 3.0, 3.0], &[0.0, 0.1, 0.0, 0.1, 5.0, 5.1], 1e-9), None);
        assert_eq!(knee(&[], &[], 1e-9), None);
    }
}
