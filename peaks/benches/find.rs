//! Finding peaks in one series of 3,600 points, an hour of seconds: noise as metrics have it, and the square wave on a
//! pulse where every peak sees the whole series.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use peaks::{Conditions, Interval, find, maxima, prominences, smooth};
use std::hint::black_box;

fn noise(length: usize) -> Vec<f64> {
    let mut seed = 1_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as f64 / f64::from(u32::MAX)
    };
    (0..length).map(|i| (i as f64 / 300.0).sin() + next()).collect()
}

fn square_wave_on_a_pulse(length: usize) -> Vec<f64> {
    let mut x: Vec<f64> = (0..length).map(|i| 5.0 + (i % 2) as f64).collect();
    (x[0], x[length - 1]) = (0.0, 0.0);
    x
}

fn benches(c: &mut Criterion) {
    let usual = Conditions {
        distance: Some(10.0),
        prominence: Interval::at_least(1.0),
        width: Interval::at_least(3.0),
        ..Conditions::default()
    };
    let any = Conditions { rel_height: 1.0, ..Conditions::default() };
    for (name, x) in [("noise", noise(3600)), ("square wave", square_wave_on_a_pulse(3600))] {
        let tops: Vec<usize> = maxima(&x).map(|m| m.middle()).collect();
        c.bench_function(&format!("maxima, {name}"), |b| b.iter(|| maxima(black_box(&x)).count()));
        let id = |what| BenchmarkId::new(what, name);
        c.bench_with_input(id("prominences"), &x, |b, x| b.iter(|| prominences(black_box(x), &tops, None)));
        c.bench_with_input(id("find with conditions"), &x, |b, x| b.iter(|| find(black_box(x), &usual)));
        c.bench_with_input(id("find all"), &x, |b, x| b.iter(|| find(black_box(x), &any)));
        c.bench_with_input(id("smooth 15"), &x, |b, x| b.iter(|| smooth(black_box(x), 15)));
    }
}

criterion_group!(find_peaks, benches);
criterion_main!(find_peaks);
