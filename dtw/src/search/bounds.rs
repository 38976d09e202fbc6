//! Lower bounds of the path sum, cheap to compute, that spare most full comparisons.
//!
//! Every path passes every point of both series, and the first and last cell, so a sum over the
//! points of the least each can cost is never above the path sum. This holds for both costs and
//! both step patterns, whose weights are at least 1, with both ends closed.

use crate::{Cost, Region};

/// The lowest and highest value within reach of each point.
pub(crate) struct Envelope {
    /// Lowest and highest, a pair a row of the region.
    pub(crate) rows: Vec<(f64, f64)>,
}

impl Envelope {
    /// The envelope of `values`, which stand at the columns of the region, for each of its rows.
    /// Two queues of candidates move along with the row's range (Lemire, 2009): `O(n + m)`.
    pub(crate) fn new(values: &[f64], region: &Region) -> Envelope {
        let (mut low, mut high) = (Queue::default(), Queue::default());
        let mut next = 0;
        let row = |&(from, to): &(usize, usize)| {
            while next <= to {
                low.push(next, values, |new, old| new <= old);
                high.push(next, values, |new, old| new >= old);
                next += 1;
            }
            (values[low.front(from)], values[high.front(from)])
        };
        Envelope { rows: region.rows.iter().map(row).collect() }
    }
}

/// Indices in rising order, whose values rise (or fall) too.
#[derive(Default)]
struct Queue {
    indices: Vec<usize>,
    head: usize,
}

impl Queue {
    fn push(&mut self, index: usize, values: &[f64], beats: impl Fn(f64, f64) -> bool) {
        while self.indices.len() > self.head
            && self.indices.last().is_some_and(|&last| beats(values[index], values[last]))
        {
            self.indices.pop();
        }
        self.indices.push(index);
    }

    fn front(&mut self, from: usize) -> usize {
        while self.indices[self.head] < from {
            self.head += 1;
        }
        self.indices[self.head]
    }
}

/// The cost of a distance on the axis.
#[inline(always)]
fn cost(cost: Cost, gap: f64) -> f64 {
    match cost {
        Cost::Squared => gap * gap,
        Cost::Absolute => gap.abs(),
    }
}

/// How far `x` lies outside of `low..=high`.
#[inline(always)]
fn outside(x: f64, (low, high): (f64, f64)) -> f64 {
    let (below, above) = (low - x, x - high);
    let gap = if below > above { below } else { above };
    if gap > 0.0 { gap } else { 0.0 }
}

/// What the first and the last cell cost: LB_Kim of Rakthanmanon et al. (2012), for series of any
/// scale. One cell only when both series have one point.
fn kim(query: &[f64], series: &[f64], unit: Cost) -> (f64, f64) {
    let end = |x: Option<&f64>, y: Option<&f64>| x.zip(y).map_or(0.0, |(x, y)| cost(unit, x - y));
    let first = end(query.first(), series.first());
    let last = if query.len().max(series.len()) > 1 { end(query.last(), series.last()) } else { 0.0 };
    (first, last)
}

/// What each point of the series costs at least: LB_Keogh (2005) against the envelope of the
/// query, with the exact cost of the first and the last cell (LB_Kim). Their sum is the bound.
pub(crate) fn keogh(query: &[f64], series: &[f64], envelope: &Envelope, unit: Cost) -> Vec<f64> {
    let mut costs: Vec<f64> =
        series.iter().zip(&envelope.rows).map(|(&x, &reach)| cost(unit, outside(x, reach))).collect();
    let (first, last) = kim(query, series, unit);
    if costs.len() > 1 {
        costs[0] = first;
        let end = costs.len() - 1;
        costs[end] = last;
    } else if let Some(only) = costs.first_mut() {
        *only = only.max(first).max(last);
    }
    costs
}

/// The larger of two bounds that look from the other side. LB_Keogh the other way round: the
/// query against the envelope of the series. LB_Improved (Lemire, 2009): LB_Keogh, and what the
/// query still costs against the series moved into the query's envelope.
pub(crate) fn improved(query: &[f64], series: &[f64], envelope: &Envelope, transposed: &Region, unit: Cost) -> f64 {
    let against = |values: &[f64]| -> f64 {
        let around = Envelope::new(values, transposed);
        query.iter().zip(&around.rows).map(|(&q, &reach)| cost(unit, outside(q, reach))).sum()
    };
    let inside: Vec<f64> = series.iter().zip(&envelope.rows).map(|(&x, &(low, high))| x.max(low).min(high)).collect();
    let moved: f64 = series.iter().zip(&inside).map(|(&x, &h)| cost(unit, x - h)).sum();
    against(series).max(moved + against(&inside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Band;

    #[test]
    fn an_envelope_is_the_range_within_reach() {
        let region = Region::new(Band::Points(1), 5, 5).unwrap();
        let envelope = Envelope::new(&[3.0, 1.0, 2.0, 5.0, 4.0], &region);
        assert_eq!(envelope.rows, [(1.0, 3.0), (1.0, 3.0), (1.0, 5.0), (2.0, 5.0), (4.0, 5.0)]);
    }

    #[test]
    fn no_bound_is_above_the_path_sum() {
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((state >> 40) % 19) as f64 - 9.0
        };
        for round in 0..3000 {
            let (n, m) = (1 + round % 7, 1 + round / 7 % 9);
            let q: Vec<f64> = (0..n).map(|_| next()).collect();
            let x: Vec<f64> = (0..m).map(|_| next()).collect();
            let band = [Band::None, Band::Points(round % 4), Band::Itakura(2.0)][round % 3];
            let Some(region) = Region::new(band, n, m) else { continue };
            for unit in [Cost::Squared, Cost::Absolute] {
                let settings = crate::Settings { cost: unit, band, ..Default::default() };
                let sum = crate::align(&crate::Problem::new(&q, 1, &[&x], &region, settings))[0].sum;
                let envelope = Envelope::new(&q, &region);
                let one: f64 = keogh(&q, &x, &envelope, unit).iter().sum();
                let two = improved(&q, &x, &envelope, &region.transposed(), unit);
                assert!(one <= sum + 1e-9 && two <= sum + 1e-9, "{one} {two} {sum} {q:?} {x:?} {band:?}");
            }
        }
    }
}
