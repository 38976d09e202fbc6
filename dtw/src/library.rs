//! Which known fault a run looks like.
//!
//! A run is reduced to its signature: what a few kinds of metric of one service did, in units of
//! their steady state. The kinds of fault in a library are ordered by the distance of their
//! nearest example (1-NN, dependent multi-dimensional DTW).

use crate::{Band, Plan, Settings, Timed, one_to_many};

/// Points a signature has in time.
pub const POINTS: usize = 60;

/// The band between two signatures, in points.
const BAND: usize = 6;

/// The part of the steady centre that is added to the spread: a column that stood still in steady
/// state is measured by it, and a slow leak is not hidden.
const FLOOR: f64 = 0.001;

/// What stood at 1 in steady state and is gone, in its steady units.
pub const ABSENT: f64 = -1.0 / FLOOR;

/// What a fall counts against a rise of the same size. Falls of cpu, memory and latency are
/// mostly the fault of another service or of the time between the two recordings.
const FALL: f64 = 0.25;

/// A series in units of its steady state: `(x - median) / spread`, where the spread is the largest
/// of the population deviation, `1.4826 MAD` and `IQR / 1.349` of the steady values, and a
/// thousandth of the median's size on top. Where all of that is 0, equal values become 0 and
/// others a thousand with their sign, as a column that stood still and doubled. No size above a
/// million is returned. NaN stays; all is NaN without steady values.
pub fn in_steady_units(x: &[f64], steady: &[f64]) -> Vec<f64> {
    let mut known: Vec<f64> = steady.iter().copied().filter(|x| !x.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    let Some(centre) = quantile(&known, 0.5) else {
        return vec![f64::NAN; x.len()];
    };
    let count = known.len() as f64;
    let mean = known.iter().sum::<f64>() / count;
    let deviation = (known.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count).sqrt();
    let quartiles = quantile(&known, 0.75).zip(quantile(&known, 0.25)).map_or(0.0, |(high, low)| high - low);
    let mut apart: Vec<f64> = known.iter().map(|x| (x - centre).abs()).collect();
    apart.sort_by(f64::total_cmp);
    let mad = quantile(&apart, 0.5).unwrap_or(0.0);
    let spread = deviation.max(1.4826 * mad).max(quartiles / 1.349) + FLOOR * centre.abs();
    let one = |&x: &f64| match (x - centre) / spread {
        z if x.is_nan() => z,
        _ if x == centre => 0.0,
        z if spread == 0.0 => z.signum() / FLOOR,
        z => z.clamp(-1e6, 1e6),
    };
    x.iter().map(one).collect()
}

/// How far a series rose: its upper quartile; nothing without values.
pub fn level(z: &[f64]) -> Option<f64> {
    let mut known: Vec<f64> = z.iter().copied().filter(|x| !x.is_nan()).collect();
    known.sort_by(f64::total_cmp);
    quantile(&known, 0.75)
}

/// Linear interpolation between the sorted values, as numpy's default.
fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let at = q * (sorted.len().checked_sub(1)?) as f64;
    let (low, high) = (sorted[at.floor() as usize], sorted[at.ceil() as usize]);
    Some(if low == high { low } else { low + (high - low) * at.fract() })
}

/// The signature of a run: for each kind of metric its series in steady units, cut to 60 points,
/// and what it counts, as `weight · sign(z) ln(1 + |z|)`, falls counting a quarter. Interleaved: the
/// kinds of point 0, then those of point 1. A kind without values did not move.
pub fn signature(kinds: &[(&[f64], f64)]) -> Vec<f64> {
    let soften = |z: f64| if z < 0.0 { -FALL * (-z).ln_1p() } else { z.ln_1p() };
    let cut: Vec<(Vec<f64>, f64)> = kinds.iter().map(|(z, weight)| (resize(z), *weight)).collect();
    (0..POINTS).flat_map(|row| cut.iter().map(move |(z, weight)| weight * soften(z[row]))).collect()
}

/// The values as 60 means of equal parts, or stretched to 60 where there are fewer. A hole takes
/// the value after it: rates and quantiles of counters after a hole are those of all of it. Where
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

