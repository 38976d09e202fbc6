//! Laws that hold for any grid.

#![allow(clippy::unwrap_used)]

use pca::{Components, Fit, Missing, Options, Solver, contributions, fit, groups, own_residual, residual};
use proptest::prelude::*;

/// Columns of some length: smooth ones, noise, constants, copies.
fn grids() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (2usize..30, 1usize..12).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(
            prop_oneof![
                6 => prop::collection::vec(-100.0..100.0f64, rows),
                1 => (-5.0..5.0f64).prop_map(move |x| vec![x; rows]),
                1 => (-5.0..5.0f64).prop_map(move |x| (0..rows).map(|i| x * i as f64).collect()),
            ],
            columns,
        )
    })
}

/// Grids of any bits at all.
fn wild() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (0usize..8, 0usize..6).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(prop::collection::vec(any::<u64>().prop_map(f64::from_bits), rows), columns)
    })
}

fn fit_all(columns: &[Vec<f64>], options: &Options) -> Fit {
    let rows = columns[0].len();
    fit(columns.to_vec(), std::slice::from_ref(&(0..rows)), options).unwrap()
}

fn options(components: Components, solver: Solver) -> Options {
    Options { components, solver, ..Options::default() }
}

const ALL: Components = Components::Count(usize::MAX);

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

