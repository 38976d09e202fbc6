//! The two matrix products everything else is made of, in SIMD and in parallel.
//!
//! A matrix is a list of columns, each contiguous. `cross` is AᵀB (dot products of columns),
//! `combine` is AW (weighted sums of columns). The instruction set (AVX-512, AVX2 with FMA, or plain)
//! is chosen at run time, and gives the same bits: a dot product is always eight sums side by side, each
//! multiplied and added with one rounding. Neither does the number of threads change them.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Sums side by side in a dot product: one register of AVX-512, two of AVX2.
const LANES: usize = 8;
/// Columns that are mixed at a time.
const MIXED: usize = 4;
/// Columns of a tile on the right. With those on the left, four registers are 12 sums, which leaves AVX2 four.
const RIGHT: usize = 3;
/// Columns of a block: what one task takes.
const BLOCK: usize = 48;
/// Blocks whose sums are held beside the answer.
const TOGETHER: usize = 256;
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
        // Columns on the left, and registers of eight lanes: four registers together, or all that it takes.
        match S::F64_LANES {
            LANES => self.tiles::<S, 4, 1>(simd),
            4 => self.tiles::<S, 2, 2>(simd),
            2 => self.tiles::<S, 1, 4>(simd),
            _ => self.tiles::<S, 1, 8>(simd),
        }
    }
}

