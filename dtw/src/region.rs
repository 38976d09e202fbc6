//! The cells a path may visit, as a range of query points for each point of the series.

use crate::Band;

/// For each of the `m` points of a series, the first and last query point it may be matched with.
/// Both ends never fall from one point to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// First and last query point of each row, inclusive.
    pub rows: Vec<(usize, usize)>,
    /// The number of query points.
    pub columns: usize,
}

impl Region {
    /// The region of `band` between a query of `n` and a series of `m` points; nothing when no
    /// path fits it (an Itakura slope that is too flat for the lengths, or an empty side).
    pub fn new(band: Band, n: usize, m: usize) -> Option<Region> {
        if n == 0 || m == 0 {
            return None;
        }
        let rows = match band {
            Band::Itakura(slope) => itakura(slope, n, m),
            _ => sakoe_chiba(&(0..n).collect::<Vec<_>>(), n, &(0..m).collect::<Vec<_>>(), m, reach(band, n, m)),
        };
        Region { rows, columns: n }.checked()
    }

    /// The region between the points present in a query of `n` and a series of `m` rows, of which
    /// `query` and `series` list the present ones. A point next to a gap stands for the gap too:
    /// two points may meet when the stretches they stand for lie within the band of each other.
    pub fn between(band: Band, query: &[usize], n: usize, series: &[usize], m: usize) -> Option<Region> {
        if query.is_empty() || series.is_empty() {
            return None;
        }
        let rows = match band {
            Band::Itakura(slope) => itakura(slope, query.len(), series.len()),
            _ => sakoe_chiba(query, n, series, m, reach(band, n, m)),
        };
        Region { rows, columns: query.len() }.checked()
    }

    /// How many cells it has.
    pub fn cells(&self) -> usize {
        self.rows.iter().map(|&(lo, hi)| hi + 1 - lo).sum()
    }

    /// The same region with the parts of query and series exchanged.
    pub fn transposed(&self) -> Region {
        let (mut first, mut last) = (0, 0);
        let rows = (0..self.columns)
            .map(|i| {
                while self.rows[first].1 < i {
                    first += 1;
                }
                while last + 1 < self.rows.len() && self.rows[last + 1].0 <= i {
                    last += 1;
                }
                (first, last)
            })
            .collect();
        Region { rows, columns: self.rows.len() }
    }

    fn checked(self) -> Option<Region> {
        let last = self.columns - 1;
        let ends = self.rows.first().is_some_and(|r| r.0 == 0) && self.rows.last().is_some_and(|r| r.1 == last);
        let filled = self.rows.iter().all(|r| r.0 <= r.1);
        let linked = self.rows.windows(2).all(|w| w[1].0 <= w[0].1 + 1 && w[0].0 <= w[1].0 && w[0].1 <= w[1].1);
        (ends && filled && linked).then_some(self)
    }
}

/// The band's radius in points; nothing when every cell is allowed.
fn reach(band: Band, n: usize, m: usize) -> Option<usize> {
    match band {
        Band::Points(r) => Some(r),
        // The small addition keeps 0.05 * 300 at 15 points.
        Band::Fraction(f) => Some((f * n.max(m) as f64 + 1e-9).max(0.0) as usize),
        Band::None | Band::Itakura(_) => None,
    }
}

/// The first and last row each present point stands for: from the previous present one to the next.
fn stretches(present: &[usize], len: usize) -> Vec<(usize, usize)> {
    let last = present.len() - 1;
    (0..=last)
        .map(|k| {
            let from = if k == 0 { 0 } else { present[k - 1] + 1 };
            let to = if k == last { len - 1 } else { present[k + 1] - 1 };
            (from, to)
        })
        .collect()
}

fn sakoe_chiba(query: &[usize], n: usize, series: &[usize], m: usize, reach: Option<usize>) -> Vec<(usize, usize)> {
    let Some(r) = reach else {
        return vec![(0, query.len() - 1); series.len()];
    };
    let (below, above) = (r.saturating_add(m.saturating_sub(n)), r.saturating_add(n.saturating_sub(m)));
    let columns = stretches(query, n);
    let (mut lo, mut hi) = (0, 0);
    stretches(series, m)
        .into_iter()
        .map(|(from, to)| {
            while columns[lo].1 < from.saturating_sub(below) {
                lo += 1;
            }
            while hi + 1 < columns.len() && columns[hi + 1].0 <= to.saturating_add(above) {
                hi += 1;
            }
            (lo, hi)
        })
        .collect()
}

/// The bounds of tslearn, which rounds to two decimals before it takes the whole point.
fn itakura(slope: f64, n: usize, m: usize) -> Vec<(usize, usize)> {
    let ratio = n as f64 / m as f64;
    let (steep, flat) = (slope * ratio, ratio / slope);
    let (end, last) = ((n - 1) as f64, (m - 1) as f64);
    let round = |x: f64| (x * 100.0).round_ties_even() / 100.0;
    (0..m)
        .map(|j| {
            let j = j as f64;
            let lo = round(flat * j).max(round(end - steep * last + steep * j)).ceil();
            let hi = round(steep * j).min(round(end - flat * last + flat * j)).floor();
            // An empty row stays empty, and the check then refuses the region.
            if hi < lo || hi < 0.0 { (1, 0) } else { (lo.max(0.0) as usize, (hi as usize).min(n - 1)) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_of_r_points_keeps_i_and_j_within_r() {
        let region = Region::new(Band::Points(1), 4, 4).unwrap();
        assert_eq!(region.rows, [(0, 1), (0, 2), (1, 3), (2, 3)]);
        assert_eq!(region.transposed(), region);
    }

    #[test]
    fn the_longer_side_is_given_the_difference() {
        let region = Region::new(Band::Points(0), 5, 3).unwrap();
        assert_eq!(region.rows, [(0, 2), (1, 3), (2, 4)]);
        let region = Region::new(Band::Points(0), 3, 5).unwrap();
        assert_eq!(region.rows, [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2)]);
    }

    #[test]
    fn a_fraction_of_300_points_is_15() {
        assert_eq!(Region::new(Band::Fraction(0.05), 300, 300), Region::new(Band::Points(15), 300, 300));
    }

    #[test]
    fn a_point_beside_a_gap_stands_for_it() {
        let region = Region::between(Band::Points(0), &[0, 1, 2, 3], 4, &[0, 3], 4).unwrap();
        assert_eq!(region.rows, [(0, 2), (1, 3)]);
        assert_eq!(Region::between(Band::Points(0), &[], 4, &[0, 3], 4), None);
    }

    #[test]
    fn a_slope_too_flat_for_the_lengths_leaves_no_path() {
        assert_eq!(Region::new(Band::Itakura(1.0), 2, 9), None);
    }
}
