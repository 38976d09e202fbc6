//! Laws that must hold for any series.

use dtw::{
    Alignment, Band, Cost, Ends, Gaps, Plan, Problem, Region, Settings, Step, Timed, align, align_portable, distance,
    nearest, one_to_many,
};
use proptest::prelude::*;

/// Without optimisation the kernel takes its time.
const CASES: u32 = if cfg!(debug_assertions) { 250 } else { 4000 };

/// The textbook recurrence over a whole matrix, written apart from the kernel.
fn textbook(q: &[f64], x: &[f64], dims: usize, region: &Region, s: Settings) -> f64 {
    let (n, m) = (q.len() / dims, x.len() / dims);
    let at =
        |d: &Vec<Vec<f64>>, j: isize, i: isize| if j < 0 || i < 0 { f64::INFINITY } else { d[j as usize][i as usize] };
    let mut d = vec![vec![f64::INFINITY; n]; m];
    for j in 0..m {
        for i in region.rows[j].0..=region.rows[j].1 {
            let cost: f64 = (0..dims)
                .map(|k| {
                    let e = q[i * dims + k] - x[j * dims + k];
                    match s.cost {
                        _ if e.is_nan() => 0.0,
                        Cost::Squared => e * e,
                        Cost::Absolute => e.abs(),
                    }
                })
                .sum();
            let twice = if s.step == Step::Symmetric2 { 2.0 } else { 1.0 };
            let (ji, ii) = (j as isize, i as isize);
            let mut best =
                (at(&d, ji - 1, ii - 1) + twice * cost).min(at(&d, ji - 1, ii) + cost).min(at(&d, ji, ii - 1) + cost);
            if i == 0 && (j == 0 || s.ends == Ends::Subsequence) {
                best = best.min(cost);
            }
            d[j][i] = best;
        }
    }
    match s.ends {
        Ends::Closed => d[m - 1][n - 1],
        _ => d.iter().map(|row| row[n - 1]).fold(f64::INFINITY, f64::min),
    }
}

/// The sum of the costs along a path, with the weights of the steps.
fn along(path: &[(u32, u32)], q: &[f64], x: &[f64], s: Settings) -> f64 {
    let mut sum = 0.0;
    for (k, &(i, j)) in path.iter().enumerate() {
        let e = q[i as usize] - x[j as usize];
        let cost = match s.cost {
            Cost::Squared => e * e,
            Cost::Absolute => e.abs(),
        };
        let diagonal = k > 0 && path[k - 1].0 < i && path[k - 1].1 < j;
        sum += if diagonal && s.step == Step::Symmetric2 { 2.0 * cost } else { cost };
    }
    sum
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![4 => -10.0..10.0f64, 2 => (-3..3i32).prop_map(f64::from), 1 => -1e12..1e12f64, 1 => Just(1e-150)]
}

fn series(most: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(number(), 1..most)
}

