//! The two matrix products everything else is made of, in SIMD and in parallel.
//!
//! A matrix is a list of columns, each contiguous. `cross` is AᵀB (dot products of columns),
//! `combine` is AW (weighted sums of columns). The instruction set (AVX-512, AVX2 with FMA, or plain)
//! is chosen at run time; the order in which numbers are added depends on that choice and on the
//! shapes alone, never on the number of threads.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Columns of a tile on the left and on the right: 12 sums, 3 + 1 operands fill AVX2's 16 registers.
const LEFT: usize = 4;
const RIGHT: usize = 3;
/// Columns of a block: what one task takes.
const BLOCK: usize = 48;
/// Rows worked on at a time: seven columns of 384 doubles (21 KiB) stay in the first cache.
const DEPTH: usize = 384;

/// One block of dot products: `sums[i + j·a.len()] += aᵢ · bⱼ`.
struct Block<'a> {
    a: &'a [&'a [f64]],
    b: &'a [&'a [f64]],
    sums: &'a mut [f64],
}

impl WithSimd for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let rows = self.a.first().map_or(0, |column| column.len());
        for start in (0..rows).step_by(DEPTH) {
            let end = rows.min(start + DEPTH);
            for j in (0..self.b.len()).step_by(RIGHT) {
                let b: [&[f64]; RIGHT] = std::array::from_fn(|c| &self.b[(j + c).min(self.b.len() - 1)][start..end]);
                for i in (0..self.a.len()).step_by(LEFT) {
                    let a: [&[f64]; LEFT] = std::array::from_fn(|r| &self.a[(i + r).min(self.a.len() - 1)][start..end]);
                    let tile = tile(simd, a, b);
                    for (c, column) in tile.iter().enumerate().take(self.b.len() - j) {
                        for (r, sum) in column.iter().enumerate().take(self.a.len() - i) {
                            self.sums[i + r + (j + c) * self.a.len()] += sum;
                        }
                    }
                }
            }
        }
    }
}

/// Dot products of four columns with three.
#[inline(always)]
fn tile<S: Simd>(simd: S, a: [&[f64]; LEFT], b: [&[f64]; RIGHT]) -> [[f64; LEFT]; RIGHT] {
    let (a_body, a_tail) = split::<S, LEFT>(a);
    let (b_body, b_tail) = split::<S, RIGHT>(b);
    let mut sums = [[simd.splat_f64s(0.0); LEFT]; RIGHT];
    let len = a_body[0].len();
    let a_body = a_body.map(|part| &part[..len]);
    let b_body = b_body.map(|part| &part[..len]);
    for t in 0..len {
        let left = a_body.map(|part| part[t]);
        for c in 0..RIGHT {
            for r in 0..LEFT {
                sums[c][r] = simd.mul_add_e_f64s(left[r], b_body[c][t], sums[c][r]);
            }
        }
    }
    std::array::from_fn(|c| {
        std::array::from_fn(|r| {
            let tail: f64 = a_tail[r].iter().zip(b_tail[c]).map(|(x, y)| x * y).sum();
            simd.reduce_sum_f64s(sums[c][r]) + tail
        })
    })
}

#[inline(always)]
fn split<S: Simd, const N: usize>(columns: [&[f64]; N]) -> ([&[S::f64s]; N], [&[f64]; N]) {
    let parts = columns.map(|column| S::as_simd_f64s(column));
    (parts.map(|part| part.0), parts.map(|part| part.1))
}

/// AᵀB: the dot product of every column of `a` with every column of `b`.
///
/// Shapes: `a` is n × p, `b` is n × q, the answer p × q, a list of q columns. Cost: 2npq.
pub(crate) fn cross(a: &[&[f64]], b: &[&[f64]]) -> Vec<Vec<f64>> {
    let blocks: Vec<Vec<f64>> = a.par_chunks(BLOCK).map(|part| block(part, b)).collect();
    let mut out: Vec<Vec<f64>> = b.iter().map(|_| Vec::with_capacity(a.len())).collect();
    for (part, sums) in a.chunks(BLOCK).zip(&blocks) {
        for (column, sums) in out.iter_mut().zip(sums.chunks(part.len())) {
            column.extend_from_slice(sums);
        }
    }
    out
}

fn block(a: &[&[f64]], b: &[&[f64]]) -> Vec<f64> {
    let mut sums = vec![0.0; a.len() * b.len()];
    Arch::new().dispatch(Block { a, b, sums: &mut sums });
    sums
}

/// Adds AᵀA to `gram`, the p × p columns of which are kept whole (both triangles).
///
/// Only blocks on and above the diagonal are computed. Cost: np².
pub(crate) fn add_gram(gram: &mut [Vec<f64>], a: &[&[f64]]) {
    let parts: Vec<&[&[f64]]> = a.chunks(BLOCK).collect();
    let pairs: Vec<(usize, usize)> = (0..parts.len()).flat_map(|j| (0..=j).map(move |i| (i, j))).collect();
    let blocks: Vec<Vec<f64>> = pairs.par_iter().map(|&(i, j)| block(parts[i], parts[j])).collect();
    for (&(i, j), sums) in pairs.iter().zip(&blocks) {
        for (c, column) in sums.chunks(parts[i].len()).enumerate() {
            for (r, &sum) in column.iter().enumerate() {
                let (row, col) = (i * BLOCK + r, j * BLOCK + c);
                if row <= col {
                    gram[col][row] += sum;
                    gram[row][col] = gram[col][row];
                }
            }
        }
    }
}