/// A known run.
#[derive(Clone, Debug)]
pub struct Example {
    /// The kind of fault.
    pub kind: String,
    /// The service it hit.
    pub service: String,
    /// See [`signature`].
    pub signature: Vec<f64>,
}

/// How far a kind of fault is.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// The kind; nothing for "none of these", which stands at the threshold or, where that is nearer,
    /// at [`movement`].
    pub kind: Option<String>,
    /// The distance of its nearest example, a root mean square over the signature.
    pub distance: f64,
    /// Its share of the likelihood: `exp(-d² / 2 t²)` with the threshold `t`, over the sum for all
    /// kinds and for "none of these"; NaN without a threshold.
    pub confidence: f64,
    /// Its examples, the nearest first.
    pub nearest: Vec<usize>,
}

/// The kinds of fault in a library, the most alike first, and among them "none of these" (ties:
/// by name, "none of these" last). `signature`, of `service`, has `dims` numbers a point, as the examples have.
///
/// "None of these" stands at the threshold that the library itself teaches: each example in turn
/// is looked for among the others of its kind (those of other services, if there are any), and
/// nine in ten must be found. It stands nearer where the run is more like one in which nothing
/// moved. There is no threshold without two examples of any kind; nor from one service for another, since
/// two runs of one service are nearer than those of two. Costs a comparison of 60 points for each pair
/// of examples.
pub fn classify(signature: &[f64], service: &str, library: &[Example], dims: usize) -> Vec<Likeness> {
    let distances = between_signatures(signature, library, dims);
    let mut kinds: Vec<&str> = library.iter().map(|e| &e.kind[..]).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut found: Vec<Likeness> = kinds.into_iter().map(|kind| nearest_of(kind, library, &distances)).collect();
    found.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    let threshold = threshold(library, service, dims);
    let distance = movement(signature).min(threshold.unwrap_or(f64::INFINITY));
    let none = Likeness { kind: None, distance, confidence: 0.0, nearest: Vec::new() };
    found.insert(found.partition_point(|f| f.distance <= distance), none);
    let weight = |d: f64| threshold.map_or(f64::NAN, |t| (-(d * d) / (2.0 * t * t).max(f64::MIN_POSITIVE)).exp());
    let all: f64 = found.iter().map(|f| weight(f.distance)).sum();
    found.iter_mut().for_each(|f| f.confidence = weight(f.distance) / all);
    found
}

/// The distance of a signature from that of a run in which nothing moved: the root mean square of
/// its points, whose size is the sum over the kinds of metric.
pub fn movement(signature: &[f64]) -> f64 {
    (signature.iter().map(|x| x * x).sum::<f64>() / POINTS as f64).sqrt()
}

fn nearest_of(kind: &str, library: &[Example], distances: &[f64]) -> Likeness {
    let mut nearest: Vec<usize> = (0..library.len()).filter(|&k| library[k].kind == kind).collect();
    nearest.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]));
    let distance = nearest.first().map_or(f64::INFINITY, |&k| distances[k]);
    Likeness { kind: Some(kind.to_string()), distance, confidence: 0.0, nearest }
}

/// The distance within which nine in ten examples find another of their kind, as far as that says something
/// of a service.
fn threshold(library: &[Example], service: &str, dims: usize) -> Option<f64> {
    let mut found: Vec<f64> = Vec::new();
    let known = library.iter().any(|e| e.service == service);
    for (k, example) in library.iter().enumerate() {
        let distances = between_signatures(&example.signature, library, dims);
        let least = |of: &dyn Fn(&Example) -> bool| {
            let others = (0..library.len()).filter(|&o| o != k && library[o].kind == example.kind && of(&library[o]));
            others.map(|o| distances[o]).min_by(f64::total_cmp)
        };
        let elsewhere = least(&|other| other.service != example.service);
        found.extend(elsewhere.or_else(|| if known { least(&|_| true) } else { None }));
    }
    found.sort_by(f64::total_cmp);
    quantile(&found, 0.9)
}

