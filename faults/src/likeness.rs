//! Which known fault a run resembles.
//!
//! Two runs are as far apart as their signatures (dependent multi-dimensional DTW), in units of how far apart two
//! runs of one kind of fault usually are, and further if the metric that changed first is of another kind. A kind
//! of fault is as near as its nearest run (1-NN).

use crate::Observed;
use crate::distances::{Library, distances};
use crate::signature::POINTS;

/// The share of known runs that must be told from "none of these".
const FOUND: f64 = 0.9;

/// A known run.
#[derive(Clone, Debug)]
pub struct Example {
    /// The kind of fault.
    pub kind: String,
    /// What was seen of it.
    pub seen: Observed,
}

/// How near a kind of fault is.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    /// The kind; nothing for "none of these".
    pub kind: Option<String>,
    /// How far its nearest run is: 1 is usual for two runs of one kind. "None of these" stands at the threshold, or
    /// where that is nearer at the distance of a run in which nothing moved.
    pub distance: f64,
    /// The share of known runs that are at least as far from their own kind (a conformal p-value: the run itself
    /// is counted); NaN for "none of these" and where the library cannot say.
    pub p: f64,
    /// Its share of the likelihood: `exp(-d² / 2)` over the sum for all kinds and for "none of these"; NaN without a
    /// threshold.
    pub confidence: f64,
    /// Its runs, the nearest first.
    pub nearest: Vec<usize>,
    /// For "none of these", whether it stands at the distance of a run in which nothing moved.
    pub still: bool,
}

/// The kinds of fault in a library, the most alike first, and among them "none of these" (ties: by name,
/// "none of these" last).
///
/// With the squared distance `D(x, e)` of two signatures a run x is at `d²(x, e) = D(x, e) / s + 2 c` from a known run
/// e. `s` is the mean of the squared distances of known runs from the nearest of their own kind in another service,
/// over those with x's first kind of metric, and one more that has the mean over all. `c` is 0 where x and e have
/// the same first kind, else the log odds that two runs of one kind have, at least 0.
///
/// "None of these" stands at the threshold that the library teaches: each known run in turn is looked for among the
/// others of its kind in other services, and nine in ten must be found (conformal prediction with a taxonomy, Vovk,
/// Gammerman & Shafer, 2005: the p-value of what is beyond is below 0.1, or the least there can be of so few
/// runs). Without a kind that was filed from two services there is none; where x's service is in the library,
/// runs of one service will do. Costs a comparison of 60 points for each pair of runs.
pub fn classify(run: &Observed, library: &[Example]) -> Vec<Likeness> {
    let known = Library::new(library, &run.service);
    let to_run = known.scores(run, &distances(&run.signature, library), None);
    let mut own = known.own_scores();
    own.sort_by(f64::total_cmp);
    let threshold = threshold(&own);
    let still = known.in_units(&run.first_kind, movement(&run.signature));
    let none = still.min(threshold.unwrap_or(f64::INFINITY));
    let mut kinds: Vec<&str> = library.iter().map(|e| &e.kind[..]).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut found: Vec<Likeness> = kinds.into_iter().map(|kind| nearest_of(kind, library, &to_run, &own)).collect();
    found.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    let place = found.partition_point(|f| f.distance <= none);
    let nobody = Vec::new();
    let is_still = threshold.is_none_or(|threshold| still <= threshold);
    found.insert(
        place,
        Likeness { kind: None, distance: none, p: f64::NAN, confidence: 0.0, nearest: nobody, still: is_still },
    );
    let weight = |d: f64| if threshold.is_some() { (-d * d / 2.0).exp() } else { f64::NAN };
    let all: f64 = found.iter().map(|f| weight(f.distance)).sum();
    found.iter_mut().for_each(|f| f.confidence = weight(f.distance) / all);
    found
}

/// The distance of a signature from that of a run in which nothing moved: the root mean square of
/// its points, whose size is the sum over the kinds of metric.
pub fn movement(signature: &[f64]) -> f64 {
    (signature.iter().map(|x| x * x).sum::<f64>() / POINTS as f64).sqrt()
}

/// The distance within which nine in ten known runs, and one to come, lie from their own kind; of fewer than
/// nine the furthest. They are in rising order.
fn threshold(own: &[f64]) -> Option<f64> {
    let rank = (FOUND * (own.len() + 1) as f64).ceil() as usize;
    own.get(rank.min(own.len()).checked_sub(1)?).copied()
}