/// Weighted sums of columns over one stretch of rows.
struct Mix<'a> {
    columns: &'a [&'a [f64]],
    weights: &'a [&'a [f64]],
    start: usize,
    out: &'a mut [Vec<f64>],
}

impl WithSimd for Mix<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let rows = self.start..self.start + self.out.first().map_or(0, Vec::len);
        let last = self.columns.len();
        for j in (0..last).step_by(LEFT) {
            let a: [&[f64]; LEFT] = std::array::from_fn(|r| &self.columns[(j + r).min(last - 1)][rows.clone()]);
            for (weights, sum) in self.weights.iter().zip(self.out.iter_mut()) {
                let weight = std::array::from_fn(|r| weights.get(j + r).copied().unwrap_or(0.0));
                mix(simd, a, weight, sum);
            }
        }
    }
}

/// `sum += w₀a₀ + w₁a₁ + w₂a₂ + w₃a₃`.
#[inline(always)]
fn mix<S: Simd>(simd: S, a: [&[f64]; LEFT], weight: [f64; LEFT], sum: &mut [f64]) {
    let (body, tail) = split::<S, LEFT>(a);
    let (sum_body, sum_tail) = S::as_mut_simd_f64s(sum);
    let weights = weight.map(|w| simd.splat_f64s(w));
    let len = sum_body.len();
    let body = body.map(|part| &part[..len]);
    for (t, total) in sum_body.iter_mut().enumerate() {
        for r in 0..LEFT {
            *total = simd.mul_add_e_f64s(weights[r], body[r][t], *total);
        }
    }
    for (t, total) in sum_tail.iter_mut().enumerate() {
        for r in 0..LEFT {
            *total += weight[r] * tail[r][t];
        }
    }
}

/// AW: for every column of `weights` the weighted sum of the columns of `a`.
///
/// Shapes: `a` is n × p with n = `rows`, `weights` p × q, the answer n × q. Cost: 2npq.
pub(crate) fn combine(a: &[&[f64]], weights: &[&[f64]], rows: usize) -> Vec<Vec<f64>> {
    let starts: Vec<usize> = (0..rows).step_by(DEPTH).collect();
    let parts: Vec<Vec<Vec<f64>>> = starts
        .par_iter()
        .map(|&start| {
            let mut out = vec![vec![0.0; DEPTH.min(rows - start)]; weights.len()];
            Arch::new().dispatch(Mix { columns: a, weights, start, out: &mut out });
            out
        })
        .collect();
    (0..weights.len()).map(|k| parts.iter().flat_map(|part| part[k].iter().copied()).collect()).collect()
}

/// Borrows every column of a matrix.
pub(crate) fn view(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// The same matrix in the form of another implementation.
    fn array(columns: &[Vec<f64>], rows: usize) -> Array2<f64> {
        Array2::from_shape_fn((rows, columns.len()), |(i, j)| columns[j][i])
    }

    fn matrix(rows: usize, columns: usize, seed: usize) -> Vec<Vec<f64>> {
        (0..columns).map(|j| (0..rows).map(|i| ((i * 31 + j * 17 + seed) % 101) as f64 / 7.0 - 5.0).collect()).collect()
    }

    #[test]
    fn products_equal_those_of_ndarray_at_every_shape() {
        for (rows, p, q) in [(0, 2, 2), (1, 1, 1), (7, 5, 2), (385, 50, 4), (801, 97, 7)] {
            let (a, b) = (matrix(rows, p, 1), matrix(rows, q, 9));
            let near = |got: &[Vec<f64>], want: &Array2<f64>| {
                let pairs = want.indexed_iter().all(|((i, j), want)| (got[j][i] - want).abs() < 1e-8);
                assert!(pairs && got.len() == want.ncols(), "{rows} {p} {q}");
            };
            near(&cross(&view(&a), &view(&b)), &array(&a, rows).t().dot(&array(&b, rows)));
            let weights = matrix(p, q, 3);
            near(&combine(&view(&a), &view(&weights), rows), &array(&a, rows).dot(&array(&weights, p)));
        }
    }

    /// The sums of one block, by the instructions of `simd`.
    fn sums<S: Simd>(simd: S, a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<f64> {
        let mut sums = vec![0.0; a.len() * b.len()];
        Block { a: &view(a), b: &view(b), sums: &mut sums }.with_simd(simd);
        sums
    }

    #[test]
    fn every_instruction_set_gives_the_same_sums() {
        let (a, b) = (matrix(803, 9, 2), matrix(803, 5, 6));
        let plain = sums(pulp::Scalar, &a, &b);
        let near = |got: &[f64]| got.iter().zip(&plain).all(|(x, y)| (x - y).abs() <= 1e-12 * (1.0 + y.abs()));
        assert!(near(&block(&view(&a), &view(&b))));
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = pulp::x86::V3::try_new() {
            assert!(near(&sums(avx2, &a, &b)));
        }
    }

    #[test]
    fn gram_is_symmetric_and_equals_cross() {
        let a = matrix(500, 101, 4);
        let mut gram = vec![vec![0.0; 101]; 101];
        add_gram(&mut gram, &view(&a));
        let want = cross(&view(&a), &view(&a));
        for i in 0..101 {
            for j in 0..101 {
                assert!((gram[i][j] - want[i][j]).abs() < 1e-8);
                assert_eq!(gram[i][j], gram[j][i]);
            }
        }
    }
}
