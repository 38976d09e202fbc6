//! The largest eigenvalues of a symmetric matrix that is only ever multiplied with.

use super::jacobi::dot;
use super::product::{combine, cross, view};
use nalgebra::{DMatrix, SymmetricEigen};

/// Residual, relative to the largest eigenvalue, at which a pair counts as found.
pub(crate) const TOLERANCE: f64 = 1e-14;

/// How wide the blocks of a search are, how large its space grows, and how long it goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Directions in a block beyond those wanted, and at most.
    spare: usize,
    widest: usize,
    /// Directions in the space, in blocks.
    blocks: usize,
    /// Products with a block after which the search ends in any case.
    products: usize,
}

/// Where a few strong directions stand out, as in most grids: a product is dear, the space small.
pub(crate) const SMALL_SPACE: Shape = Shape { spare: 6, widest: 24, blocks: 10, products: 40 };
/// Where values lie close together, as in noise: many products, which a Gram matrix makes cheap, before a new start.
pub(crate) const LARGE: Shape = Shape { spare: 0, widest: 4, blocks: 150, products: 1200 };

/// A symmetric matrix A that is known by its products: the columns of AB for those of B.
pub(crate) type Product<'a> = dyn Fn(&[Vec<f64>]) -> Vec<Vec<f64>> + 'a;

/// Eigenvalues, largest first, and their eigenvectors.
#[derive(Clone, Debug)]
pub(crate) struct Pairs {
    /// Largest first.
    pub(crate) values: Vec<f64>,
    /// Orthonormal, one for each value.
    pub(crate) vectors: Vec<Vec<f64>>,
    /// The largest residual ‖Av − λv‖ over the largest eigenvalue.
    pub(crate) residual: f64,
}

/// All pairs of a small matrix of columns, by the dense method (tridiagonal QR). Cost: about 10m³.
pub(crate) fn dense(matrix: &[Vec<f64>]) -> Pairs {
    let size = matrix.len();
    let whole = DMatrix::from_fn(size, size, |i, j| f64::midpoint(matrix[j][i], matrix[i][j]));
    if size == 0 || whole.iter().any(|x| !x.is_finite()) {
        return Pairs { values: Vec::new(), vectors: Vec::new(), residual: f64::INFINITY };
    }
    let steps = 1000 * size.max(10);
    let Some(eigen) = SymmetricEigen::try_new(whole, f64::EPSILON, steps) else {
        return Pairs { values: Vec::new(), vectors: Vec::new(), residual: f64::INFINITY };
    };
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&i, &j| eigen.eigenvalues[j].total_cmp(&eigen.eigenvalues[i]));
    Pairs {
        values: order.iter().map(|&i| eigen.eigenvalues[i]).collect(),
        vectors: order.iter().map(|&i| eigen.eigenvectors.column(i).iter().copied().collect()).collect(),
        residual: 0.0,
    }
}

/// A basis Q of the searched space, with AQ and QᵀAQ.
struct Space {
    basis: Vec<Vec<f64>>,
    images: Vec<Vec<f64>>,
    small: Vec<Vec<f64>>,
}

/// The `count` largest pairs of a positive semi-definite matrix of which only `apply` (AB for a
/// block of columns B) is known.
///
/// 1. Q starts as b random directions (seeded, so the same each time).
/// 2. The space grows by AQ's part outside Q, b directions at a time.
/// 3. In the space, QᵀAQ is solved by [`dense`]; its pairs are those of A once ‖Av − λv‖ ≤ 1e-14 λ₁.
/// 4. A space that has grown to its limit starts again from its best directions.
///
/// Stops after the products of its shape, with the residual it has come to. Missing are the caller's matter: not
/// finite numbers end the search with infinite residual. Cost: some ten to thirty products with blocks of
/// count + 6 (at most 24) columns, or a few hundred of 4. Source: Halko, Martinsson, Shkolnisky & Tygert 2011, SIAM J.
/// Sci. Comput. 33:2580 (the block Krylov form of Halko, Martinsson & Tropp's subspace iteration);
/// the restart is that of Stathopoulos, Saad & Wu 1998.
pub(crate) fn largest(apply: &Product, size: usize, count: usize, shape: Shape) -> Pairs {
    let width = (count + shape.spare).min(shape.widest).min(size);
    let limit = (shape.blocks * width).max(2 * count + 4 * width).min(size);
    let mut space = Space { basis: Vec::new(), images: Vec::new(), small: Vec::new() };
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut block = space.orthonormal(random.block(size, width));
    let mut best = Pairs { values: Vec::new(), vectors: Vec::new(), residual: f64::INFINITY };
    let mut look = (6 * width).max(3 * count);
    for _ in 0..shape.products {
        if block.is_empty() {
            block = space.orthonormal(random.block(size, width));
        }
        let grown = space.grow(apply, block);
        let full = space.basis.len() + width > limit || space.basis.len() >= size;
        if full || space.basis.len() >= look {
            look = space.basis.len() * 3 / 2;
            best = space.pairs(count);
            if best.residual <= TOLERANCE || space.basis.len() >= size {
                break;
            }
        }
        block = if full { space.restart(count + width, width) } else { space.orthonormal(grown) };
    }
    best
}

