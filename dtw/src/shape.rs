//! Changes to a series before it is compared: its derivative, or its own units.

/// The derivative of Keogh & Pazzani (2001), one number per point:
/// `d_i = ((x_i - x_{i-1}) + (x_{i+1} - x_{i-1}) / 2) / 2`.
///
/// The first and last point take the derivative of their neighbours, as in the paper. A point
/// beside a missing one (NaN) is missing, and so is a derivative too large for a number. Fewer than three points have no derivative: all missing.
///
/// ```
/// assert_eq!(dtw::derivative(&[0.0, 1.0, 4.0, 9.0]), [1.5, 1.5, 3.5, 3.5]);
/// ```
pub fn derivative(x: &[f64]) -> Vec<f64> {
    let mut out = vec![f64::NAN; x.len()];
    if x.len() < 3 {
        return out;
    }
    for (d, w) in out[1..].iter_mut().zip(x.windows(3)) {
        let slope = ((w[1] - w[0]) + (w[2] - w[0]) / 2.0) / 2.0;
        *d = if slope.is_finite() { slope } else { f64::NAN };
    }
    let last = x.len() - 1;
    out[0] = if x[0].is_nan() { f64::NAN } else { out[1] };
    out[last] = if x[last].is_nan() { f64::NAN } else { out[last - 1] };
    out
}

/// The series in units of its own population deviation around its own mean, so that only its shape
/// is compared. A constant series becomes zeros; NaN stays.
///
/// ```
/// assert_eq!(dtw::normalise(&[1.0, 3.0]), [-1.0, 1.0]);
/// assert_eq!(dtw::normalise(&[5.0, 5.0]), [0.0, 0.0]);
/// ```
pub fn normalise(x: &[f64]) -> Vec<f64> {
    let present = || x.iter().copied().filter(|x| !x.is_nan());
    let count = present().count().max(1) as f64;
    let mean = present().sum::<f64>() / count;
    let deviation = (present().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt();
    // Rounding leaves a constant series a deviation of this order.
    let constant = deviation <= 1e-13 * mean.abs() || !deviation.is_finite();
    let one = |&x: &f64| match (x.is_nan(), constant) {
        (true, _) => x,
        (_, true) => 0.0,
        _ => (x - mean) / deviation,
    };
    x.iter().map(one).collect()
}
