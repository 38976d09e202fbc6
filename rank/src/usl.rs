//! The Universal Scalability Law (Gunther 1993, 2007).

use crate::student::quantile975;

/// A parameter and the half-width of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Half the width of its interval; 0 where points are as few as parameters.
    pub margin: f64,
}

/// Throughput at load N: `X(N) = λ N / (1 + σ (N − 1) + κ N (N − 1))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usl {
    /// λ, the throughput of one user.
    pub lambda: Estimate,
    /// σ, contention: the share of work that waits its turn.
    pub sigma: Estimate,
    /// κ, coherency: the cost of agreeing, pair by pair.
    pub kappa: Estimate,
    /// Sum of squared residuals.
    pub residual: f64,
}

impl Usl {
    /// Load of the largest throughput, `√((1 − σ)/κ)`; `None` where it grows without end.
    pub fn peak(&self) -> Option<f64> {
        let (s, k) = (self.sigma.value, self.kappa.value);
        (k > 0.0 && s < 1.0).then(|| ((1.0 - s) / k).sqrt())
    }
}

type Vector = [f64; 3];
type Matrix = [Vector; 3];

/// Steps of the fit at most.
const STEPS: usize = 500;

/// Fits the law to throughputs by least squares (Levenberg 1944, Marquardt 1963), not weighted and
/// not bounded: a negative σ or κ means better than linear. Intervals are those of the linearised
/// problem, Student's t with n − 3 degrees, as scipy's `curve_fit`. `None` for fewer than 3 loads,
/// or when nothing fits. Cost: O(n) a step, some dozens of steps.
pub fn throughput(load: &[f64], measured: &[f64]) -> Option<Usl> {
    // Scaled to numbers near 1, so that one step suits data of any unit.
    let (top, most) = (maximum(load)?, maximum(measured)?);
    let start = latency(load, &load.iter().zip(measured).map(|(n, x)| n / x).collect::<Vec<_>>())?;
    let mut p = [start.lambda.value * top / most, start.sigma.value * top, start.kappa.value * top * top];
    let y: Vec<f64> = measured.iter().map(|v| v / most).collect();
    let n: Vec<f64> = load.iter().map(|v| v / top).collect();
    let mut best = residual(&n, &y, &p, 1.0 / top);
    let mut damping = 1e-3;
    for _ in 0..STEPS {
        let (normal, gradient) = normal_equations(&n, &y, &p, 1.0 / top);
        let step = solve(damped(normal, damping), gradient)?;
        let next = [p[0] + step[0], p[1] + step[1], p[2] + step[2]];
        let now = residual(&n, &y, &next, 1.0 / top);
        if now <= best {
            let small = (0..3).all(|i| step[i].abs() <= 1e-14 * (1.0 + p[i].abs()));
            (p, best, damping) = (next, now, (damping * 0.2).max(1e-15));
            if small {
                break;
            }
        } else if damping > 1e12 {
            break;
        } else {
            damping *= 8.0;
        }
    }
    let margins = margins(normal_equations(&n, &y, &p, 1.0 / top).0, best, load.len())?;
    let scales = [most / top, 1.0 / top, 1.0 / (top * top)];
    let estimate = |i: usize| Estimate { value: p[i] * scales[i], margin: margins[i] * scales[i] };
    Some(Usl { lambda: estimate(0), sigma: estimate(1), kappa: estimate(2), residual: best * most * most })
}

/// Fits the law to response times: `R(N) = N / X(N) = (1 + σ (N − 1) + κ N (N − 1)) / λ`, which is
/// linear in 1/λ, σ/λ and κ/λ; intervals of σ and κ by the delta method. `None` for fewer than 3
/// loads or when R at load 1 comes out as 0 or less.
pub fn latency(load: &[f64], measured: &[f64]) -> Option<Usl> {
    let rows: Vec<Vector> = load.iter().map(|n| [1.0, n - 1.0, n * (n - 1.0)]).collect();
    let scale: Vector = std::array::from_fn(|i| rows.iter().map(|r| r[i].abs()).fold(0.0, f64::max));
    let (mut normal, mut right) = (Matrix::default(), Vector::default());
    for (row, y) in rows.iter().zip(measured) {
        add(&mut normal, &mut right, &std::array::from_fn(|i| row[i] / scale[i]), *y);
    }
    let c = solve(normal, right)?;
    let c: Vector = std::array::from_fn(|i| c[i] / scale[i]);
    let fitted = |row: &Vector| row.iter().zip(&c).map(|(a, b)| a * b).sum::<f64>();
    let residual: f64 = rows.iter().zip(measured).map(|(row, y)| (y - fitted(row)).powi(2)).sum();
    let inverse = inverse(normal)?;
    let t = spread(residual, load.len());
    let covariance = |i: usize, j: usize| inverse[i][j] / scale[i] / scale[j];
    let ratio = |i: usize| {
        let r = c[i] / c[0];
        let variance = (covariance(i, i) - 2.0 * r * covariance(0, i) + r * r * covariance(0, 0)) / (c[0] * c[0]);
        Estimate { value: r, margin: t * variance.max(0.0).sqrt() }
    };
    let lambda = Estimate { value: 1.0 / c[0], margin: t * covariance(0, 0).max(0.0).sqrt() / (c[0] * c[0]) };
    (c[0] > 0.0).then(|| Usl { lambda, sigma: ratio(1), kappa: ratio(2), residual })
}

