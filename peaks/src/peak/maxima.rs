//! Local maxima, and which of them are far enough apart.

/// A local maximum: equal points `first..=last` with a lower one on either side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maximum {
    /// The first of the equal points.
    pub first: usize,
    /// The last of them.
    pub last: usize,
}

impl Maximum {
    /// The middle point, rounded down.
    pub fn middle(&self) -> usize {
        (self.first + self.last) / 2
    }
}

/// The local maxima of `x`, from left to right. A top that touches either end is none. Cost: O(n).
pub fn maxima(x: &[f64]) -> impl Iterator<Item = Maximum> {
    let mut next = 1;
    std::iter::from_fn(move || {
        while next + 1 < x.len() {
            let first = next;
            next += 1;
            if x[first - 1] < x[first] {
                while next + 1 < x.len() && x[next] == x[first] {
                    next += 1;
                }
                if x[next] < x[first] {
                    return Some(Maximum { first, last: next - 1 });
                }
            }
        }
        None
    })
}

/// The `peaks` (ascending) that stay when each is to be at least `distance` points, rounded up, from every other.
///
/// From the highest down, each peak that still stands removes all nearer ones; of equally high peaks the later goes
/// first. (scipy leaves the order of equals to an unstable sort; this is the order of a stable one.) Adding 0 makes the
/// two zeros equals.
///
/// Cost: O(p log p). Those that stand are `distance` apart, so a peak is within reach of two of them at most.
pub fn far_apart(x: &[f64], peaks: &[usize], distance: f64) -> Vec<usize> {
    let distance = distance.ceil() as usize;
    let mut order: Vec<(f64, usize)> = peaks.iter().enumerate().map(|(at, &p)| (x[p] + 0.0, at)).collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    let mut stands = vec![true; peaks.len()];
    for (_, at) in order {
        if stands[at] {
            let before = peaks[..at].iter().rev().take_while(|&&p| peaks[at] - p < distance).count();
            let after = peaks[at + 1..].iter().take_while(|&&p| p - peaks[at] < distance).count();
            stands[at - before..at].fill(false);
            stands[at + 1..=at + after].fill(false);
        }
    }
    peaks.iter().zip(&stands).filter(|(_, stands)| **stands).map(|(&p, _)| p).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn middles(x: &[f64]) -> Vec<usize> {
        maxima(x).map(|m| m.middle()).collect()
    }

    #[test]
    fn tops_at_the_ends_are_no_maxima() {
        assert!(middles(&[3.0, 1.0, 3.0]).is_empty());
        assert!(middles(&[3.0, 3.0, 1.0, 3.0, 3.0]).is_empty());
        assert!(middles(&[2.0; 5]).is_empty());
    }

    #[test]
    fn middle_of_a_plateau_is_rounded_down() {
        assert_eq!(middles(&[0.0, 1.0, 1.0, 0.0, 2.0, 2.0, 2.0, 0.0]), [1, 5]);
    }

    #[test]
    fn step_on_the_way_up_is_no_maximum() {
        assert_eq!(middles(&[0.0, 1.0, 1.0, 2.0, 1.0, 1.0, 0.0]), [3]);
    }

    #[test]
    fn later_of_two_equal_peaks_stays() {
        let x = [0.0, 1.0, 0.0, 1.0, 0.0];
        assert_eq!(far_apart(&x, &[1, 3], 3.0), [3]);
        assert_eq!(far_apart(&x, &[1, 3], 2.0), [1, 3]);
        assert_eq!(far_apart(&x, &[1, 3], 2.1), [3]);
    }

    #[test]
    fn zeros_of_either_sign_are_equally_high() {
        let x = [-1.0, 0.0, -1.0, -0.0, -1.0];
        assert_eq!(far_apart(&x, &[1, 3], 3.0), [3]);
    }

    #[test]
    fn removed_peak_removes_nobody() {
        let x = [0.0, 1.0, 0.0, 2.0, 0.0, 3.0, 0.0];
        assert_eq!(far_apart(&x, &[1, 3, 5], 3.0), [1, 5]);
    }
}
