//! Series made ready for the kernel: gaps filled, freed or left out.

use std::borrow::Cow;

/// What is done with missing points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Gaps {
    /// A missing point does not exist: the path goes from the last present point to the next, and
    /// the points beside a gap stand for it within the band.
    #[default]
    Skip,
    /// A cell with a missing point costs nothing.
    Free,
    /// A missing point counts as 0, the mean of a z-normalised series.
    Zero,
}

/// A series as the kernel takes it.
pub(crate) struct Ready<'a> {
    /// The points, `dims` numbers each.
    pub(crate) values: Cow<'a, [f64]>,
    /// The points that are present, when some were left out.
    pub(crate) present: Option<Vec<usize>>,
    /// How many points there were.
    pub(crate) len: usize,
    /// NaN is among the values.
    pub(crate) gaps: bool,
}

/// The points of which nothing is present.
pub(crate) fn missing(values: &[f64], dims: usize) -> Vec<usize> {
    let gone = |point: &[f64]| point.iter().all(|x| x.is_nan());
    values.chunks_exact(dims).enumerate().filter(|(_, p)| gone(p)).map(|(i, _)| i).collect()
}

impl<'a> Ready<'a> {
    /// Applies `rule` to the missing points of a series.
    pub(crate) fn new(values: &'a [f64], dims: usize, rule: Gaps) -> Self {
        let len = values.len() / dims;
        let gaps = values.iter().any(|x| x.is_nan());
        let whole = Ready { values: Cow::Borrowed(values), present: None, len, gaps };
        match rule {
            _ if !gaps => whole,
            Gaps::Free => whole,
            Gaps::Zero => {
                let filled = values.iter().map(|&x| if x.is_nan() { 0.0 } else { x }).collect();
                Ready { values: Cow::Owned(filled), gaps: false, ..whole }
            }
            Gaps::Skip => {
                let gone = missing(values, dims);
                let mut left = gone.iter().copied().peekable();
                let present: Vec<usize> = (0..len).filter(|i| left.next_if_eq(i).is_none()).collect();
                let values: Vec<f64> =
                    present.iter().flat_map(|&i| &values[i * dims..(i + 1) * dims]).copied().collect();
                let gaps = values.iter().any(|x| x.is_nan());
                Ready { values: Cow::Owned(values), present: Some(present), len, gaps }
            }
        }
    }

    /// The place in the series of a point the kernel saw.
    pub(crate) fn place(&self, point: u32) -> u32 {
        self.present.as_ref().map_or(point, |p| p[point as usize] as u32)
    }
}
