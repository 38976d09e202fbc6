//! The hot loop: ten components of 3,600 rows × 1,000 columns, and of fewer by other solvers.
use criterion::{Criterion, criterion_group, criterion_main};
use pca::{Components, Options, Solver, fit};

/// Five drifting factors, mixed, with noise: the spectrum of a loaded system.
fn grid(rows: usize, columns: usize) -> Vec<Vec<f64>> {
    let mut seed = 1u64;
    let mut random = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let factors: Vec<Vec<f64>> = (0..5)
        .map(|_| {
            let mut level = 0.0;
            (0..rows)
                .map(|_| {
                    level = 0.99 * level + random();
                    level
                })
                .collect()
        })
        .collect();
    (0..columns)
        .map(|_| {
            let weights: Vec<f64> = (0..5).map(|_| random()).collect();
            (0..rows).map(|i| random() + weights.iter().zip(&factors).map(|(w, f)| w * f[i]).sum::<f64>()).collect()
        })
        .collect()
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fit");
    group.sample_size(10);
    for (rows, columns, solver) in [
        (3600, 1000, Solver::Gram),
        (3600, 1000, Solver::Randomised),
        (300, 100, Solver::Svd),
        (300, 100, Solver::Gram),
    ] {
        let data = grid(rows, columns);
        let options = Options { components: Components::Count(10), solver, ..Options::default() };
        group.bench_function(format!("{rows}x{columns}/{solver:?}"), |bencher| {
            bencher.iter_batched(
                || data.clone(),
                |data| fit(data, std::slice::from_ref(&(0..rows)), &options).map(|fit| fit.model.variance),
                criterion::BatchSize::LargeInput,
            );
        });
    }
}

criterion_group!(all, benches);
criterion_main!(all);
