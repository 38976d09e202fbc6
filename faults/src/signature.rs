//! What a run looked like: a few kinds of metric of one service, on sixty points of time.

/// Points a signature has in time.
pub const POINTS: usize = 60;

/// What a fall counts against a rise of the same size. Falls of cpu, memory and latency are
/// mostly the fault of another service or of the time between the two recordings.
const FALL: f64 = 0.25;

/// The signature of a run: for each kind of metric its series in steady units, cut to 60 points,
/// and what it counts, as `weight · sign(z) ln(1 + |z|)`, falls counting a quarter. Interleaved: the
/// kinds of point 0, then those of point 1. A kind without values did not move.
pub fn signature(kinds: &[(&[f64], f64)]) -> Vec<f64> {
    let soften = |z: f64| if z < 0.0 { -FALL * (-z).ln_1p() } else { z.ln_1p() };
    let cut: Vec<(Vec<f64>, f64)> = kinds.iter().map(|(z, weight)| (resize(z), *weight)).collect();
    (0..POINTS).flat_map(|row| cut.iter().map(move |(z, weight)| weight * soften(z[row]))).collect()
}

/// The values as 60 means of equal parts, or stretched to 60 where there are fewer. A gap takes
/// the value after it: rates and quantiles of counters after a gap are those of all of it. Where
/// none comes any more, nothing is known to have moved.
fn resize(z: &[f64]) -> Vec<f64> {
    let n = z.len();
    if n == 0 {
        return vec![0.0; POINTS];
    }
    let mut next = 0.0;
    let mut whole: Vec<f64> = z
        .iter()
        .rev()
        .map(|&z| {
            if z.is_nan() {
                next
            } else {
                next = z;
                z
            }
        })
        .collect();
    whole.reverse();
    if n < POINTS {
        let place = |k: usize| (n - 1) as f64 * k as f64 / (POINTS - 1) as f64;
        return (0..POINTS).filter_map(|k| between(&whole, place(k))).collect();
    }
    // The first n % 60 parts are one longer than the others.
    let (part, longer) = (n / POINTS, n % POINTS);
    let start = |k: usize| k * part + k.min(longer);
    (0..POINTS).map(|k| &whole[start(k)..start(k + 1)]).map(|p| p.iter().sum::<f64>() / p.len() as f64).collect()
}

fn between(values: &[f64], at: f64) -> Option<f64> {
    let low = *values.get(at.floor() as usize)?;
    let high = *values.get(at.ceil() as usize)?;
    Some(low + (high - low) * at.fract())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_has_60_points_of_every_kind() {
        let long: Vec<f64> = (0..121).map(f64::from).collect();
        let s = signature(&[(&long, 1.0), (&[], 1.0)]);
        assert_eq!(s.len(), 120);
        assert_eq!((s[0], s[1]), (1.0f64.ln_1p(), 0.0));
        assert_eq!(s[118], 119.5f64.ln_1p());
    }

    #[test]
    fn a_gap_takes_the_value_after_it() {
        let s = signature(&[(&[1.0, f64::NAN, 3.0, f64::NAN], 1.0)]);
        assert_eq!((s[0], s[20], s[59]), (1.0f64.ln_1p(), 3.0f64.ln_1p(), 0.0));
        assert!(signature(&[(&[f64::NAN; 90], 1.0)]).iter().all(|x| *x == 0.0));
    }
}