fn nearest_of(kind: &str, library: &[Example], distances: &[f64], own: &[f64]) -> Likeness {
    let mut nearest: Vec<usize> = (0..library.len()).filter(|&k| library[k].kind == kind).collect();
    nearest.sort_by(|&a, &b| distances[a].total_cmp(&distances[b]));
    let distance = nearest.first().map_or(f64::INFINITY, |&k| distances[k]);
    let beyond = own.len() - own.partition_point(|&d| d < distance);
    let p = if own.is_empty() { f64::NAN } else { (beyond + 1) as f64 / (own.len() + 1) as f64 };
    Likeness { kind: Some(kind.to_string()), distance, p, confidence: 0.0, nearest, still: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature;

    fn seen(service: &str, cpu: f64, memory: f64) -> Observed {
        let (cpu, memory, first) = (vec![cpu; 80], vec![memory; 20], if cpu > memory { "cpu" } else { "memory" });
        let signature = signature(&[(&cpu, 1.0), (&memory, 1.0)]);
        Observed { service: service.into(), first_kind: first.into(), signature }
    }

    fn example(kind: &str, service: &str, cpu: f64, memory: f64) -> Example {
        Example { kind: kind.into(), seen: seen(service, cpu, memory) }
    }

    #[test]
    fn a_run_in_which_nothing_moved_is_none_of_these_also_without_a_threshold() {
        let library = [example("cpu", "a", 9.0, 0.0)];
        let of = |cpu| classify(&seen("a", cpu, 0.0), &library);
        assert_eq!((of(0.5)[0].kind.as_deref(), of(0.5)[0].still), (None, true));
        assert_eq!(of(8.0)[0].kind.as_deref(), Some("cpu"));
        assert!(of(8.0)[0].confidence.is_nan() && of(8.0)[0].p.is_nan());
        assert_eq!(movement(&seen("", 8.0, 0.0).signature), 9.0f64.ln());
    }

    #[test]
    fn one_service_alone_teaches_no_threshold_for_another() {
        let library = [example("cpu", "a", 9.0, 0.0), example("cpu", "a", 9.5, 0.0)];
        let of = |service| classify(&seen(service, 30.0, 0.0), &library)[0].kind.clone();
        assert_eq!((of("a"), of("b").as_deref()), (None, Some("cpu")));
    }

    #[test]
    fn a_run_that_was_filed_twice_teaches_nothing() {
        let once = [example("cpu", "a", 9.0, 0.0), example("cpu", "a", 9.5, 0.0)];
        let twice = [once[0].clone(), once[0].clone(), once[1].clone()];
        let threshold = |library: &[Example]| {
            classify(&seen("a", 30.0, 0.0), library).into_iter().find(|l| l.kind.is_none()).map(|l| l.distance)
        };
        assert_eq!(threshold(&once), threshold(&twice));
        assert!(classify(&seen("a", 9.0, 0.0), &twice[..2])[0].p.is_nan());
    }

    #[test]
    fn the_nearest_kind_comes_first_and_a_stranger_is_none_of_these() {
        let library = [
            example("cpu", "a", 9.0, 0.0),
            example("cpu", "b", 12.0, 0.0),
            example("mem", "a", 1.0, 9.0),
            example("mem", "b", 1.0, 14.0),
        ];
        let of = |cpu, memory| classify(&seen("c", cpu, memory), &library);
        assert_eq!(of(10.0, 0.1)[0].kind.as_deref(), Some("cpu"));
        assert_eq!((&of(10.0, 0.1)[0].nearest[..], of(10.0, 0.1)[0].p), (&[0, 1][..], 1.0));
        assert_eq!(of(1.0, 12.0)[0].kind.as_deref(), Some("mem"));
        assert_eq!(of(0.0, 0.0)[0].kind, None);
        assert_eq!(of(0.0, 0.0)[0].distance, 0.0);
        assert_eq!((of(900.0, 900.0)[0].kind.as_deref(), of(900.0, 900.0)[0].still), (None, false));
        assert!((of(5.0, 3.0).iter().map(|l| l.confidence).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_first_kind_of_metric_is_a_vote() {
        let library = [
            example("cpu", "a", 9.0, 8.0),
            example("cpu", "b", 12.0, 9.0),
            example("mem", "a", 9.0, 9.5),
            example("mem", "b", 12.0, 14.0),
        ];
        let of = |first: &str| {
            let run = Observed { first_kind: first.into(), ..seen("c", 10.0, 9.2) };
            classify(&run, &library).into_iter().find(|l| l.kind.is_some()).and_then(|l| l.kind)
        };
        assert_eq!((of("cpu").as_deref(), of("memory").as_deref()), (Some("cpu"), Some("mem")));
        let none = Observed { first_kind: "presence".into(), ..seen("c", 10.0, 9.2) };
        assert_eq!(classify(&none, &library)[0].kind, None);
    }

    #[test]
    fn nine_in_ten_lie_within_the_threshold() {
        assert_eq!(threshold(&[]), None);
        assert_eq!(threshold(&[1.0, 3.0]), Some(3.0));
        let many: Vec<f64> = (1..=19).map(f64::from).collect();
        assert_eq!(threshold(&many), Some(18.0));
    }
}
