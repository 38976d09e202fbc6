//! The recurrence alone: eight series against a query, in sizes from a minute to an hour of points.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dtw::{Band, Problem, Region, Settings, align, align_portable};

fn walk(n: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut at = 0.0;
    (0..n)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            at += (state >> 33) as f64 / 2f64.powi(31) - 0.5;
            at
        })
        .collect()
}

fn kernel(c: &mut Criterion) {
    let mut group = c.benchmark_group("align");
    for (n, band) in [(300, Band::Points(15)), (300, Band::None), (3600, Band::Points(180)), (3600, Band::None)] {
        let query = walk(n, 1);
        let series: Vec<Vec<f64>> = (2..10).map(|seed| walk(n, seed)).collect();
        let series: Vec<&[f64]> = series.iter().map(|x| &x[..]).collect();
        let settings = Settings { band, ..Settings::default() };
        let Some(region) = Region::new(band, n, n) else { continue };
        let problem = Problem::new(&query, 1, &series, &region, settings);
        group.throughput(Throughput::Elements(8 * region.cells() as u64)).sample_size(10);
        let name = format!("{n}/{band:?}");
        group.bench_function(BenchmarkId::new("distances", &name), |b| b.iter(|| align(&problem)));
        group.bench_function(BenchmarkId::new("paths", &name), |b| {
            b.iter(|| align(&Problem { paths: true, ..problem }))
        });
        group.bench_function(BenchmarkId::new("portable", &name), |b| b.iter(|| align_portable(&problem)));
    }
    group.finish();
}

criterion_group!(benches, kernel);
criterion_main!(benches);
