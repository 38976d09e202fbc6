//! From values to places on paper.

mod load;

pub(crate) use load::LoadScale;

/// A straight map from values to coordinates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// Maps `low` to `from` and `high` to `to`; a range of nothing lies in the middle.
    pub(crate) fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        Scale { low, high, from, to }
    }

    /// Where a value lies.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let range = self.high - self.low;
        let share = if range > 0.0 && range.is_finite() { (value - self.low) / range } else { 0.5 };
        self.from + share.clamp(-10.0, 10.0) * (self.to - self.from)
    }
}

/// Zero belongs to a picture unless the values are far from it.
pub(crate) fn with_zero((low, high): (f64, f64)) -> (f64, f64) {
    if low > 0.0 && low < 0.6 * high { (0.0, high) } else { (low, high) }
}

/// The least and the largest finite value of some series; `None` without any.
pub(crate) fn extent<'a>(series: impl IntoIterator<Item = &'a [f64]>) -> Option<(f64, f64)> {
    let mut range: Option<(f64, f64)> = None;
    for &value in series.into_iter().flatten().filter(|value| value.is_finite()) {
        let (low, high) = range.unwrap_or((value, value));
        range = Some((low.min(value), high.max(value)));
    }
    range
}

/// About `count` round numbers (1, 2 or 5 times a power of ten apart) from `low` to `high`.
pub(crate) fn ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let range = high - low;
    if !(range > 0.0 && range.is_finite()) || count == 0 {
        return vec![low];
    }
    let rough = range / count as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough * 0.999).unwrap_or(rough);
    let first = (low / step).ceil();
    (0..=2 * count).map(|i| (first + i as f64) * step).take_while(|tick| *tick <= high + step * 1e-9).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks(0.0, 25.0, 5), [0.0, 5.0, 10.0, 15.0, 20.0, 25.0]);
        assert_eq!(ticks(3.0, 3.0, 4), [3.0]);
        assert_eq!(ticks(-1.0, 1.0, 2), [-1.0, 0.0, 1.0]);
    }

    #[test]
    fn constant_lies_in_the_middle() {
        assert_eq!(Scale::new(5.0, 5.0, 0.0, 10.0).at(5.0), 5.0);
    }

    #[test]
    fn extent_passes_over_gaps() {
        let series: [&[f64]; 2] = [&[f64::NAN, 2.0], &[-1.0, f64::INFINITY]];
        assert_eq!(extent(series), Some((-1.0, 2.0)));
        assert_eq!(extent([[].as_slice()]), None);
    }
}