fn maximum(values: &[f64]) -> Option<f64> {
    values.iter().copied().max_by(f64::total_cmp).filter(|v| *v > 0.0)
}

/// The law in scaled units, where load 1 is `unit`: value and derivatives by the parameters.
fn model(n: f64, p: &Vector, unit: f64) -> (f64, Vector) {
    let d = 1.0 + p[1] * (n - unit) + p[2] * n * (n - unit);
    let x = p[0] * n / d;
    (x, [n / d, -x * (n - unit) / d, -x * n * (n - unit) / d])
}

fn residual(n: &[f64], y: &[f64], p: &Vector, unit: f64) -> f64 {
    let sum: f64 = n.iter().zip(y).map(|(n, y)| (y - model(*n, p, unit).0).powi(2)).sum();
    if sum.is_finite() { sum } else { f64::INFINITY }
}

fn normal_equations(n: &[f64], y: &[f64], p: &Vector, unit: f64) -> (Matrix, Vector) {
    let (mut normal, mut right) = (Matrix::default(), Vector::default());
    for (n, y) in n.iter().zip(y) {
        let (x, slopes) = model(*n, p, unit);
        add(&mut normal, &mut right, &slopes, y - x);
    }
    (normal, right)
}

fn add(normal: &mut Matrix, right: &mut Vector, row: &Vector, y: f64) {
    for i in 0..3 {
        right[i] += row[i] * y;
        for j in 0..3 {
            normal[i][j] += row[i] * row[j];
        }
    }
}

fn damped(mut normal: Matrix, damping: f64) -> Matrix {
    for (i, row) in normal.iter_mut().enumerate() {
        row[i] *= 1.0 + damping;
    }
    normal
}

/// Gaussian elimination with pivots; `None` for a singular matrix.
fn solve(mut a: Matrix, mut b: Vector) -> Option<Vector> {
    for i in 0..3 {
        let pivot = (i..3).max_by(|x, y| a[*x][i].abs().total_cmp(&a[*y][i].abs()))?;
        a.swap(i, pivot);
        b.swap(i, pivot);
        if a[i][i].abs() < 1e-300 || !a[i][i].is_finite() {
            return None;
        }
        for row in i + 1..3 {
            let factor = a[row][i] / a[i][i];
            let above = a[i];
            for (cell, up) in a[row].iter_mut().zip(above) {
                *cell -= factor * up;
            }
            b[row] -= factor * b[i];
        }
    }
    for i in (0..3).rev() {
        let known: f64 = (i + 1..3).map(|j| a[i][j] * b[j]).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    b.iter().all(|v| v.is_finite()).then_some(b)
}

fn inverse(a: Matrix) -> Option<Matrix> {
    let unit = |i: usize| std::array::from_fn(|j| f64::from(u8::from(i == j)));
    Some([solve(a, unit(0))?, solve(a, unit(1))?, solve(a, unit(2))?])
}

/// `t · √(residual / (n − 3))`.
fn spread(residual: f64, points: usize) -> f64 {
    let free = points.saturating_sub(3);
    if free == 0 { 0.0 } else { quantile975(free) * (residual / free as f64).sqrt() }
}

fn margins(normal: Matrix, residual: f64, points: usize) -> Option<Vector> {
    let inverse = inverse(normal)?;
    let t = spread(residual, points);
    Some(std::array::from_fn(|i| t * inverse[i][i].max(0.0).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADS: [f64; 7] = [1.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0];

    fn law(n: f64) -> f64 {
        995.6 * n / (1.0 + 0.0267 * (n - 1.0) + 0.000_769 * n * (n - 1.0))
    }

    fn near(found: &Usl) -> bool {
        let close = |e: Estimate, v: f64| (e.value - v).abs() < 1e-6 * v && e.margin < 1e-6 * v;
        close(found.lambda, 995.6) && close(found.sigma, 0.0267) && close(found.kappa, 0.000_769)
    }

    #[test]
    fn known_parameters_come_back_from_throughput_and_latency() {
        let x = LOADS.map(law);
        let found = throughput(&LOADS, &x).unwrap();
        assert!(near(&found), "{found:?}");
        assert!((found.peak().unwrap() - ((1.0 - 0.0267) / 0.000_769_f64).sqrt()).abs() < 1e-4);
        assert!(near(&latency(&LOADS, &LOADS.map(|n| n / law(n))).unwrap()));
    }

    #[test]
    fn linear_growth_has_no_peak() {
        let found = throughput(&LOADS, &LOADS.map(|n| 3.0 * n)).unwrap();
        assert!(found.sigma.value.abs() < 1e-9 && found.kappa.value.abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn too_few_loads_fit_nothing() {
        assert_eq!(throughput(&[1.0, 2.0], &[1.0, 2.0]), None);
        assert_eq!(throughput(&[5.0; 6], &[1.0; 6]), None);
        assert_eq!(throughput(&[], &[]), None);
        assert_eq!(throughput(&LOADS, &[0.0; 7]), None);
    }
}
