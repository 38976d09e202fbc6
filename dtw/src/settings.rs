//! What is compared how: cost, steps, band and ends.

/// The cost of matching two points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Cost {
    /// `(q - x)²`; the distance is the square root of the path sum.
    #[default]
    Squared,
    /// `|q - x|`; the distance is the path sum itself.
    Absolute,
}

/// The steps a path may take and their weights (Sakoe & Chiba, 1978, slope constraint P = 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Step {
    /// Every step weighs 1.
    #[default]
    Symmetric1,
    /// A diagonal step weighs 2, the others 1, so every path weighs `n + m` and sums can be
    /// normalised. The first cell weighs 1, as in the packages `dtw` of R and Python.
    Symmetric2,
}

/// Which ends must meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Ends {
    /// First with first and last with last.
    #[default]
    Closed,
    /// The whole query against the best beginning of the series.
    OpenEnd,
    /// The whole query against the best part of the series.
    Subsequence,
}

/// Which cells a path may visit; `i` counts the `n` points of the query, `j` the `m` of the series.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum Band {
    /// All of them.
    #[default]
    None,
    /// `|i - j| <= r` (Sakoe & Chiba). For unequal lengths the longer side is given the
    /// difference as well: `-r - max(0, m - n) <= i - j <= r + max(0, n - m)`.
    Points(usize),
    /// `Points` with `r = floor(fraction * max(n, m))`.
    Fraction(f64),
    /// The parallelogram of Itakura (1975) with this largest slope (at least 1).
    Itakura(f64),
}

/// All choices together. The default is the distance of dtaidistance and tslearn.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Settings {
    /// The cost of matching two points.
    pub cost: Cost,
    /// The steps and their weights.
    pub step: Step,
    /// The cells a path may visit.
    pub band: Band,
    /// The ends that must meet.
    pub ends: Ends,
}

impl Settings {
    /// The distance of a path sum: its square root where the local cost is squared.
    pub fn distance(&self, sum: f64) -> f64 {
        match self.cost {
            Cost::Squared => sum.sqrt(),
            Cost::Absolute => sum,
        }
    }

    /// The path sum of a distance.
    pub fn sum(&self, distance: f64) -> f64 {
        match self.cost {
            Cost::Squared => distance * distance,
            Cost::Absolute => distance,
        }
    }

    /// The distance per step of the path: of `sum / w`, where `w` is `n + m` for
    /// [`Step::Symmetric2`] and `max(n, m)`, the least number of steps, for
    /// [`Step::Symmetric1`]. Where ends are open `m` is taken to be `n`.
    pub fn normalised(&self, sum: f64, n: usize, m: usize) -> f64 {
        let m = if self.ends == Ends::Closed { m } else { n };
        let weight = match self.step {
            Step::Symmetric1 => n.max(m),
            Step::Symmetric2 => n + m,
        };
        self.distance(sum / weight.max(1) as f64)
    }
}
