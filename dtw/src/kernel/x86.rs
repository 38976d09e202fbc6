//! The twins for AVX-512 and AVX2, through the safe intrinsics of pulp.

use super::lanes::{LANES, Lanes, Work};
use pulp::x86::{V3, V4};
use pulp::{NullaryFnOnce, Simd, f64x4, f64x8};

/// Hands our work to pulp, which compiles it for `lanes`.
struct Compiled<L, W>(L, W);

impl<L: Lanes, W: Work> NullaryFnOnce for Compiled<L, W> {
    type Output = W::Output;
    #[inline(always)]
    fn call(self) -> W::Output {
        self.1.run(self.0)
    }
}

impl Lanes for V4 {
    type V = f64x8;
    #[inline(always)]
    fn splat(self, x: f64) -> f64x8 {
        self.splat_f64x8(x)
    }
    #[inline(always)]
    fn load(self, x: [f64; LANES]) -> f64x8 {
        pulp::cast(x)
    }
    #[inline(always)]
    fn store(self, v: f64x8) -> [f64; LANES] {
        pulp::cast(v)
    }
    #[inline(always)]
    fn add(self, a: f64x8, b: f64x8) -> f64x8 {
        self.add_f64x8(a, b)
    }
    #[inline(always)]
    fn sub(self, a: f64x8, b: f64x8) -> f64x8 {
        self.sub_f64x8(a, b)
    }
    #[inline(always)]
    fn mul(self, a: f64x8, b: f64x8) -> f64x8 {
        self.mul_f64x8(a, b)
    }
    #[inline(always)]
    fn min(self, a: f64x8, b: f64x8) -> f64x8 {
        self.min_f64x8(a, b)
    }
    #[inline(always)]
    fn max(self, a: f64x8, b: f64x8) -> f64x8 {
        self.max_f64x8(a, b)
    }
    #[inline(always)]
    fn le(self, a: f64x8, b: f64x8) -> u8 {
        self.cmp_le_f64x8(a, b).0
    }
    #[inline(always)]
    fn run<W: Work>(self, work: W) -> W::Output {
        Simd::vectorize(self, Compiled(self, work))
    }
}

impl Lanes for V3 {
    type V = [f64x4; 2];
    #[inline(always)]
    fn splat(self, x: f64) -> Self::V {
        [self.splat_f64x4(x); 2]
    }
    #[inline(always)]
    fn load(self, x: [f64; LANES]) -> Self::V {
        pulp::cast(x)
    }
    #[inline(always)]
    fn store(self, v: Self::V) -> [f64; LANES] {
        pulp::cast(v)
    }
    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        [self.add_f64x4(a[0], b[0]), self.add_f64x4(a[1], b[1])]
    }
    #[inline(always)]
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        [self.sub_f64x4(a[0], b[0]), self.sub_f64x4(a[1], b[1])]
    }
    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        [self.mul_f64x4(a[0], b[0]), self.mul_f64x4(a[1], b[1])]
    }
    #[inline(always)]
    fn min(self, a: Self::V, b: Self::V) -> Self::V {
        [self.min_f64x4(a[0], b[0]), self.min_f64x4(a[1], b[1])]
    }
    #[inline(always)]
    fn max(self, a: Self::V, b: Self::V) -> Self::V {
        [self.max_f64x4(a[0], b[0]), self.max_f64x4(a[1], b[1])]
    }
    #[inline(always)]
    fn le(self, a: Self::V, b: Self::V) -> u8 {
        let half = |k: usize| {
            let mask: [u64; 4] = pulp::cast(self.cmp_le_f64x4(a[k], b[k]));
            (0..4).fold(0u8, |bits, l| bits | (((mask[l] & 1) as u8) << l))
        };
        half(0) | (half(1) << 4)
    }
    #[inline(always)]
    fn run<W: Work>(self, work: W) -> W::Output {
        Simd::vectorize(self, Compiled(self, work))
    }
}
