//! The Universal Scalability Law (Gunther 1993, 2007).

use nalgebra::{DVector, Matrix3, MatrixXx3, Vector3};
use stats::student975;

/// A parameter and the half-width of its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// Half the width of its interval; 0 where points are as few as parameters.
    pub margin: f64,
}

/// The load of most throughput and its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// `√((1 − σ)/κ)`.
    pub at: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end; `None` where κ may be 0, so that throughput may grow without end.
    pub high: Option<f64>,
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
    /// Where throughput is largest; `None` where it grows without end.
    pub peak: Option<Peak>,
    /// Sum of squared residuals: of the logarithm, or of the values in units of their norm.
    pub residual: f64,
}

/// Rows `(1, N − 1, N (N − 1))`, one a load.
type Rows = MatrixXx3<f64>;

/// Steps of the fit at most.
const STEPS: usize = 500;
/// A step that moves no more than this in ln R ends the fit.
const SMALL: f64 = 1e-14;
/// Sums of squares that differ by less than this share are the same: that is their rounding.
const ROUNDING: f64 = 1e-12;

/// What is taken to be the same at all loads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fit {
    /// The noise as a share of what is measured, so that each load counts the same.
    #[default]
    Relative,
    /// The noise itself, so that the loads with the largest values count most.
    LeastSquares,
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measured {
    Throughput,
    Latency,
}

/// Fits the law to throughputs, by least squares of ln X or of X. Of the logarithm it is [`latency`]'s fit of N/X:
/// `ln X(N) − ln N = −ln R(N)`; of the values it is that of R's usl and of Gunther's book.
pub fn throughput(load: &[f64], measured: &[f64], fit: Fit) -> Option<Usl> {
    let latency: Vec<f64> = load.iter().zip(measured).map(|(n, x)| n / x).collect();
    fitted(load, &latency, Measured::Throughput, fit)
}

/// Fits the law to response times, `R(N) = N/X(N) = (1 + σ (N − 1) + κ N (N − 1)) / λ`, by least
/// squares of ln R or of R (Levenberg 1944, Marquardt 1963). Not bounded: a negative σ or κ means better than linear.
///
/// Steps are taken in `c = (1, σ, κ)/λ`, in which R is linear, from the linear fit of R with weights
/// 1/R. Intervals are those of the linearised problem, Student's t with n − 3 degrees, as scipy's
/// `curve_fit`. Levels whose R is not positive and finite are left out. `None` for fewer than 3
/// different loads, or when λ comes out as 0 or less. Cost: O(n) a step, some ten steps.
pub fn latency(load: &[f64], measured: &[f64], fit: Fit) -> Option<Usl> {
    fitted(load, measured, Measured::Latency, fit)
}

fn fitted(load: &[f64], latency: &[f64], measured: Measured, fit: Fit) -> Option<Usl> {
    let whole = |(n, y): &(f64, f64)| *n > 0.0 && *y > 0.0 && y.is_finite();
    let (load, y): (Vec<f64>, Vec<f64>) = load.iter().copied().zip(latency.iter().copied()).filter(whole).unzip();
    let (rows, y) = (rows(&load), DVector::from_vec(y));
    let problem = Problem::new(rows, y, DVector::from_vec(load), measured, fit);
    let flat = Vector3::new(problem.y.mean(), 0.0, 0.0);
    let start = solve(scaled(&problem.rows, &problem.y.map(f64::recip)), problem.y.map(|_| 1.0))?.0;
    let mut c = if problem.off(&start).norm().is_finite() { start } else { flat };
    let mut now = problem.off(&c);
    let mut damping = 1e-3;
    for _ in 0..STEPS {
        let next = c + damped(problem.slopes(&c), now.clone(), damping)?;
        let then = problem.off(&next);
        if (&then - &now).norm() <= SMALL {
            break;
        }
        if then.norm_squared() <= now.norm_squared() * (1.0 + ROUNDING) {
            (c, now, damping) = (next, then, damping * 0.1);
        } else {
            damping *= 16.0;
        }
    }
    let root = solve(problem.slopes(&c), now.clone())?.1;
    Usl::new(&c, root, now.norm_squared(), problem.y.len())
}

