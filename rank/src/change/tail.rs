//! Harm that fills only a part of the overload: what lies beyond everything the steady state showed.

use names::Harm;
use stats::{CLEAR, Sample};

/// The part of an overload beyond the steady state's extreme.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Excess {
    /// Mean over all samples of how far each lies beyond the extreme, 0 for those that do not.
    pub mean: f64,
    /// Share of the samples that do.
    pub share: f64,
    /// Probability of so many exceedances if nothing had changed.
    pub p: f64,
}

/// Mean excess of `overload` beyond the steady maximum (the minimum where down is harmful), and how unlikely
/// it is: with m overload and n steady samples of one distribution, the k largest of all are from the
/// overload with probability `(m / (m + n))^k` for k small beside both (Wilks 1942: the law of exceedances).
/// m, n and k are the numbers of independent samples they are worth ([`Sample::effective_size`]). `None` when a side is
/// empty, no sample lies beyond, or either direction is harmful. Cost: O(k).
pub fn excess(steady: &Sample, overload: &Sample, harm: Harm) -> Option<Excess> {
    let (least, most) = (*steady.sorted().first()?, *steady.sorted().last()?);
    let sorted = overload.sorted();
    let beyond: Vec<f64> = match harm {
        Harm::Up => sorted[sorted.partition_point(|v| *v <= most)..].iter().map(|v| v - most).collect(),
        Harm::Down | Harm::Gone => sorted[..sorted.partition_point(|v| *v < least)].iter().map(|v| least - v).collect(),
        Harm::Both => return None,
    };
    if beyond.is_empty() || sorted.is_empty() {
        return None;
    }
    let r = steady.autocorrelation();
    let (n, m) = (steady.effective_size(r), overload.effective_size(r));
    let share = beyond.len() as f64 / sorted.len() as f64;
    let mean = beyond.iter().map(|v| v / sorted.len() as f64).sum();
    Some(Excess { mean, share, p: (m / (m + n)).powf(share * m) })
}

/// Probability of as many bursts beyond the steady state's extreme as there are in `overload` (in time order, NaN = missing),
/// by the law of [`excess`]. Rows beyond that follow each other are one burst, as one event may last: bursts are what is
/// independent. `None` when a side is empty, no row lies beyond, or harm is no matter of more or less. Cost: O(m).
pub fn bursts(steady: &Sample, overload: &[f64], harm: Harm) -> Option<f64> {
    let is_beyond = beyond(steady, harm)?;
    let known = || overload.iter().copied().filter(|value| value.is_finite());
    let (mut bursts, mut within) = (0, false);
    for value in known() {
        bursts += i32::from(is_beyond(value) && !within);
        within = is_beyond(value);
    }
    let (m, n) = (known().count() as f64, steady.len() as f64);
    (bursts > 0).then(|| (m / (m + n)).powi(bursts))
}

/// Share of the rows of `overload` (in time order, NaN = missing) in the stretch at its end that is beyond the steady state's extreme; 0
/// where chance makes one as long: of n steady samples and the last k of one distribution these k are the largest with probability
/// `k! n! / (n + k)!`. `None` when a side is empty. Cost: O(m).
pub fn stretch(steady: &Sample, overload: &[f64], harm: Harm) -> Option<f64> {
    let is_beyond = beyond(steady, harm)?;
    let known = || overload.iter().copied().filter(|value| value.is_finite());
    let (rows, last) = (known().count(), known().rev().take_while(|value| is_beyond(*value)).count());
    let n = steady.taken();
    let samples = last as f64 * n / steady.len() as f64;
    let chance: f64 = (1..=samples as usize).map(|k| k as f64 / (n + k as f64)).product();
    (rows > 0).then(|| if chance < CLEAR { last as f64 / rows as f64 } else { 0.0 })
}

/// Whether a value is beyond the steady state's extreme; nothing is where harm is no matter of more or less.
fn beyond(steady: &Sample, harm: Harm) -> Option<impl Fn(f64) -> bool> {
    let (least, most) = (*steady.sorted().first()?, *steady.sorted().last()?);
    Some(move |value: f64| match harm {
        Harm::Up => value > most,
        Harm::Down => value < least,
        Harm::Gone | Harm::Both => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(values: &[f64]) -> Sample {
        Sample::new(values)
    }

    #[test]
    fn errors_in_a_quarter_of_the_rows_are_seen() {
        let steady = sample(&[0.0; 60]);
        let overload: Vec<f64> = (0..60).map(|i| if i % 4 == 0 { 20.0 } else { 0.0 }).collect();
        let found = excess(&steady, &sample(&overload), Harm::Up).unwrap();
        assert!((found.mean - 5.0).abs() < 1e-12 && found.share == 0.25);
        assert!((found.p - 0.5_f64.powi(15)).abs() < 1e-12);
    }

    #[test]
    fn the_harmful_side_counts_alone() {
        let (steady, overload) = (sample(&[1.0, 2.0, 3.0]), sample(&[0.0, 2.0, 5.0]));
        let of = |harm| excess(&steady, &overload, harm).map(|e| e.mean);
        assert_eq!((of(Harm::Up), of(Harm::Down), of(Harm::Both)), (Some(2.0 / 3.0), Some(1.0 / 3.0), None));
    }

    #[test]
    fn nothing_beyond_is_no_excess() {
        let s = sample(&[1.0, 2.0]);
        assert_eq!(excess(&s, &s, Harm::Up), None);
        assert_eq!(excess(&sample(&[]), &s, Harm::Up), None);
        assert_eq!(excess(&s, &sample(&[]), Harm::Up), None);
    }

    #[test]
    fn rows_that_follow_each_other_are_one_burst() {
        let steady = sample(&[0.0; 8]);
        let of = |overload: &[f64]| bursts(&steady, overload, Harm::Up);
        assert_eq!(of(&[0.0, 5.0, 5.0, 5.0, 0.0, 0.0, 0.0, 0.0]), Some(0.5));
        assert_eq!(of(&[0.0, 5.0, f64::NAN, 5.0, 0.0, 7.0, 0.0, 0.0, 0.0]), Some(0.25));
        assert_eq!((of(&[0.0; 8]), of(&[]), bursts(&steady, &[5.0], Harm::Both)), (None, None, None));
    }

    #[test]
    fn a_stretch_reaches_to_the_end_and_is_no_chance() {
        let steady = sample(&[0.0, 1.0, 0.0, 1.0, 0.5]);
        let of = |overload: &[f64]| stretch(&steady, overload, Harm::Up);
        assert_eq!(of(&[5.0, 0.0, 5.0, f64::NAN, 5.0, 5.0, 5.0]), Some(4.0 / 6.0));
        // Three more above five are so once in 56 times, four once in 126.
        assert_eq!((of(&[0.0, 5.0, 5.0, 5.0]), of(&[5.0, 5.0, 5.0, 5.0, 1.0])), (Some(0.0), Some(0.0)));
        assert_eq!((of(&[f64::NAN]), stretch(&steady, &[5.0; 9], Harm::Down)), (None, Some(0.0)));
    }

    #[test]
    fn one_odd_sample_is_likely() {
        let (steady, overload) = (sample(&[0.0; 30]), sample(&[&[0.0; 29][..], &[9.0]].concat()));
        assert_eq!(excess(&steady, &overload, Harm::Up).unwrap().p, 0.5);
    }
}
