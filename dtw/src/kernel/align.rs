//! Aligns a query with up to eight series: distances, and paths where they are asked for.

use std::marker::PhantomData;

use super::lanes::{Lanes, Portable, Work, dispatch};
use super::local::{Costs, Dependent, Plain};
use super::problem::Problem;
use super::sweep::Sweep;
use super::trace::Tracer;
use crate::{Band, Cost, Region, Settings, Step};

/// The best path between the query and one series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alignment {
    /// The path sum; infinite when it was given up, or is too large for a number.
    pub sum: f64,
    /// The cells `(i, j)` of the path from first to last, if asked for.
    pub path: Vec<(u32, u32)>,
}

/// The distance between two series with every point present; `band` in points.
///
/// Infinite when a side is empty. Costs `O(n m)` time, or `O(m band)`, and `O(n)` memory.
///
/// ```
/// assert_eq!(dtw::distance(&[0.0, 1.0, 2.0], &[0.0, 0.0, 1.0, 2.0], None), 0.0);
/// assert_eq!(dtw::distance(&[0.0, 3.0], &[4.0, 3.0], Some(0)), 4.0);
/// ```
pub fn distance(a: &[f64], b: &[f64], band: Option<usize>) -> f64 {
    let settings = Settings { band: band.map_or(Band::None, Band::Points), ..Settings::default() };
    let Some(region) = Region::new(settings.band, a.len(), b.len()) else {
        return f64::INFINITY;
    };
    settings.distance(align(&Problem::new(a, 1, &[b], &region, settings))[0].sum)
}

/// Aligns the query with each series. The results do not depend on which series share a call.
pub fn align(problem: &Problem<'_>) -> Vec<Alignment> {
    compiled(problem, true)
}

/// [`align`] without the processor's wide vectors: the twin the others are tested against.
pub fn align_portable(problem: &Problem<'_>) -> Vec<Alignment> {
    compiled(problem, false)
}

/// Picks the kernel of this cost and these steps. Each is compiled on its own: together in one
/// function they would take megabytes of stack without optimisation.
fn compiled(problem: &Problem<'_>, wide: bool) -> Vec<Alignment> {
    match (problem.dims, problem.settings.cost, problem.gaps) {
        (1, Cost::Squared, false) => stepped::<Plain<false, false>>(problem, wide),
        (1, Cost::Squared, true) => stepped::<Plain<false, true>>(problem, wide),
        (1, Cost::Absolute, false) => stepped::<Plain<true, false>>(problem, wide),
        (1, Cost::Absolute, true) => stepped::<Plain<true, true>>(problem, wide),
        (_, Cost::Squared, _) => stepped::<Dependent<false>>(problem, wide),
        (_, Cost::Absolute, _) => stepped::<Dependent<true>>(problem, wide),
    }
}

fn stepped<K: Costs>(problem: &Problem<'_>, wide: bool) -> Vec<Alignment> {
    match problem.settings.step {
        Step::Symmetric1 => started(Task::<K, false>(problem, PhantomData), wide),
        Step::Symmetric2 => started(Task::<K, true>(problem, PhantomData), wide),
    }
}

fn started<W: Work>(task: W, wide: bool) -> W::Output {
    if wide { dispatch(task) } else { Portable.run(task) }
}

struct Task<'a, K, const SYM2: bool>(&'a Problem<'a>, PhantomData<K>);

impl<K: Costs, const SYM2: bool> Work for Task<'_, K, SYM2> {
    type Output = Vec<Alignment>;

    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) -> Vec<Alignment> {
        run::<L, K, SYM2>(lanes, self.0)
    }
}

/// The way down, then, for paths, the stretches again from the last to the first.
#[inline(always)]
fn run<L: Lanes, K: Costs, const SYM2: bool>(lanes: L, problem: &Problem<'_>) -> Vec<Alignment> {
    let mut sweep = Sweep::new::<K, SYM2>(lanes, problem);
    let stretches = if problem.paths { sweep.stretches() } else { std::iter::once(0..sweep.blocks.len()).collect() };
    let (last, before) = match stretches.split_last() {
        Some((last, before)) => (last.clone(), before),
        None => (0..0, &stretches[..]),
    };
    let row = sweep.front.above.len();
    let mut saved: Vec<L::V> = Vec::with_capacity(before.len() * row);
    for stretch in before {
        saved.extend_from_slice(&sweep.front.above);
        sweep.down::<K, SYM2, false>(lanes, stretch.clone(), usize::MAX);
    }
    if problem.paths {
        sweep.down::<K, SYM2, true>(lanes, last.clone(), usize::MAX);
    } else {
        sweep.down::<K, SYM2, false>(lanes, last.clone(), usize::MAX);
    }
    let (sums, ends) = sweep.result(lanes);
    let mut found: Vec<Alignment> = sums.iter().map(|&sum| Alignment { sum, path: Vec::new() }).collect();
    found.truncate(problem.series.len());
    if problem.paths {
        let mut tracer = Tracer::new(&ends[..found.len()], problem.region.columns);
        tracer.trace(&sweep.blocks[last], &sweep.codes);
        for (stretch, above) in before.iter().zip(saved.chunks_exact(row)).rev() {
            sweep.front.above.copy_from_slice(above);
            sweep.down::<K, SYM2, true>(lanes, stretch.clone(), tracer.furthest());
            tracer.trace(&sweep.blocks[stretch.clone()], &sweep.codes);
        }
        found.iter_mut().zip(tracer.into_paths()).for_each(|(a, path)| a.path = path);
    }
    found
}