impl Space {
    /// Takes the block into the basis and returns its image.
    fn grow(&mut self, apply: &Product, block: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        let images = apply(&block);
        self.basis.extend(block);
        let added = cross(&view(&self.basis), &view(&images));
        let old = self.small.len();
        for (row, column) in self.small.iter_mut().enumerate() {
            column.extend(added.iter().map(|new| new[row]));
        }
        self.small.extend(added);
        debug_assert!(self.small.iter().skip(old).all(|column| column.len() == self.basis.len()));
        self.images.extend(images.iter().cloned());
        images
    }

    /// The best pairs the space holds.
    fn pairs(&self, count: usize) -> Pairs {
        let inner = dense(&self.small);
        let count = count.min(inner.values.len());
        let weights = view(&inner.vectors[..count]);
        let rows = self.basis.first().map_or(0, Vec::len);
        let vectors = combine(&view(&self.basis), &weights, rows);
        let images = combine(&view(&self.images), &weights, rows);
        let scale = inner.values.first().copied().unwrap_or(0.0).abs();
        let worst = vectors
            .iter()
            .zip(&images)
            .zip(&inner.values)
            .map(|((v, image), value)| image.iter().zip(v).map(|(a, v)| (a - value * v).powi(2)).sum::<f64>().sqrt())
            .fold(0.0, f64::max);
        let residual = match () {
            () if count == 0 => f64::INFINITY,
            () if scale == 0.0 => 0.0,
            () => worst / scale,
        };
        Pairs { values: inner.values[..count].to_vec(), vectors, residual }
    }

    /// Shrinks to the best `keep` directions and returns the block to go on with: what the image of
    /// the first `width` of them has outside the space.
    fn restart(&mut self, keep: usize, width: usize) -> Vec<Vec<f64>> {
        let inner = dense(&self.small);
        let keep = keep.min(inner.values.len());
        let weights = view(&inner.vectors[..keep]);
        let rows = self.basis.first().map_or(0, Vec::len);
        let basis = combine(&view(&self.basis), &weights, rows);
        let images = combine(&view(&self.images), &weights, rows);
        let next = self.orthonormal(images.iter().take(width).cloned().collect());
        self.small = cross(&view(&basis), &view(&images));
        (self.basis, self.images) = (basis, images);
        next
    }

    /// What of the block is outside the basis, as orthonormal columns; directions that are not are
    /// left out. Projected twice ("twice is enough", Kahan).
    fn orthonormal(&self, mut block: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        let sizes: Vec<f64> = block.iter().map(|x| dot(x, x).sqrt()).collect();
        for _ in 0..2 {
            self.project_out(&mut block);
        }
        let mut out: Vec<Vec<f64>> = Vec::with_capacity(block.len());
        for (mut column, size) in block.into_iter().zip(sizes) {
            for _ in 0..2 {
                for done in &out {
                    let part = dot(done, &column);
                    column.iter_mut().zip(done).for_each(|(x, d)| *x -= part * d);
                }
            }
            let norm = dot(&column, &column).sqrt();
            if norm > 1e-13 * size && norm.is_normal() {
                column.iter_mut().for_each(|x| *x /= norm);
                out.push(column);
            }
        }
        self.project_out(&mut out);
        for column in &mut out {
            let norm = dot(column, column).sqrt();
            column.iter_mut().for_each(|x| *x /= norm);
        }
        out.truncate(out.first().map_or(0, Vec::len).saturating_sub(self.basis.len()));
        out
    }

    fn project_out(&self, block: &mut [Vec<f64>]) {
        if self.basis.is_empty() || block.is_empty() {
            return;
        }
        let parts = cross(&view(&self.basis), &view(block));
        let rows = block[0].len();
        let inside = combine(&view(&self.basis), &view(&parts), rows);
        for (column, inside) in block.iter_mut().zip(inside) {
            column.iter_mut().zip(inside).for_each(|(x, y)| *x -= y);
        }
    }
}

/// Directions without favour: xorshift64* (Vigna 2016), seeded.
struct Random(u64);

impl Random {
    fn block(&mut self, size: usize, width: usize) -> Vec<Vec<f64>> {
        (0..width).map(|_| (0..size).map(|_| self.next()).collect()).collect()
    }

    fn next(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }
}
