//! From raw columns to what is decomposed: centred, on request of unit variance, without gaps.

use crate::{Options, Problem};
use rayon::prelude::*;
use std::ops::Range;

/// What a column is, as far as a decomposition can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It varies.
    Varies,
    /// It has one value in each window, so it is zero once centred.
    Constant,
    /// It has no value at all; it is taken as zero.
    Empty,
}

/// A column as it was, beside what was done to it: `x = (raw / 2^power − mean) / spread`.
#[derive(Clone, Debug)]
pub struct Shift {
    /// What it was brought near 1 by: 0 unless the magnitudes would leave the range of a double when squared.
    pub power: i16,
    /// The mean over the windows of the means of what is there, in units.
    pub mean: f64,
    /// The population deviation in units with `scale`, else 1; also 1 for a constant column.
    pub spread: f64,
    /// Varies, constant or empty.
    pub state: State,
}

/// The grid ready to be decomposed.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Centred columns, each of the same length, without gaps.
    pub columns: Vec<Vec<f64>>,
    /// What was done to each.
    pub shifts: Vec<Shift>,
    /// Where a value was missing: column and row, in order.
    pub missing: Vec<(u32, u32)>,
    /// Rows of each window.
    pub spans: Vec<Range<usize>>,
    /// Rows of the grid.
    pub rows: usize,
    /// Whether the columns were brought to unit variance.
    pub scaled: bool,
}

impl Shift {
    /// 2^power.
    pub fn unit(&self) -> f64 {
        f64::from(self.power).exp2()
    }
}

impl Prepared {
    /// Centres the columns window by window and fills every hole with the mean, which is zero then.
    ///
    /// With w windows the variances that follow are divided by n − w, the n − 1 of one window.
    /// A value that is not finite is a hole. With `scale` each column is divided by its population
    /// deviation (denominator n, gaps left out); a deviation no larger than the rounding of the
    /// mean, `spread² ≤ n·ε·spread² + (n·ε·mean)²` (Chan, Golub & LeVeque 1983), counts as 0 and
    /// divides by 1. Cost: a few passes over the grid.
    pub fn new(mut columns: Vec<Vec<f64>>, spans: &[Range<usize>], options: &Options) -> Result<Self, Problem> {
        let rows = columns.first().ok_or(Problem::NoColumns)?.len();
        if columns.iter().any(|column| column.len() != rows) {
            return Err(Problem::Ragged);
        }
        if rows <= spans.len() {
            return Err(Problem::TooFewRows { rows, windows: spans.len() });
        }
        let gaps = |(at, column): (usize, &Vec<f64>)| -> Vec<(u32, u32)> {
            (0..column.len()).filter(|&row| !column[row].is_finite()).map(|row| (at as u32, row as u32)).collect()
        };
        let missing: Vec<(u32, u32)> = columns.par_iter().enumerate().flat_map_iter(gaps).collect();
        let peaks: Vec<f64> = columns.par_iter().map(|column| largest(column)).collect();
        let shared = power(peaks.iter().copied().fold(0.0, f64::max));
        let shifts = columns
            .par_iter_mut()
            .zip(&peaks)
            .enumerate()
            .map(|(at, (column, &peak))| {
                let power = if options.scale { power(peak) } else { shared };
                centre(column, of_column(&missing, at).len(), spans, power, options.scale)
            })
            .collect();
        Ok(Self { columns, shifts, missing, spans: spans.to_vec(), rows, scaled: options.scale })
    }

    /// Where values of a column were missing: its number and the row.
    pub fn missing_of(&self, column: usize) -> &[(u32, u32)] {
        of_column(&self.missing, column)
    }

    /// n − w: what the sums of squares are divided by.
    pub fn freedom(&self) -> f64 {
        (self.rows - self.spans.len()) as f64
    }

    /// What a 1 in the columns is worth in the grid's own units: a power of two, 1 when scaled.
    pub fn unit(&self) -> f64 {
        if self.scaled { 1.0 } else { self.shifts.first().map_or(1.0, |shift| shift.unit()) }
    }

    /// Centres (and scales) again after gaps were given other values.
    pub fn recentre(&mut self, scale: bool) {
        let (spans, missing) = (&self.spans, &self.missing);
        self.columns.par_iter_mut().zip(&mut self.shifts).enumerate().for_each(|(at, (column, shift))| {
            if of_column(missing, at).is_empty() || shift.state == State::Empty {
                return;
            }
            let moved: f64 = spans.iter().map(|span| shift_to_zero(&mut column[span.clone()])).sum();
            shift.mean += shift.spread * moved / spans.len() as f64;
            if scale && shift.state == State::Varies {
                let count = column.len();
                shift.spread *= divide_by_spread(column, count, 0.0);
            }
        });
    }
}

/// The part of sorted places that is in one column.
fn of_column(places: &[(u32, u32)], column: usize) -> &[(u32, u32)] {
    let start = places.partition_point(|place| (place.0 as usize) < column);
    let rest = &places[start..];
    &rest[..rest.partition_point(|place| place.0 as usize == column)]
}