fn between_signatures(signature: &[f64], library: &[Example], dims: usize) -> Vec<f64> {
    let settings = Settings { band: Band::Points(BAND), ..Settings::default() };
    let plan = Plan { settings, dims, ..Plan::default() };
    let series: Vec<&[f64]> = library.iter().map(|e| &e.signature[..]).collect();
    let (query, series) = (Timed { values: signature, times_ms: &[] }, Timed { values: &series[..], times_ms: &[] });
    one_to_many(query, series, &plan).into_iter().map(|o| o.map_or(f64::INFINITY, |o| o.normalised)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(kind: &str, service: &str, cpu: f64, memory: f64) -> Example {
        let (cpu, memory) = (vec![cpu; 80], vec![memory; 20]);
        Example { kind: kind.into(), service: service.into(), signature: signature(&[(&cpu, 1.0), (&memory, 1.0)]) }
    }

    #[test]
    fn a_column_that_stood_still_is_measured_by_a_thousandth_of_its_size() {
        assert_eq!(in_steady_units(&[100.0, 101.0, f64::NAN], &[100.0; 5])[..2], [0.0, 10.0]);
        assert_eq!(in_steady_units(&[0.0, -1.0], &[0.0, 0.0]), [0.0, ABSENT]);
        assert!(in_steady_units(&[1.0], &[f64::NAN])[0].is_nan());
    }

    #[test]
    fn a_signature_has_60_points_of_every_kind() {
        let long: Vec<f64> = (0..121).map(f64::from).collect();
        let s = signature(&[(&long, 1.0), (&[], 1.0)]);
        assert_eq!(s.len(), 120);
        assert_eq!((s[0], s[1]), (1.0f64.ln_1p(), 0.0));
        assert_eq!(s[118], 119.5f64.ln_1p());
    }

    #[test]
    fn a_hole_takes_the_value_after_it() {
        let s = signature(&[(&[1.0, f64::NAN, 3.0, f64::NAN], 1.0)]);
        assert_eq!((s[0], s[20], s[59]), (1.0f64.ln_1p(), 3.0f64.ln_1p(), 0.0));
        assert!(signature(&[(&[f64::NAN; 90], 1.0)]).iter().all(|x| *x == 0.0));
    }

    #[test]
    fn a_run_in_which_nothing_moved_is_none_of_these_also_without_a_threshold() {
        let library = [example("cpu", "a", 9.0, 0.0)];
        let of = |cpu| classify(&example("", "", cpu, 0.0).signature, "a", &library, 2);
        assert_eq!(of(0.5)[0].kind, None);
        assert_eq!(of(8.0)[0].kind.as_deref(), Some("cpu"));
        assert!(of(8.0)[0].confidence.is_nan());
        let s = example("", "", 8.0, 0.0).signature;
        assert_eq!(movement(&s), 9.0f64.ln());
    }

    #[test]
    fn one_service_alone_teaches_no_threshold_for_another() {
        let library = [example("cpu", "a", 9.0, 0.0), example("cpu", "a", 9.5, 0.0)];
        let of = |service| classify(&example("", "", 30.0, 0.0).signature, service, &library, 2)[0].kind.clone();
        assert_eq!((of("a"), of("b").as_deref()), (None, Some("cpu")));
    }

    #[test]
    fn the_nearest_kind_comes_first_and_a_stranger_is_none_of_these() {
        let library = [
            example("cpu", "a", 9.0, 0.0),
            example("cpu", "b", 12.0, 0.0),
            example("mem", "a", 1.0, 9.0),
            example("mem", "b", 1.0, 14.0),
        ];
        let of = |cpu, memory| classify(&example("", "", cpu, memory).signature, "c", &library, 2);
        assert_eq!(of(10.0, 0.1)[0].kind.as_deref(), Some("cpu"));
        assert_eq!(of(10.0, 0.1)[0].nearest, [0, 1]);
        assert_eq!(of(1.0, 12.0)[0].kind.as_deref(), Some("mem"));
        assert_eq!(of(0.0, 0.0)[0].kind, None);
        assert_eq!(of(0.0, 0.0)[0].distance, 0.0);
        assert_eq!(of(900.0, 900.0)[0].kind, None);
        assert!((of(5.0, 3.0).iter().map(|l| l.confidence).sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