impl Block<'_> {
    #[inline(always)]
    fn tiles<S: Simd, const LEFT: usize, const PARTS: usize>(self, simd: S) {
        let rows = self.a.first().map_or(0, |column| column.len());
        for start in (0..rows).step_by(DEPTH) {
            let end = rows.min(start + DEPTH);
            for j in (0..self.b.len()).step_by(RIGHT) {
                let b: [&[f64]; RIGHT] = std::array::from_fn(|c| &self.b[(j + c).min(self.b.len() - 1)][start..end]);
                for i in (0..self.a.len()).step_by(LEFT) {
                    let a: [&[f64]; LEFT] = std::array::from_fn(|r| &self.a[(i + r).min(self.a.len() - 1)][start..end]);
                    let tile = tile::<S, LEFT, PARTS>(simd, a, b);
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

/// Dot products of a few columns with three, in eight lanes of `PARTS` registers; rows beyond a multiple of
/// eight one by one.
#[inline(always)]
fn tile<S: Simd, const LEFT: usize, const PARTS: usize>(
    simd: S,
    a: [&[f64]; LEFT],
    b: [&[f64]; RIGHT],
) -> [[f64; LEFT]; RIGHT] {
    let whole = a[0].len() / LANES * LANES;
    let a_body = a.map(|column| S::as_simd_f64s(&column[..whole]).0);
    let b_body = b.map(|column| S::as_simd_f64s(&column[..whole]).0);
    let mut sums = [[[simd.splat_f64s(0.0); PARTS]; LEFT]; RIGHT];
    let len = whole / S::F64_LANES;
    let a_body = a_body.map(|part| &part[..len]);
    let b_body = b_body.map(|part| &part[..len]);
    for t in (0..len).step_by(PARTS) {
        for part in 0..PARTS {
            // Not `a_body.map(…)`, which is a call, and takes a third of the time of all.
            let mut left = [simd.splat_f64s(0.0); LEFT];
            for r in 0..LEFT {
                left[r] = a_body[r][t + part];
            }
            for c in 0..RIGHT {
                for r in 0..LEFT {
                    sums[c][r][part] = simd.mul_add_f64s(left[r], b_body[c][t + part], sums[c][r][part]);
                }
            }
        }
    }
    std::array::from_fn(|c| {
        std::array::from_fn(|r| {
            let tail: f64 = a[r][whole..].iter().zip(&b[c][whole..]).map(|(x, y)| x * y).sum();
            added::<S>(&sums[c][r]) + tail
        })
    })
}

/// The sum of eight lanes, in halves.
#[inline(always)]
fn added<S: Simd>(registers: &[S::f64s]) -> f64 {
    let x: &[f64] = pulp::bytemuck::cast_slice(registers);
    ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]))
}

/// AᵀB: the dot product of every column of `a` with every column of `b`.
///
/// Shapes: `a` is n × p, `b` is n × q, the answer p × q, a list of q columns. Cost: 2npq.
pub(crate) fn cross(a: &[&[f64]], b: &[&[f64]]) -> Vec<Vec<f64>> {
    let mut out: Vec<Vec<f64>> = b.iter().map(|_| Vec::with_capacity(a.len())).collect();
    for stretch in a.chunks(TOGETHER * BLOCK) {
        let blocks: Vec<Vec<f64>> = stretch.par_chunks(BLOCK).map(|part| block(part, b)).collect();
        for (part, sums) in stretch.chunks(BLOCK).zip(&blocks) {
            for (column, sums) in out.iter_mut().zip(sums.chunks(part.len())) {
                column.extend_from_slice(sums);
            }
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
        for j in (0..last).step_by(MIXED) {
            let a: [&[f64]; MIXED] = std::array::from_fn(|r| &self.columns[(j + r).min(last - 1)][rows.clone()]);
            for (weights, sum) in self.weights.iter().zip(self.out.iter_mut()) {
                let weight = std::array::from_fn(|r| weights.get(j + r).copied().unwrap_or(0.0));
                mix(simd, a, weight, sum);
            }
        }
    }
}

/// `sum += w₀a₀ + w₁a₁ + w₂a₂ + w₃a₃`, added one by one.
#[inline(always)]
fn mix<S: Simd>(simd: S, a: [&[f64]; MIXED], weight: [f64; MIXED], sum: &mut [f64]) {
    let parts = a.map(|column| S::as_simd_f64s(column));
    let (sum_body, sum_tail) = S::as_mut_simd_f64s(sum);
    let weights = weight.map(|w| simd.splat_f64s(w));
    let len = sum_body.len();
    let body = parts.map(|part| &part.0[..len]);
    for (t, total) in sum_body.iter_mut().enumerate() {
        for r in 0..MIXED {
            *total = simd.mul_add_f64s(weights[r], body[r][t], *total);
        }
    }
    for (t, total) in sum_tail.iter_mut().enumerate() {
        for r in 0..MIXED {
            *total = weight[r].mul_add(parts[r].1[t], *total);
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

    /// The sums of one block, and a mix of columns, by the instructions of `simd`.
    fn products<S: Simd>(simd: S, a: &[Vec<f64>], b: &[Vec<f64>]) -> (Vec<f64>, Vec<Vec<f64>>) {
        let (a, b) = (view(a), view(b));
        let (mut sums, mut out) = (vec![0.0; a.len() * b.len()], vec![vec![0.0; a[0].len()]; 2]);
        simd.vectorize(Block { a: &a, b: &b, sums: &mut sums });
        simd.vectorize(Mix { columns: &a, weights: &[&b[0][..a.len()], &b[1][..a.len()]], start: 0, out: &mut out });
        (sums, out)
    }

    #[test]
    fn every_instruction_set_gives_the_same_bits() {
        for rows in [17, 384, 803] {
            let (a, b) = (matrix(rows, 9, 2), matrix(rows, 5, 6));
            let (a, b): (Vec<_>, Vec<_>) = (third(a), third(b));
            let plain = products(pulp::Scalar, &a, &b);
            assert_eq!(block(&view(&a), &view(&b)), plain.0);
            #[cfg(target_arch = "x86_64")]
            if let Some(avx2) = pulp::x86::V3::try_new() {
                assert_eq!(products(avx2, &a, &b), plain);
            }
            #[cfg(target_arch = "x86_64")]
            if let Some(avx512) = pulp::x86::V4::try_new() {
                assert_eq!(products(avx512, &a, &b), plain);
            }
        }
    }

    /// Thirds, which no product of two is exact of.
    fn third(columns: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        columns.into_iter().map(|column| column.into_iter().map(|x| x / 3.0).collect()).collect()
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
