//! Eight candidates at once: one SIMD lane a candidate.
//!
//! Three twins with the same results to the last bit (no fused multiply-add, so that the bytes
//! on the pipe do not depend on the processor): AVX-512, AVX2, and plain arrays.

/// How many candidates a vector holds.
pub(crate) const LANES: usize = 8;

/// The arithmetic of one instruction set on eight numbers.
pub(crate) trait Lanes: Copy {
    /// Eight numbers.
    type V: Copy;
    /// The same number in every lane.
    fn splat(self, x: f64) -> Self::V;
    /// A number a lane.
    fn load(self, x: [f64; LANES]) -> Self::V;
    /// Back to numbers.
    fn store(self, v: Self::V) -> [f64; LANES];
    /// `a + b`.
    fn add(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a - b`.
    fn sub(self, a: Self::V, b: Self::V) -> Self::V;
    /// `a * b`.
    fn mul(self, a: Self::V, b: Self::V) -> Self::V;
    /// The smaller; `b` where either is NaN.
    fn min(self, a: Self::V, b: Self::V) -> Self::V;
    /// The larger; `b` where either is NaN.
    fn max(self, a: Self::V, b: Self::V) -> Self::V;
    /// Bit `l` is set where lane `l` has `a <= b`.
    fn le(self, a: Self::V, b: Self::V) -> u8;
    /// Runs `work` compiled for this instruction set.
    fn run<W: Work>(self, work: W) -> W::Output;
}

/// A computation written once and compiled for every instruction set.
pub(crate) trait Work {
    /// What it returns.
    type Output;
    /// The computation.
    fn run<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// Runs `work` with the widest vectors this processor has.
pub(crate) fn dispatch<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(v4) = pulp::x86::V4::try_new() {
            return v4.run(work);
        }
        if let Some(v3) = pulp::x86::V3::try_new() {
            return v3.run(work);
        }
    }
    Portable.run(work)
}

/// The twin without intrinsics.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

#[inline(always)]
fn zip(a: [f64; LANES], b: [f64; LANES], f: impl Fn(f64, f64) -> f64) -> [f64; LANES] {
    std::array::from_fn(|l| f(a[l], b[l]))
}

impl Lanes for Portable {
    type V = [f64; LANES];
    #[inline(always)]
    fn splat(self, x: f64) -> Self::V {
        [x; LANES]
    }
    #[inline(always)]
    fn load(self, x: [f64; LANES]) -> Self::V {
        x
    }
    #[inline(always)]
    fn store(self, v: Self::V) -> [f64; LANES] {
        v
    }
    #[inline(always)]
    fn add(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| a * b)
    }
    #[inline(always)]
    fn min(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| if a < b { a } else { b })
    }
    #[inline(always)]
    fn max(self, a: Self::V, b: Self::V) -> Self::V {
        zip(a, b, |a, b| if a > b { a } else { b })
    }
    #[inline(always)]
    fn le(self, a: Self::V, b: Self::V) -> u8 {
        (0..LANES).fold(0, |bits, l| bits | (u8::from(a[l] <= b[l]) << l))
    }
    #[inline(always)]
    fn run<W: Work>(self, work: W) -> W::Output {
        work.run(self)
    }
}