fn largest(column: &[f64]) -> f64 {
    column.iter().filter(|x| x.is_finite()).fold(0.0, |peak, x| x.abs().max(peak))
}

/// 0, or the power of two that brings `peak` near 1 when its square is out of range.
fn power(peak: f64) -> i16 {
    if peak == 0.0 || (1e-100..1e100).contains(&peak) { 0 } else { peak.log2().floor() as i16 }
}

fn centre(column: &mut [f64], missing: usize, spans: &[Range<usize>], power: i16, scale: bool) -> Shift {
    let present = column.len() - missing;
    let mut state = if present == 0 { State::Empty } else { State::Constant };
    let (mut sum, mut size, unit) = (0.0, 0.0_f64, f64::from(power).exp2());
    for span in spans {
        let part = &mut column[span.clone()];
        let (mean, varies) = centre_part(part, unit);
        sum += mean;
        size = size.max(mean.abs());
        if varies {
            state = State::Varies;
        }
    }
    let spread = if scale && state == State::Varies { divide_by_spread(column, present, size) } else { 1.0 };
    Shift { power, mean: sum / spans.len().max(1) as f64, spread, state }
}

/// Divides by the unit, takes off the mean of what is there, puts 0 into the gaps.
fn centre_part(part: &mut [f64], unit: f64) -> (f64, bool) {
    let (mut low, mut high, mut sum, mut count) = (f64::INFINITY, f64::NEG_INFINITY, 0.0, 0);
    for x in part.iter_mut() {
        *x /= unit;
        if x.is_finite() {
            (low, high) = (low.min(*x), high.max(*x));
            sum += *x;
            count += 1;
        }
    }
    if low >= high || count == 0 {
        part.fill(0.0);
        return (if count == 0 { 0.0 } else { low }, false);
    }
    let mean = sum / f64::from(count);
    for x in part.iter_mut() {
        *x = if x.is_finite() { *x - mean } else { f64::NAN };
    }
    let rest = part.iter().filter(|x| x.is_finite()).sum::<f64>() / f64::from(count);
    for x in part.iter_mut() {
        *x = if x.is_finite() { *x - rest } else { 0.0 };
    }
    (mean + rest, true)
}

fn shift_to_zero(part: &mut [f64]) -> f64 {
    let mean = part.iter().sum::<f64>() / part.len().max(1) as f64;
    part.iter_mut().for_each(|x| *x -= mean);
    mean
}

/// Divides by the population deviation and returns it, or leaves all as it is and returns 1.
fn divide_by_spread(column: &mut [f64], count: usize, mean: f64) -> f64 {
    let n = count as f64;
    let variance = column.iter().map(|x| x * x).sum::<f64>() / n;
    let rounding = n * f64::EPSILON * variance + (n * mean * f64::EPSILON).powi(2);
    if variance <= rounding {
        return 1.0;
    }
    let spread = variance.sqrt();
    column.iter_mut().for_each(|x| *x /= spread);
    spread
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(column: &[f64], scale: bool) -> Prepared {
        let options = Options { scale, ..Options::default() };
        let span = 0..column.len();
        Prepared::new(vec![column.to_vec()], std::slice::from_ref(&span), &options).unwrap()
    }

    fn prepare(column: &[f64], scale: bool) -> (Vec<f64>, Shift) {
        let mut ready = ready(column, scale);
        (ready.columns.remove(0), ready.shifts.remove(0))
    }

    #[test]
    fn hole_becomes_the_mean() {
        let ready = ready(&[1.0, f64::NAN, 3.0], false);
        assert_eq!(ready.columns[0], [-1.0, 0.0, 1.0]);
        assert_eq!((ready.missing_of(0), ready.missing_of(1)), (&[(0, 1)][..], &[][..]));
    }

    #[test]
    fn constant_and_empty_columns_become_zero() {
        let (column, shift) = prepare(&[0.1, 0.1, 0.1], true);
        assert_eq!((column, shift.state), (vec![0.0; 3], State::Constant));
        let (column, shift) = prepare(&[f64::NAN; 3], true);
        assert_eq!((column, shift.state), (vec![0.0; 3], State::Empty));
    }

    #[test]
    fn scaled_column_has_population_deviation_one() {
        let (column, shift) = prepare(&[2.0, 4.0, 6.0, 8.0], true);
        assert!((column.iter().map(|x| x * x).sum::<f64>() - 4.0).abs() < 1e-12);
        assert!((shift.spread - 5f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn windows_are_centred_each_on_its_own() {
        let spans = [0..2, 2..4];
        let columns = vec![vec![1.0, 3.0, 101.0, 103.0]];
        let ready = Prepared::new(columns, &spans, &Options::default()).unwrap();
        assert_eq!(ready.columns[0], [-1.0, 1.0, -1.0, 1.0]);
        assert_eq!(ready.freedom(), 2.0);
    }

    #[test]
    fn the_largest_doubles_are_centred_without_overflow() {
        let (column, shift) = prepare(&[f64::MAX, -f64::MAX, f64::MAX], false);
        assert!(column.iter().all(|x| x.is_finite() && x.abs() < 4.0), "{column:?}");
        assert!(shift.unit() > 1e300);
    }
}