fn settings() -> impl Strategy<Value = Settings> {
    let band = prop_oneof![
        Just(Band::None),
        (0..12usize).prop_map(Band::Points),
        (0.0..0.5f64).prop_map(Band::Fraction),
        (1.0..3.0f64).prop_map(Band::Itakura)
    ];
    let cost = prop_oneof![Just(Cost::Squared), Just(Cost::Absolute)];
    let step = prop_oneof![Just(Step::Symmetric1), Just(Step::Symmetric2)];
    let ends = prop_oneof![2 => Just(Ends::Closed), 1 => Just(Ends::OpenEnd), 1 => Just(Ends::Subsequence)];
    (band, cost, step, ends).prop_map(|(band, cost, step, ends)| {
        let band = if ends == Ends::Subsequence { Band::None } else { band };
        Settings { cost, step, band, ends }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn the_kernel_is_the_textbook_recurrence(q in series(24), x in prop::collection::vec(series(24), 1..9), s in settings()) {
        let m = x.iter().map(Vec::len).min().unwrap();
        let x: Vec<&[f64]> = x.iter().map(|x| &x[..m]).collect();
        if let Some(region) = Region::new(s.band, q.len(), m) {
            let found = align(&Problem::new(&q, 1, &x, &region, s));
            for (a, x) in found.iter().zip(&x) {
                let oracle = textbook(&q, x, 1, &region, s);
                prop_assert!(close(a.sum, oracle), "{} not {oracle}\n{q:?}\n{x:?}", a.sum);
            }
        }
    }

    #[test]
    fn a_path_is_a_path_and_costs_what_the_sum_says(q in series(24), x in prop::collection::vec(series(24), 1..9), s in settings()) {
        let m = x.iter().map(Vec::len).min().unwrap();
        let x: Vec<&[f64]> = x.iter().map(|x| &x[..m]).collect();
        if let Some(region) = Region::new(s.band, q.len(), m) {
            let found = align(&Problem { paths: true, ..Problem::new(&q, 1, &x, &region, s) });
            for (Alignment { sum, path }, x) in found.iter().zip(&x) {
                prop_assert!(close(*sum, along(path, &q, x, s)), "{sum} {path:?}\n{q:?}\n{x:?}");
                prop_assert_eq!(path[0].0, 0);
                prop_assert_eq!(path[path.len() - 1].0 as usize, q.len() - 1);
                prop_assert!(path.windows(2).all(|w| w[1].0 - w[0].0 < 2 && w[1].1 - w[0].1 < 2 && w[0] != w[1]));
                if s.ends != Ends::Subsequence { prop_assert_eq!(path[0].1, 0); }
                if s.ends == Ends::Closed { prop_assert_eq!(path[path.len() - 1].1 as usize, m - 1); }
            }
        }
    }

    #[test]
    fn wide_vectors_and_plain_arrays_agree_to_the_last_bit(q in series(24), x in prop::collection::vec(series(24), 1..9), s in settings(), gaps: bool) {
        let m = x.iter().map(Vec::len).min().unwrap();
        let mut x: Vec<Vec<f64>> = x.iter().map(|x| x[..m].to_vec()).collect();
        if gaps { x[0][m / 2] = f64::NAN; }
        let x: Vec<&[f64]> = x.iter().map(|x| &x[..]).collect();
        if let Some(region) = Region::new(s.band, q.len(), m) {
            let problem = Problem { paths: true, gaps, ..Problem::new(&q, 1, &x, &region, s) };
            prop_assert_eq!(align(&problem), align_portable(&problem));
        }
    }

    #[test]
    fn several_columns_add_up_in_the_local_cost(dims in 1..4usize, q in series(30), x in series(30), gap in 0..30usize, s in settings()) {
        let mut x = x;
        if gap < x.len() { x[gap] = f64::NAN; }
        let (q, x) = (&q[..q.len() / dims * dims], &x[..x.len() / dims * dims]);
        if let Some(region) = Region::new(s.band, q.len() / dims, x.len() / dims) {
            let found = align(&Problem { gaps: true, ..Problem::new(q, dims, &[x], &region, s) })[0].sum;
            let oracle = textbook(q, x, dims, &region, s);
            prop_assert!(close(found, oracle), "{found} not {oracle}");
        }
    }

    #[test]
    fn the_k_nearest_are_those_of_comparing_all(
        q in series(30),
        many in prop::collection::vec((series(30), 0..40usize), 1..60),
        m in 1..30usize,
        k in 1..6usize,
        gaps in prop_oneof![Just(Gaps::Skip), Just(Gaps::Free), Just(Gaps::Zero)],
        settings in settings(),
    ) {
        let many: Vec<Vec<f64>> = many.into_iter().map(|(x, gap)| {
            let mut x: Vec<f64> = x.iter().copied().cycle().take(m).collect();
            if gap < m { x[gap] = f64::NAN; }
            x
        }).collect();
        let many: Vec<&[f64]> = many.iter().map(|x| &x[..]).collect();
        let times: Vec<i64> = (0..40).collect();
        let (query, series) = (Timed { values: &q[..], times_ms: &times }, Timed { values: &many[..], times_ms: &times });
        let plan = Plan { settings, gaps, dims: 1, lag: false, keep_path: false };
        let all = one_to_many(query, series, &plan);
        let mut all: Vec<(f64, usize)> = all.iter().enumerate().filter_map(|(i, o)| Some((o.as_ref().ok()?.distance, i))).collect();
        let near = nearest(query, series, &plan, k);
        let mut found: Vec<(f64, usize)> = all.iter().filter(|a| near.contains(&a.1)).copied().collect();
        let order = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        all.sort_by(order);
        found.sort_by(order);
        all.truncate(k);
        found.truncate(k);
        prop_assert_eq!(all, found);
    }

    #[test]
    fn a_gap_that_is_skipped_was_never_there(q in series(30), x in series(30), gone in prop::collection::vec((any::<bool>(), 0..30usize), 0..12)) {
        let (mut q, mut x) = (q, x);
        for (of_query, place) in gone {
            let side = if of_query { &mut q } else { &mut x };
            if let Some(cell) = side.get_mut(place) { *cell = f64::NAN; }
        }
        let left = |x: &[f64]| x.iter().copied().filter(|x| !x.is_nan()).collect::<Vec<f64>>();
        let times: Vec<i64> = (0..40).collect();
        let compare = |band| {
            let plan = Plan { settings: Settings { band, ..Settings::default() }, lag: true, ..Plan::default() };
            one_to_many(Timed { values: &q[..], times_ms: &times }, Timed { values: &[&x[..]], times_ms: &times }, &plan).remove(0)
        };
        if left(&q).is_empty() || left(&x).is_empty() {
            prop_assert!(compare(Band::None).is_err());
        } else {
            prop_assert_eq!(compare(Band::None).unwrap().distance, distance(&left(&q), &left(&x), None));
            for r in 0..5 {
                prop_assert!(compare(Band::Points(r)).is_ok(), "no path in a band of {r}\n{q:?}\n{x:?}");
            }
        }
    }

    /// Steep or slow, with what little noise there is anywhere.
    #[test]
    fn a_step_that_comes_later_lags_by_as_much(
        at in 15..30i64,
        shift in -10..10i64,
        width in 1..6i64,
        noise in prop::collection::vec(-0.01..0.01f64, 120),
        bounded in any::<bool>(),
    ) {
        let step = |at: i64, noise: &[f64]| {
            let level = |row: i64| ((row - at) as f64 / width as f64).clamp(0.0, 1.0);
            (0..60).zip(noise).map(|(row, noise)| level(row) + noise).collect::<Vec<f64>>()
        };
        let (query, late) = (step(at, &noise[..60]), step(at + shift, &noise[60..]));
        let times: Vec<i64> = (0..60).map(|row| row * 5_000).collect();
        let band = if bounded { Band::Points(12) } else { Band::None };
        let plan = Plan { settings: Settings { band, ..Settings::default() }, lag: true, ..Plan::default() };
        let late: [&[f64]; 1] = [&late];
        let (query, late) = (Timed { values: &query[..], times_ms: &times }, Timed { values: &late[..], times_ms: &times });
        let lag = one_to_many(query, late, &plan).remove(0).unwrap().lag_ms.unwrap();
        prop_assert!((lag - (shift * 5_000) as f64).abs() <= 5_000.0, "{lag}");
    }

    #[test]
    fn a_series_is_at_no_distance_from_itself(a in series(40), s in settings()) {
        if let Some(region) = Region::new(s.band, a.len(), a.len()) {
            prop_assert_eq!(align(&Problem::new(&a, 1, &[&a], &region, s))[0].sum, 0.0);
        }
    }

    #[test]
    fn the_distance_is_symmetric(a in series(30), b in series(30), band in prop::option::of(0..30usize)) {
        prop_assert_eq!(distance(&a, &b, band), distance(&b, &a, band));
    }

    #[test]
    fn a_wider_band_is_never_farther(a in series(30), b in series(30), band in 0..30usize) {
        prop_assert!(distance(&a, &b, Some(band + 1)) <= distance(&a, &b, Some(band)));
        prop_assert!(distance(&a, &b, None) <= distance(&a, &b, Some(band)));
    }

    #[test]
    fn a_band_as_wide_as_the_series_is_none(a in series(30), b in series(30)) {
        prop_assert_eq!(distance(&a, &b, None), distance(&a, &b, Some(30)));
    }

    #[test]
    fn a_band_of_0_is_the_euclidean_distance(pairs in prop::collection::vec((number(), number()), 1..50)) {
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let euclid = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt();
        prop_assert!(close(distance(&a, &b, Some(0)), euclid));
    }

    #[test]
    fn symmetric2_lies_between_symmetric1_and_twice_it(a in series(30), b in series(30)) {
        let region = Region::new(Band::None, a.len(), b.len()).unwrap();
        let sum = |step| align(&Problem::new(&a, 1, &[&b], &region, Settings { step, ..Settings::default() }))[0].sum;
        let (one, two) = (sum(Step::Symmetric1), sum(Step::Symmetric2));
        prop_assert!(one <= two * (1.0 + 1e-12) && two <= 2.0 * one * (1.0 + 1e-12));
    }
}

#[test]
fn long_paths_are_the_same_whether_or_not_the_codes_fit_at_once() {
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as f64 / 2f64.powi(31)
    };
    let n = 2401;
    let mut walk = || {
        let mut at = 0.0;
        (0..n)
            .map(|_| {
                at += next() - 0.5;
                at
            })
            .collect::<Vec<f64>>()
    };
    let (q, x, y) = (walk(), walk(), walk());
    let region = Region::new(Band::None, n, n).unwrap();
    for s in [
        Settings::default(),
        Settings { ends: Ends::Subsequence, ..Settings::default() },
        Settings { ends: Ends::OpenEnd, step: Step::Symmetric2, ..Settings::default() },
    ] {
        let found = align(&Problem { paths: true, ..Problem::new(&q, 1, &[&x, &y], &region, s) });
        for (a, x) in found.iter().zip([&x, &y]) {
            assert!(close(a.sum, along(&a.path, &q, x, s)), "{} {}", a.sum, along(&a.path, &q, x, s));
        }
    }
}

proptest! {}

#[test]
fn the_k_nearest_of_long_series_are_those_of_comparing_all() {
    // Long enough for the dearer bounds to be asked.
    let n = 900;
    let wave = |k: usize| {
        move |t: usize| ((t as f64) / (40.0 + k as f64)).sin() * (1.0 + (k % 7) as f64) + (k * t % 11) as f64 / 20.0
    };
    let many: Vec<Vec<f64>> = (1..48).map(|k| (0..n).map(wave(k)).collect()).collect();
    let many: Vec<&[f64]> = many.iter().map(|x| &x[..]).collect();
    let q: Vec<f64> = (0..n).map(wave(14)).map(|x| x * 1.01).collect();
    let times: Vec<i64> = (0..n as i64).collect();
    let (query, series) = (Timed { values: &q[..], times_ms: &times }, Timed { values: &many[..], times_ms: &times });
    let plan = Plan::default();
    let all = one_to_many(query, series, &plan);
    let mut all: Vec<(f64, usize)> = all.iter().enumerate().map(|(i, o)| (o.as_ref().unwrap().distance, i)).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let near = nearest(query, series, &plan, 3);
    assert_eq!(near[..3], all.iter().take(3).map(|a| a.1).collect::<Vec<_>>());
}
