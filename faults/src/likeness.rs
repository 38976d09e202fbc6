//! Which known fault a run looks like.
//!
//! The kinds of fault in a library are ordered by the distance of their nearest example (1-NN, dependent
//! multi-dimensional DTW).

use dtw::{Band, Plan, Settings, Timed, one_to_many};
use stats::quantile;

use crate::signature::POINTS;

/// The band between two signatures, in points.
const BAND: usize = 6;

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
    use crate::signature;

    fn example(kind: &str, service: &str, cpu: f64, memory: f64) -> Example {
        let (cpu, memory) = (vec![cpu; 80], vec![memory; 20]);
        Example { kind: kind.into(), service: service.into(), signature: signature(&[(&cpu, 1.0), (&memory, 1.0)]) }
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
