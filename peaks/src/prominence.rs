//! How far a peak stands out of what surrounds it.

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
/// Cost: O(n), for all peaks together; with `wlen`, O(p · wlen).
pub fn prominences(x: &[f64], peaks: &[usize], wlen: Option<usize>) -> Vec<Prominence> {
    let lefts: Vec<usize> = match wlen {
        Some(wlen) => peaks.iter().map(|&p| nearby_base(x, p, (p.saturating_sub(wlen / 2)..p).rev())).collect(),
        None => left_bases(x, peaks),
    };
    let end = x.len();
    let rights: Vec<usize> = match wlen {
        Some(wlen) => peaks.iter().map(|&p| nearby_base(x, p, p + 1..end.min(p + wlen / 2 + 1))).collect(),
        None => {
            let mirrored: Vec<f64> = x.iter().rev().copied().collect();
            let seen: Vec<usize> = peaks.iter().rev().map(|p| end - 1 - p).collect();
            left_bases(&mirrored, &seen).iter().rev().map(|base| end - 1 - base).collect()
        }
    };
    let feet = peaks.iter().zip(lefts.into_iter().zip(rights));
    feet.map(|(&p, (left, right))| Prominence { prominence: x[p] - x[left].max(x[right]), left, right }).collect()
}

fn nearby_base(x: &[f64], peak: usize, outward: impl Iterator<Item = usize>) -> usize {
    let not_above = outward.take_while(|&i| x[i] <= x[peak]);
    not_above.fold(peak, |base, i| if x[i] < x[base] { i } else { base })
}

/// A point that nothing since has risen to, and the lowest point between it and the one of its kind before it.
struct Summit {
    height: f64,
    base: usize,
}

/// The base to the left of each peak, in one pass: a stack holds the summits seen so far, falling in height. A new
/// point takes over the bases of those it is not below, the nearest first.
fn left_bases(x: &[f64], peaks: &[usize]) -> Vec<usize> {
    let mut stack: Vec<Summit> = Vec::new();
    let mut bases = Vec::with_capacity(peaks.len());
    let Some(&last) = peaks.last() else {
        return bases;
    };
    for (i, &height) in x[..=last].iter().enumerate() {
        let mut base = i;
        while let Some(summit) = stack.pop_if(|s| s.height <= height) {
            if x[summit.base] < x[base] {
                base = summit.base;
            }
        }
        stack.push(Summit { height, base });
        if peaks[bases.len()] == i {
            bases.push(base);
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