proptest! {
    #[test]
    fn ratios_of_all_components_sum_to_one(grid in grids()) {
        for solver in [Solver::Svd, Solver::Gram, Solver::Randomised] {
            let fit = fit_all(&grid, &options(ALL, solver));
            if !fit.model.components.is_empty() {
                prop_assert!((fit.model.ratios.iter().sum::<f64>() - 1.0).abs() < 1e-10);
                prop_assert!(fit.model.ratios.windows(2).all(|pair| pair[0] >= pair[1] - 1e-15));
            }
        }
    }

    #[test]
    fn components_are_orthonormal_with_the_sign_rule(grid in grids()) {
        for solver in [Solver::Svd, Solver::Gram, Solver::Randomised] {
            let components = fit_all(&grid, &options(ALL, solver)).model.components;
            for (i, x) in components.iter().enumerate() {
                prop_assert!((dot(x, x) - 1.0).abs() < 1e-10);
                prop_assert!(components[..i].iter().all(|y| dot(x, y).abs() < 1e-7));
                let peak = x.iter().fold(0.0, |peak: f64, v| peak.max(v.abs()));
                prop_assert!(x.iter().any(|v| *v >= peak * (1.0 - 1e-9)));
            }
        }
    }

    #[test]
    fn all_components_put_the_grid_back(grid in grids()) {
        let fit = fit_all(&grid, &options(ALL, Solver::Auto));
        let scores = fit.scores();
        for (j, column) in grid.iter().enumerate() {
            for (i, value) in column.iter().enumerate() {
                let parts = scores.iter().zip(&fit.model.components);
                let back: f64 = parts.map(|(score, component)| score[i] * component[j]).sum();
                prop_assert!((back + fit.data.shifts[j].mean - value).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn contributions_are_shares(grid in grids(), k in 1usize..5) {
        let fit = fit_all(&grid, &options(Components::Count(k), Solver::Auto));
        let shares = contributions(&fit.model, grid.len());
        prop_assert!(shares.iter().all(|share| *share >= 0.0));
        if !fit.model.components.is_empty() {
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-10);
        }
    }

    #[test]
    fn order_of_columns_only_permutes(grid in grids()) {
        let there = fit_all(&grid, &options(Components::Count(1), Solver::Svd));
        let turned: Vec<Vec<f64>> = grid.iter().rev().cloned().collect();
        let back = fit_all(&turned, &options(Components::Count(1), Solver::Svd));
        prop_assert_eq!(there.model.components.len(), back.model.components.len());
        for (x, y) in there.model.singular.iter().zip(&back.model.singular) {
            prop_assert!((x - y).abs() <= 1e-10 * x);
        }
        let (a, b) = (contributions(&there.model, grid.len()), contributions(&back.model, grid.len()));
        let all = fit_all(&grid, &options(ALL, Solver::Svd)).model.ratios;
        if all.len() < 2 || all[0] - all[1] > 1e-3 {
            prop_assert!(a.iter().zip(b.iter().rev()).all(|(x, y)| (x - y).abs() < 1e-8));
        }
    }

    #[test]
    fn shift_changes_nothing_and_scale_only_the_variance(grid in grids(), by in -50.0..50.0f64) {
        let plain = fit_all(&grid, &options(ALL, Solver::Svd)).model;
        let moved: Vec<Vec<f64>> = grid.iter().map(|c| c.iter().map(|x| (x + by) * 4.0).collect()).collect();
        let moved = fit_all(&moved, &options(ALL, Solver::Svd)).model;
        prop_assert!((plain.total * 16.0 - moved.total).abs() <= 1e-9 * moved.total);
        for (x, y) in plain.ratios.iter().zip(&moved.ratios) {
            prop_assert!((x - y).abs() < 1e-9);
        }
    }

    #[test]
    fn parts_of_q_and_t2_sum_to_the_whole(base in grids(), k in 1usize..4, by in -3.0..3.0f64) {
        let fit = fit_all(&base, &options(Components::Count(k), Solver::Auto));
        let rows = base[0].len() as f64;
        let moved: Vec<Vec<f64>> = base.iter().map(|c| c.iter().map(|x| x * by + 1.0).collect()).collect();
        let found = residual(&fit, moved);
        for (parts, whole) in [(&found.q_of, &found.q), (&found.t2_of, &found.t2)] {
            let (parts, mean) = (parts.iter().sum::<f64>(), whole.iter().sum::<f64>() / rows);
            prop_assert!((parts - mean).abs() <= 1e-9 * (1.0 + mean));
        }
        // T² is the sum of squared standardised scores
        for i in 0..base[0].len() {
            let parts = found.scores.iter().zip(&fit.model.variance);
            let t2: f64 = parts.map(|(score, variance)| score[i] * score[i] / variance).sum();
            prop_assert!((t2 - found.t2[i]).abs() <= 1e-8 * (1.0 + t2));
        }
        // over its own rows the mean T² is k·(n − 1)/n, and Q is what the components leave
        let own = own_residual(&fit);
        let (t2, q) = (own.t2.iter().sum::<f64>(), own.q.iter().sum::<f64>());
        prop_assert!((t2 - fit.model.variance.len() as f64 * (rows - 1.0)).abs() <= 1e-8 * rows);
        let left = (fit.model.total - fit.model.variance.iter().sum::<f64>()) * (rows - 1.0);
        prop_assert!((q - left).abs() <= 1e-8 * (1.0 + fit.model.total * rows));
    }

    #[test]
    fn groups_share_out_the_columns(grid in grids(), similar in 0.1..1.0f64, carry in 0.1..1.0f64) {
        let fit = fit_all(&grid, &options(Components::Count(3), Solver::Auto));
        let shares = contributions(&fit.model, grid.len());
        let (found, loose) = groups(&fit, &shares, similar, carry);
        let mut seen: Vec<usize> = found.iter().flat_map(|g| g.members.iter().map(|m| m.0)).collect();
        seen.extend(&loose);
        seen.sort_unstable();
        prop_assert_eq!(seen, (0..grid.len()).collect::<Vec<_>>());
        let carried: f64 = found.iter().map(|group| group.contribution).sum();
        prop_assert!(found.is_empty() || carried >= carry - 1e-9);
    }

    #[test]
    fn no_bits_make_it_panic(grid in wild(), scale: bool, solver in 0usize..4, missing in 0usize..3, k in 1usize..4) {
        let options = Options {
            components: Components::Count(k),
            scale,
            solver: [Solver::Auto, Solver::Svd, Solver::Gram, Solver::Randomised][solver],
            missing: [Missing::Mean, Missing::Em, Missing::Refuse][missing],
        };
        let rows = grid.first().map_or(0, Vec::len);
        let cut = if rows > 3 { 2 } else { 0 };
        let spans: Vec<_> = [0..cut, cut..rows].into_iter().skip(usize::from(cut == 0)).collect();
        if let Ok(fit) = fit(grid.clone(), &spans, &options) {
            prop_assert!(fit.model.components.iter().flatten().all(|x| x.is_finite()));
            prop_assert!(fit.model.ratios.iter().all(|x| x.is_finite()));
            let shares = contributions(&fit.model, grid.len());
            groups(&fit, &shares, 0.9, 0.95);
            residual(&fit, grid);
            fit.scores();
        }
    }
}

/// A few strong directions over weak noise, larger than the block of the iteration.
fn large(rows: usize, columns: usize) -> Vec<Vec<f64>> {
    let mut seed = 7u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let factors: Vec<Vec<f64>> = (0..8).map(|_| (0..rows).map(|_| random()).collect()).collect();
    let mut column = |_| {
        let weights: Vec<f64> = (0..8).map(|k| random() * f64::from(8 - k)).collect();
        (0..rows).map(|i| 0.05 * random() + (0..8).map(|k| weights[k] * factors[k][i]).sum::<f64>()).collect()
    };
    (0..columns).map(&mut column).collect()
}

#[test]
fn iteration_equals_the_dense_method_on_large_grids() {
    for (rows, columns, scale) in [(210, 204, true), (204, 210, false)] {
        let grid = large(rows, columns);
        let fit = |components, solver| fit_all(&grid, &Options { scale, ..options(components, solver) }).model;
        let dense = fit(ALL, Solver::Gram);
        for other in [Solver::Gram, Solver::Randomised] {
            let other = fit(Components::Count(5), other);
            assert!(other.unsettled > 0.0 && other.unsettled < 1e-13, "{}", other.unsettled);
            for k in 0..5 {
                assert!((dense.singular[k] / other.singular[k] - 1.0).abs() < 1e-10);
                let same = dense.components[k].iter().zip(&other.components[k]);
                assert!(same.map(|(x, y)| (x - y).abs()).fold(0.0, f64::max) < 1e-9, "{rows} {k}");
            }
        }
    }
}

#[test]
fn noise_is_told_apart_in_a_large_space() {
    // values so close that a small space restarts and restarts
    let grid = large(420, 400).into_iter().enumerate().map(|(j, column)| {
        let weak = |(i, x): (usize, &f64)| 1e-3 * x + ((i * 7919 + j * 104_729) % 1013) as f64 / 1013.0 - 0.5;
        column.iter().enumerate().map(weak).collect()
    });
    let grid: Vec<Vec<f64>> = grid.collect();
    let dense = fit_all(&grid, &options(ALL, Solver::Gram)).model;
    for solver in [Solver::Gram, Solver::Randomised] {
        let few = fit_all(&grid, &options(Components::Count(3), solver)).model;
        assert!(few.unsettled < 1e-13, "{}", few.unsettled);
        for (x, y) in few.singular.iter().zip(&dense.singular) {
            assert!((x / y - 1.0).abs() < 1e-10);
        }
    }
}

#[test]
fn rotations_equal_the_dense_method() {
    let grid = large(60, 40);
    let (exact, squared) = (fit_all(&grid, &options(ALL, Solver::Svd)), fit_all(&grid, &options(ALL, Solver::Gram)));
    for (x, y) in exact.model.singular.iter().zip(&squared.model.singular) {
        assert!((x / y - 1.0).abs() < 1e-9);
    }
}

#[test]
fn share_of_variance_equals_the_first_of_all() {
    let grid = large(360, 330);
    let all = fit_all(&grid, &options(ALL, Solver::Gram)).model;
    for share in [0.3, 0.9] {
        let some = fit_all(&grid, &options(Components::Share(share), Solver::Gram)).model;
        let explained: f64 = some.ratios.iter().sum();
        assert!(explained >= share - 1e-9);
        assert!(explained - some.ratios.last().unwrap() < share);
        assert!((some.singular[0] / all.singular[0] - 1.0).abs() < 1e-12);
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    let grid = large(500, 120);
    for solver in [Solver::Gram, Solver::Randomised] {
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| fit_all(&grid, &options(Components::Count(2), solver)).model)
        };
        let (one, many) = (run(1), run(5));
        assert_eq!(one.components, many.components);
        assert_eq!(one.variance, many.variance);
    }
}

#[test]
fn equal_variances_still_give_orthonormal_components() {
    // a white grid: every direction has the same variance, none has a better claim than another
    let rows = 128;
    let grid: Vec<Vec<f64>> = (0..rows).map(|j| (0..rows).map(|i| if i == j { 1.0 } else { 0.0 }).collect()).collect();
    for solver in [Solver::Gram, Solver::Randomised, Solver::Svd] {
        let model = fit_all(&grid, &options(Components::Count(3), solver)).model;
        assert_eq!(model.components.len(), 3);
        for (i, x) in model.components.iter().enumerate() {
            assert!((model.singular[i] - 1.0).abs() < 1e-12);
            assert!(model.components[..i].iter().all(|y| dot(x, y).abs() < 1e-12));
        }
    }
}
