//! What holds for every series, and a textbook version of each fast algorithm.

use peaks::*;
use proptest::{collection::vec, option, prelude::*};

/// Series with ties, plateaus and monotone stretches.
fn series() -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![
        vec((-4_i32..5).prop_map(f64::from), 0..90),
        vec(-10.0..10.0_f64, 0..90),
        vec((0_i32..3, 1_usize..6), 0..30)
            .prop_map(|runs| { runs.into_iter().flat_map(|(v, n)| std::iter::repeat_n(f64::from(v), n)).collect() }),
    ]
}

fn with_gaps() -> impl Strategy<Value = Vec<f64>> {
    vec(option::weighted(0.8, (-4_i32..5).prop_map(f64::from)), 0..60)
        .prop_map(|x| x.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect())
}

fn interval(low: f64, high: f64) -> impl Strategy<Value = Interval> {
    (option::of(low..high), option::of(low..high)).prop_map(|(min, max)| Interval { min, max })
}

fn conditions() -> impl Strategy<Value = Conditions> {
    let sizes = (interval(0.0, 4.0), option::of(1.0..20.0), option::of(2_usize..20));
    let values = (interval(-5.0, 5.0), interval(0.0, 3.0), interval(0.0, 6.0), interval(0.0, 9.0), 0.0..1.5);
    (sizes, values).prop_map(|((plateau_size, distance, wlen), (height, threshold, prominence, width, rel_height))| {
        Conditions { plateau_size, height, threshold, distance, prominence, width, wlen, rel_height }
    })
}

fn indices(x: &[f64], conditions: &Conditions) -> Vec<usize> {
    find(x, conditions).iter().map(|p| p.index).collect()
}

/// The definition, step by step: one walk out of the peak on either side.
fn textbook_prominence(x: &[f64], peak: usize, wlen: Option<usize>) -> Prominence {
    let reach = wlen.map_or(x.len(), |w| w / 2);
    let base = |walk: &mut dyn Iterator<Item = usize>| {
        let mut lowest = peak;
        for i in walk {
            if x[i] > x[peak] || i.abs_diff(peak) > reach {
                break;
            }
            if x[i] < x[lowest] {
                lowest = i;
            }
        }
        lowest
    };
    let (left, right) = (base(&mut (0..peak).rev()), base(&mut (peak + 1..x.len())));
    Prominence { prominence: x[peak] - x[left].max(x[right]), left, right }
}

fn textbook_width(x: &[f64], peak: usize, foot: &Prominence, rel_height: f64) -> Width {
    let height = x[peak] - foot.prominence * rel_height;
    let left = (foot.left..=peak).rev().find(|&i| x[i] <= height).unwrap_or(foot.left);
    let right = (peak..=foot.right).find(|&i| x[i] <= height).unwrap_or(foot.right);
    let mut width = Width { height, left: left as f64, right: right as f64 };
    if x[left] < height {
        width.left += (height - x[left]) / (x[left + 1] - x[left]);
    }
    if x[right] < height {
        width.right -= (height - x[right]) / (x[right - 1] - x[right]);
    }
    width
}