/// What the squares are of, and how it changes with c.
struct Problem {
    rows: Rows,
    y: DVector<f64>,
    load: DVector<f64>,
    measured: Measured,
    fit: Fit,
    /// Size of the values, in which residuals of values are taken.
    size: f64,
}

impl Problem {
    fn new(rows: Rows, y: DVector<f64>, load: DVector<f64>, measured: Measured, fit: Fit) -> Self {
        let size = match measured {
            Measured::Throughput => load.component_div(&y).norm(),
            Measured::Latency => y.norm(),
        };
        Problem { rows, y, load, measured, fit, size }
    }

    /// Residuals. Where a law is negative that of its logarithm is NaN, and no better than any other.
    fn off(&self, c: &Vector3<f64>) -> DVector<f64> {
        let law = &self.rows * c;
        match (self.fit, self.measured) {
            (Fit::Relative, _) => self.y.zip_map(&law, |y, law| (y / law).ln()),
            (_, Measured::Latency) => (&self.y - law) / self.size,
            _ => (self.load.component_div(&self.y) - self.load.component_div(&law)) / self.size,
        }
    }

    /// How the law changes with c, in the same unit.
    fn slopes(&self, c: &Vector3<f64>) -> Rows {
        let law = &self.rows * c;
        let by = match (self.fit, self.measured) {
            (Fit::Relative, _) => law.map(f64::recip),
            (_, Measured::Latency) => law.map(|_| 1.0 / self.size),
            _ => self.load.zip_map(&law, |n, law| -n / (law * law) / self.size),
        };
        scaled(&self.rows, &by)
    }
}

impl Usl {
    /// Throughput X at a load; the response time there is `load / X`.
    pub fn throughput_at(&self, load: f64) -> f64 {
        let (sigma, kappa) = (self.sigma.value, self.kappa.value);
        self.lambda.value * load / (1.0 + sigma * (load - 1.0) + kappa * load * (load - 1.0))
    }

    /// From `c = (1, σ, κ)/λ` and a root S of its covariance, `S Sᵀ`, for residuals of variance 1.
    fn new(c: &Vector3<f64>, root: Matrix3<f64>, residual: f64, points: usize) -> Option<Usl> {
        let (lambda, sigma, kappa) = (1.0 / c[0], c[1] / c[0], c[2] / c[0]);
        #[rustfmt::skip]
        let slopes = Matrix3::new(
            -lambda, 0.0, 0.0,
            -sigma,  1.0, 0.0,
            -kappa,  0.0, 1.0,
        ) * lambda;
        let margins = slopes * root * spread(residual, points);
        let estimate = |i: usize, value: f64| Estimate { value, margin: margins.row(i).norm() };
        let (sigma, kappa) = (estimate(1, sigma), estimate(2, kappa));
        let peak = Peak::new(sigma, kappa, margins.row(1).dot(&margins.row(2)));
        (c[0] > 0.0).then(|| Usl { lambda: estimate(0, lambda), sigma, kappa, peak, residual })
    }
}

impl Peak {
    /// Fieller's (1954) interval of the ratio (1 − σ)/κ: all q for which `1 − σ − κ q` is no further
    /// from 0 than its own margin. `shared` is the covariance of σ and κ, times t².
    fn new(sigma: Estimate, kappa: Estimate, shared: f64) -> Option<Peak> {
        let (s, k, ds, dk) = (1.0 - sigma.value, kappa.value, sigma.margin, kappa.margin);
        // The ends solve a q² − 2 b q + c = 0; `root` is √(b² − a c) without its cancellation.
        let (a, b, c) = (k * k - dk * dk, s * k + shared, s * s - ds * ds);
        let root = (shared * (shared + 2.0 * s * k) + (k * ds).powi(2) + (s * dk).powi(2) - (ds * dk).powi(2)).max(0.0);
        let far = b + root.sqrt();
        let low = (c.max(0.0) / far).max(0.0).sqrt();
        let high = (a > 0.0).then(|| (far / a).sqrt());
        (s > 0.0 && k > 0.0).then(|| Peak { at: (s / k).sqrt(), low, high })
    }
}

