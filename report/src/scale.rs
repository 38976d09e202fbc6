//! From values to places on paper.

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

/// A scale of loads: logarithmic where the largest is at least 8 times the least, else straight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoadScale {
    low: f64,
    high: f64,
    log: bool,
    scale: Scale,
}

impl LoadScale {
    /// Maps `low` to `from` and `high` to `to`.
    pub(crate) fn new(low: f64, high: f64, from: f64, to: f64) -> Self {
        let log = low > 0.0 && high / low >= 8.0;
        let (first, last) = if log { (low.ln(), high.ln()) } else { (low, high) };
        LoadScale { low, high, log, scale: Scale::new(first, last, from, to) }
    }

    /// True when equal factors are equally long.
    pub(crate) fn is_log(&self) -> bool {
        self.log
    }

    /// True for a load between the least and the largest.
    pub(crate) fn has(&self, load: f64) -> bool {
        (self.low..=self.high).contains(&load)
    }

    /// Where a load lies.
    pub(crate) fn at(&self, load: f64) -> f64 {
        self.scale.at(if self.log { load.ln() } else { load })
    }

    /// At most 8 round loads: 1, 2 or 5 times a power of ten, or over a wide range powers alone.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        if !self.log {
            return ticks(self.low, self.high, 4);
        }
        let (first, last) = (self.low.log10().floor() as i32, self.high.log10().ceil() as i32);
        let round = |factors: &[f64], every: usize| -> Vec<f64> {
            let powers = (first..=last).step_by(every).map(|power| 10f64.powi(power));
            powers.flat_map(|power| factors.iter().map(move |f| f * power)).filter(|load| self.has(*load)).collect()
        };
        let fine = round(&[1.0, 2.0, 5.0], 1);
        if fine.len() <= 8 { fine } else { round(&[1.0], ((last - first) as usize).div_ceil(8)) }
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
    fn factors_are_equally_long_from_eightfold_on() {
        let wide = LoadScale::new(1.0, 100.0, 0.0, 10.0);
        assert!(wide.is_log() && (wide.at(10.0) - 5.0).abs() < 1e-12);
        let narrow = LoadScale::new(20.0, 80.0, 0.0, 6.0);
        assert!(!narrow.is_log() && (narrow.at(50.0) - 3.0).abs() < 1e-12);
        assert!(!LoadScale::new(0.0, 80.0, 0.0, 6.0).is_log(), "zero has no logarithm");
        assert!(narrow.has(20.0) && narrow.has(80.0) && !narrow.has(81.0) && !narrow.has(f64::NAN));
    }

    #[test]
    fn loads_have_few_round_ticks() {
        assert_eq!(LoadScale::new(3.0, 24.0, 0.0, 1.0).ticks(), [5.0, 10.0, 20.0]);
        assert_eq!(LoadScale::new(1.0, 1e4, 0.0, 1.0).ticks(), [1.0, 10.0, 100.0, 1000.0, 10_000.0]);
        assert_eq!(LoadScale::new(20.0, 80.0, 0.0, 1.0).ticks(), [20.0, 40.0, 60.0, 80.0]);
        assert_eq!(LoadScale::new(5.0, 5.0, 0.0, 1.0).ticks(), [5.0]);
        assert!(LoadScale::new(1e-300, 1e300, 0.0, 1.0).ticks().len() <= 9);
    }

    #[test]
    fn extent_passes_over_gaps() {
        let series: [&[f64]; 2] = [&[f64::NAN, 2.0], &[-1.0, f64::INFINITY]];
        assert_eq!(extent(series), Some((-1.0, 2.0)));
        assert_eq!(extent([[].as_slice()]), None);
    }
}
