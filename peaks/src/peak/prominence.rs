//! How far a peak stands out of what surrounds it.

use crate::maxima;

/// The bases of a peak, and its height above the higher of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prominence {
    /// `x[peak] - max(x[left], x[right])`.
    pub prominence: f64,
    /// The base to the left.
    pub left: usize,
    /// The base to the right.
    pub right: usize,
}

/// The prominence of each of the `peaks` (ascending).
///
/// 1. Go from the peak to either side as long as the series is not above it and, with `wlen`, not more than
///    `wlen / 2` points (rounded down) away.
/// 2. The lowest point met is the base on that side: of equally low ones the nearest to the peak.
/// 3. The prominence is the height above the higher base.
///
/// ```text
/// 3        *           the peak at 1 has its bases at 0 and 2, and the prominence 2 - 1 = 1;
/// 2  *     |           the one at 3 has them at 0 and 4, and 3 - 0 = 3: it meets nothing higher
/// 1  |  *  |
/// 0 *       *
/// ```
///
/// Cost: O(n), for all peaks together, if they are local maxima given by their [`Maximum::middle`](crate::Maximum);
/// with `wlen`, or for any other points, O(p · wlen).
pub fn prominences(x: &[f64], peaks: &[usize], wlen: Option<usize>) -> Vec<Prominence> {
    let tops: Vec<usize> = maxima(x).map(|m| m.middle()).collect();
    let mut others = tops.iter();
    match wlen {
        None if peaks.iter().all(|p| others.any(|top| top == p)) => among(x, &tops, peaks),
        None => within(x, peaks, x.len()),
        Some(wlen) => within(x, peaks, wlen / 2),
    }
}

fn foot(x: &[f64], peak: usize, left: usize, right: usize) -> Prominence {
    Prominence { prominence: x[peak] - x[left].max(x[right]), left, right }
}

/// The prominence of each peak, its bases being sought at most `reach` points away.
pub(crate) fn within(x: &[f64], peaks: &[usize], reach: usize) -> Vec<Prominence> {
    let left = |p: usize| lowest(x, p, (p.saturating_sub(reach)..p).rev());
    let right = |p: usize| lowest(x, p, p + 1..x.len().min(p.saturating_add(reach).saturating_add(1)));
    peaks.iter().map(|&p| foot(x, p, left(p), right(p))).collect()
}

/// The prominence of each of the `peaks`, which are some of all maxima, the `tops`.
pub(crate) fn among(x: &[f64], tops: &[usize], peaks: &[usize]) -> Vec<Prominence> {
    if peaks.is_empty() {
        return Vec::new();
    }
    let (before, after) = lows(x, tops);
    let lefts = bases(x, tops.iter().copied().zip(before), peaks.iter().copied());
    let rights = bases(x, tops.iter().copied().zip(after).rev(), peaks.iter().rev().copied());
    let sides = lefts.into_iter().zip(rights.into_iter().rev());
    peaks.iter().zip(sides).map(|(&p, (left, right))| foot(x, p, left, right)).collect()
}

/// The lowest point on the way outward, until the series is above the peak.
fn lowest(x: &[f64], peak: usize, outward: impl Iterator<Item = usize>) -> usize {
    let not_above = outward.take_while(|&i| x[i] <= x[peak]);
    not_above.fold(peak, |base, i| if x[i] < x[base] { i } else { base })
}

/// For each of the maxima the lowest point between it and the one before it (or the start), and the lowest between it
/// and the next (or the end): of equally low ones the nearest.
fn lows(x: &[f64], tops: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let starts = std::iter::once(0).chain(tops.iter().copied());
    let ends = tops.iter().copied().chain([x.len() - 1]);
    let lows = starts.zip(ends).map(|(start, end)| {
        // Choices rather than branches, which noise would make guesses.
        let (mut low, mut first, mut last) = (x[start], start, start);
        for (i, &v) in (start..).zip(&x[start..=end]) {
            first = if v < low { i } else { first };
            last = if v <= low { i } else { last };
            low = if v < low { v } else { low };
        }
        (first, last)
    });
    let (mut after, mut before): (Vec<usize>, Vec<usize>) = lows.unzip();
    after.remove(0);
    before.pop();
    (before, after)
}

/// A maximum that none since has risen to, and the lowest point between it and the one of its kind before it.
struct Summit {
    height: f64,
    base: usize,
}

/// The base of each peak on the side that the maxima, and the lows before them, come from: a stack holds the summits
/// so far, falling in height, and a new one takes over the bases of those it is not below, the nearest first.
///
/// Beyond the nearest higher summit nothing counts, and between it and the peak only its own slope can be above the
/// peak: that holds no lower point than the foot of the slope. So the lows between maxima are all there is to see.
fn bases(x: &[f64], tops: impl Iterator<Item = (usize, usize)>, mut peaks: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut stack: Vec<Summit> = Vec::new();
    let mut bases = Vec::new();
    let mut wanted = peaks.next();
    for (top, mut base) in tops {
        let height = x[top];
        while let Some(summit) = stack.pop_if(|s| s.height <= height) {
            if x[summit.base] < x[base] {
                base = summit.base;
            }
        }
        stack.push(Summit { height, base });
        if wanted == Some(top) {
            bases.push(base);
            wanted = peaks.next();
        }
    }
    bases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feet(x: &[f64], peak: usize, wlen: Option<usize>) -> (f64, usize, usize) {
        let found = prominences(x, &[peak], wlen)[0];
        (found.prominence, found.left, found.right)
    }

    #[test]
    fn higher_peak_bounds_the_search_and_an_equal_one_does_not() {
        let x = [0.0, 2.0, 1.0, 3.0, 0.5, 2.0, 1.5, 2.0, 0.0];
        assert_eq!(feet(&x, 1, None), (1.0, 0, 2));
        assert_eq!(feet(&x, 3, None), (3.0, 0, 8));
        assert_eq!(feet(&x, 5, None), (1.5, 4, 8));
        assert_eq!(feet(&x, 7, None), (1.5, 4, 8));
    }

    #[test]
    fn nearest_of_equally_low_bases_counts() {
        assert_eq!(feet(&[0.0, 0.0, 1.0, 0.0, 0.0], 2, None), (1.0, 1, 3));
    }

    #[test]
    fn even_window_is_rounded_up_to_the_next_odd_one() {
        let x = [0.0, 1.0, 2.0, 3.0, 2.0, 1.0, 0.0];
        assert_eq!(feet(&x, 3, Some(3)), (1.0, 2, 4));
        assert_eq!(feet(&x, 3, Some(4)), (2.0, 1, 5));
    }

    #[test]
    fn plateau_as_wide_as_the_window_has_no_prominence() {
        assert_eq!(feet(&[0.0, 1.0, 1.0, 1.0, 0.0], 2, Some(3)), (0.0, 2, 2));
    }
}