fn rows(load: &[f64]) -> Rows {
    Rows::from_fn(load.len(), |i, j| [1.0, load[i] - 1.0, load[i] * (load[i] - 1.0)][j])
}

fn scaled(rows: &Rows, by: &DVector<f64>) -> Rows {
    Rows::from_fn(rows.nrows(), |i, j| rows[(i, j)] * by[i])
}

/// Least squares of `rows · c = y` by Householder's QR, with R⁻¹, the root of c's covariance; `None`
/// when the columns are not independent.
fn solve(rows: Rows, mut y: DVector<f64>) -> Option<(Vector3<f64>, Matrix3<f64>)> {
    let qr = (rows.nrows() >= 3).then(|| rows.qr())?;
    qr.q_tr_mul(&mut y);
    let r: Matrix3<f64> = qr.r().fixed_rows::<3>(0).into_owned();
    let independent = (0..3).all(|i| r[(i, i)].abs() > 1e-12 * r.column(i).norm());
    let root = independent.then(|| r.solve_upper_triangular(&Matrix3::identity()))??;
    Some((root * y.fixed_rows::<3>(0), root))
}

/// Least squares with a penalty on c of `damping` times the squared norm of each column.
fn damped(rows: Rows, y: DVector<f64>, damping: f64) -> Option<Vector3<f64>> {
    let n = rows.nrows();
    let penalty: [f64; 3] = std::array::from_fn(|j| damping.sqrt() * rows.column(j).norm());
    let mut tall = rows.resize_vertically(n + 3, 0.0);
    (0..3).for_each(|j| tall[(n + j, j)] = penalty[j]);
    Some(solve(tall, y.resize_vertically(n + 3, 0.0))?.0)
}

/// `t · √(residual / (n − 3))`.
fn spread(residual: f64, points: usize) -> f64 {
    let free = points.saturating_sub(3);
    if free == 0 { 0.0 } else { student975(free) * (residual / free as f64).sqrt() }
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
        let found = throughput(&LOADS, &x, Fit::Relative).unwrap();
        assert!(near(&found), "{found:?}");
        assert!((found.throughput_at(100.0) / law(100.0) - 1.0).abs() < 1e-6);
        assert!((found.peak.unwrap().at - ((1.0 - 0.0267) / 0.000_769_f64).sqrt()).abs() < 1e-4);
        assert!(near(&latency(&LOADS, &LOADS.map(|n| n / law(n)), Fit::Relative).unwrap()));
    }

    #[test]
    fn both_fits_find_a_law_without_noise() {
        let (x, r) = (LOADS.map(law), LOADS.map(|n| n / law(n)));
        assert!(near(&throughput(&LOADS, &x, Fit::LeastSquares).unwrap()));
        assert!(near(&latency(&LOADS, &r, Fit::LeastSquares).unwrap()));
    }

    #[test]
    fn linear_growth_has_no_peak() {
        let found = throughput(&LOADS, &LOADS.map(|n| 3.0 * n), Fit::Relative).unwrap();
        assert!(found.sigma.value.abs() < 1e-9 && found.kappa.value.abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn too_few_loads_fit_nothing() {
        assert_eq!(throughput(&[1.0, 2.0], &[1.0, 2.0], Fit::Relative), None);
        assert_eq!(throughput(&[5.0; 6], &[1.0; 6], Fit::Relative), None);
        assert_eq!(throughput(&[], &[], Fit::Relative), None);
        assert_eq!(throughput(&LOADS, &[0.0; 7], Fit::Relative), None);
    }
}
