//! Scales of loads.

use super::{Scale, ticks};

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