/// Removes peaks one by one, looking at all pairs.
fn textbook_far_apart(x: &[f64], peaks: &[usize], distance: f64) -> Vec<usize> {
    let mut rest = peaks.to_vec();
    let mut kept = Vec::new();
    while let Some(best) = rest.iter().copied().reduce(|a, b| if x[b] >= x[a] { b } else { a }) {
        kept.push(best);
        rest.retain(|p| p.abs_diff(best) as f64 >= distance.ceil());
    }
    kept.sort_unstable();
    kept
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn fast_prominence_is_the_textbook_one(x in series(), wlen in option::of(2_usize..40)) {
        let tops: Vec<usize> = maxima(&x).map(|m| m.middle()).collect();
        let expected: Vec<_> = tops.iter().map(|&p| textbook_prominence(&x, p, wlen)).collect();
        prop_assert_eq!(prominences(&x, &tops, wlen), expected);
    }

    #[test]
    fn fast_width_is_the_textbook_one(x in series(), wlen in option::of(2_usize..40), rel_height in 0.0..2.0) {
        let tops: Vec<usize> = maxima(&x).map(|m| m.middle()).collect();
        let feet = prominences(&x, &tops, wlen);
        let expected: Vec<_> = tops.iter().zip(&feet).map(|(&p, f)| textbook_width(&x, p, f, rel_height)).collect();
        prop_assert_eq!(widths(&x, &tops, &feet, rel_height), expected);
    }

    #[test]
    fn fast_choice_by_distance_is_the_textbook_one(x in series(), distance in 1.0..30.0) {
        let tops: Vec<usize> = maxima(&x).map(|m| m.middle()).collect();
        prop_assert_eq!(far_apart(&x, &tops, distance), textbook_far_apart(&x, &tops, distance));
    }

    #[test]
    fn every_peak_meets_every_condition(x in series(), c in conditions()) {
        let peaks = find(&x, &c);
        for p in &peaks {
            prop_assert!(c.height.holds(p.height) && c.prominence.holds(p.prominence) && c.width.holds(p.width));
            prop_assert!(p.left_base <= p.index && p.index <= p.right_base && p.right_base < x.len());
            prop_assert!(p.left_base as f64 <= p.left && p.left <= p.index as f64);
            prop_assert!(p.index as f64 <= p.right && p.right <= p.right_base as f64);
        }
        let apart = c.distance.unwrap_or(1.0);
        prop_assert!(peaks.windows(2).all(|p| (p[1].index - p[0].index) as f64 >= apart));
    }

    #[test]
    fn conditions_only_take_away(x in series(), c in conditions()) {
        let all = indices(&x, &Conditions::default());
        prop_assert!(indices(&x, &c).iter().all(|p| all.contains(p)));
    }

    #[test]
    fn mirrored_series_has_mirrored_peaks(x in vec((-40_i32..50).prop_map(f64::from), 1..80), rel_height in 0.0..1.5) {
        // Without plateaus, whose middle is rounded down, and without a distance, where the later of equals stays.
        prop_assume!(x.windows(2).all(|w| w[0] != w[1]));
        let mirrored: Vec<f64> = x.iter().rev().copied().collect();
        let c = Conditions { rel_height, ..Default::default() };
        let mut same = find(&mirrored, &c);
        same.reverse();
        let end = x.len() - 1;
        for (p, q) in find(&x, &c).iter().zip(&same) {
            prop_assert_eq!((p.index, p.left_base, p.prominence), (end - q.index, end - q.right_base, q.prominence));
            prop_assert!((p.width - q.width).abs() < 1e-12);
        }
    }

    #[test]
    fn level_does_not_matter_but_to_height(x in vec(-50_i32..50, 0..80), level in -1000_i32..1000) {
        let at = |level: i32| x.iter().map(|v| f64::from(v + level)).collect::<Vec<f64>>();
        for (p, q) in find(&at(0), &Conditions::default()).iter().zip(find(&at(level), &Conditions::default())) {
            prop_assert_eq!((p.index, p.prominence, p.width), (q.index, q.prominence, q.width));
        }
    }

    #[test]
    fn any_bits_at_all_do_no_harm(x in vec(any::<u64>().prop_map(f64::from_bits), 0..60), c in conditions()) {
        find(&x, &c);
        let _ = smooth(&x, 5);
        prop_assert!(bridge(&x).is_none_or(|filled| filled.iter().all(|v| !v.is_nan()) || x.iter().any(|v| v.is_infinite())));
    }

    #[test]
    fn bridging_makes_no_new_extreme(x in with_gaps()) {
        let sampled = |f: fn(f64, f64) -> f64, x: &[f64]| x.iter().copied().filter(|v| !v.is_nan()).reduce(f);
        if let Some(filled) = bridge(&x) {
            prop_assert!(filled.iter().all(|v| !v.is_nan()));
            prop_assert!(x.iter().zip(filled.iter()).all(|(a, b)| a.is_nan() || a == b));
            let (low, high) = (sampled(f64::min, &x).unwrap_or(0.0), sampled(f64::max, &x).unwrap_or(0.0));
            prop_assert!(filled.iter().all(|v| low - 1e-12 <= *v && *v <= high + 1e-12));
        }
    }

    #[test]
    fn runs_hold_every_sample_and_no_gap(x in with_gaps()) {
        let inside: Vec<usize> = runs(&x).flatten().collect();
        let samples: Vec<usize> = (0..x.len()).filter(|&i| !x[i].is_nan()).collect();
        prop_assert_eq!(inside, samples);
    }

    #[test]
    fn smoothing_is_the_mean_of_what_is_near_and_keeps_gaps(x in with_gaps(), half in 0_usize..70) {
        for (i, v) in smooth(&x, 2 * half + 1).iter().enumerate() {
            prop_assert_eq!(v.is_nan(), x[i].is_nan());
            let near = x[i.saturating_sub(half)..x.len().min(i + half + 1)].iter().filter(|v| !v.is_nan());
            let mean = near.clone().sum::<f64>() / near.count() as f64;
            prop_assert!(v.is_nan() || (v - mean).abs() < 1e-12, "{} and {}", v, mean);
        }
    }

    #[test]
    fn windows_around_kept_peaks_do_not_overlap(x in series(), before in 0_usize..9, after in 0_usize..9) {
        let all = find(&x, &Conditions::default());
        let kept = merge_around(&all, before, after);
        let windows = around(&kept, before, after);
        prop_assert!(windows.windows(2).all(|w| w[0].last < w[1].first));
        prop_assert!(windows.iter().all(|w| w.points() == before + after + 1));
        // Every peak is kept or lies near a higher one that is.
        let near = |p: &Peak| kept.iter().any(|k| k.height >= p.height && k.index.abs_diff(p.index) <= before + after);
        prop_assert!(all.iter().all(near));
    }

    #[test]
    fn merged_extents_cover_what_they_are_made_of(pairs in vec((0_i64..50, 0_i64..9), 0..20)) {
        let extents: Vec<Extent> = pairs.into_iter().map(|(first, n)| Extent { first, last: first + n }).collect();
        let merged = merge_extents(extents.clone());
        prop_assert!(merged.windows(2).all(|w| w[0].last <= w[1].first));
        let covered = |e: &Extent| merged.iter().any(|m| m.first <= e.first && e.last <= m.last);
        prop_assert!(extents.iter().all(covered));
    }

    #[test]
    fn resampled_line_is_a_line(n in 2_usize..60, length in 2_usize..200) {
        let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
        let got: Vec<f64> = resample(&x, length).collect();
        prop_assert_eq!(got.len(), length);
        prop_assert_eq!((got[0], got[length - 1]), (0.0, (n - 1) as f64));
        let step = (n - 1) as f64 / (length - 1) as f64;
        prop_assert!(got.iter().enumerate().all(|(k, v)| (v - k as f64 * step).abs() < 1e-9));
        prop_assert_eq!(resample(&x, n).collect::<Vec<_>>(), x);
    }
}
