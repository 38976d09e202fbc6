//! Singular values by one-sided Jacobi rotations: slow for many columns, and the most exact there is.

/// Sweeps after which the rotations stop in any case; about ten are usual.
const SWEEPS: usize = 60;

/// Rotates pairs of columns of A until all are at right angles, A ← AW = UΣ, and returns W.
///
/// The columns come back sorted by length, longest first: their lengths are the singular values and
/// their directions the left singular vectors; the columns of W are the right ones. Small singular
/// values are as exact as large ones, relative to the column scaling (Demmel & Veselić 1992). Zero
/// columns stay; an empty matrix gives an empty W. Shapes: A is n × m, W m × m. Cost: about ten
/// sweeps of 5nm². Source: Hestenes 1958, J. SIAM 6:51.
pub(crate) fn orthogonalise(a: &mut [Vec<f64>]) -> Vec<Vec<f64>> {
    let m = a.len();
    let mut w: Vec<Vec<f64>> = (0..m).map(|j| (0..m).map(|i| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..SWEEPS {
        sort(a, &mut w);
        let mut turned = false;
        for i in 0..m {
            for j in i + 1..m {
                turned |= turn(a, &mut w, i, j);
            }
        }
        if !turned {
            break;
        }
    }
    sort(a, &mut w);
    w
}

/// Turns columns i and j into a right angle; false when they were at one already.
fn turn(a: &mut [Vec<f64>], w: &mut [Vec<f64>], i: usize, j: usize) -> bool {
    let (aa, bb, ab) = (dot(&a[i], &a[i]), dot(&a[j], &a[j]), dot(&a[i], &a[j]));
    if ab.abs() <= f64::EPSILON * aa.sqrt() * bb.sqrt() {
        return false;
    }
    let zeta = (bb - aa) / (2.0 * ab);
    let tangent = zeta.signum() / (zeta.abs() + zeta.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = cosine * tangent;
    rotate(a, i, j, cosine, sine);
    rotate(w, i, j, cosine, sine);
    sine != 0.0
}

fn rotate(columns: &mut [Vec<f64>], i: usize, j: usize, cosine: f64, sine: f64) {
    let (left, right) = columns.split_at_mut(j);
    for (x, y) in left[i].iter_mut().zip(&mut right[0]) {
        (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
    }
}

fn sort(a: &mut [Vec<f64>], w: &mut [Vec<f64>]) {
    let mut keyed: Vec<(f64, Vec<f64>, Vec<f64>)> =
        a.iter_mut().zip(w.iter_mut()).map(|(x, y)| (dot(x, x), std::mem::take(x), std::mem::take(y))).collect();
    keyed.sort_by(|x, y| y.0.total_cmp(&x.0));
    for ((x, y), (_, a, w)) in a.iter_mut().zip(w.iter_mut()).zip(keyed) {
        (*x, *y) = (a, w);
    }
}

/// The dot product, in eight running sums so that it can be done eight at a time.
pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let (mut sums, mut tail) = ([0.0; 8], 0.0);
    let (x_body, y_body) = (x.chunks_exact(8), y.chunks_exact(8));
    for (a, b) in x_body.remainder().iter().zip(y_body.remainder()) {
        tail += a * b;
    }
    for (a, b) in x_body.zip(y_body) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_of_factors_is_the_matrix_and_columns_are_orthogonal() {
        let original: Vec<Vec<f64>> =
            (0..5).map(|j| (0..20).map(|i| ((i * i + 3 * j * i + j) % 23) as f64).collect()).collect();
        let mut a = original.clone();
        let w = orthogonalise(&mut a);
        for i in 0..5 {
            for j in 0..i {
                assert!(dot(&a[i], &a[j]).abs() < 1e-10);
            }
            for row in 0..20 {
                let back: f64 = (0..5).map(|k| a[k][row] * w[k][i]).sum();
                assert!((back - original[i][row]).abs() < 1e-10);
            }
        }
        assert!(a.windows(2).all(|pair| dot(&pair[0], &pair[0]) >= dot(&pair[1], &pair[1])));
    }

    #[test]
    fn tiny_singular_value_is_exact() {
        let mut a = vec![vec![1e12, 0.0, 0.0], vec![1e12, 1e-3, 0.0]];
        orthogonalise(&mut a);
        let product = dot(&a[0], &a[0]).sqrt() * dot(&a[1], &a[1]).sqrt();
        assert!((product / 1e9 - 1.0).abs() < 1e-9, "the product of both is the determinant");
    }

    #[test]
    fn zero_and_empty_matrices_stay() {
        assert!(orthogonalise(&mut []).is_empty());
        let mut a = vec![vec![0.0; 3]; 2];
        orthogonalise(&mut a);
        assert_eq!(a, vec![vec![0.0; 3]; 2]);
    }
}
