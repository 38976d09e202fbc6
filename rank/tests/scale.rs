//! Sweeps of systems whose parameters are known: queues, and the scalability law with noise.
//!
//! Closed queues are solved exactly: N users think for Z, then ask a station of c servers for S each, so
//! that it saturates at N* = c (Z + S)/S users (asymptotic bounds; Denning and Buzen 1978).

#![allow(clippy::unwrap_used)]

use rank::scale::growth::{Growth, Ideal, growth, levels, steps};
use rank::scale::usl::{Estimate, Fit, Usl, throughput};
use serde_json::Value;
use std::f64::consts::TAU;
use std::io::Write;
use std::process::{Command, Stdio};

const YIELD: Ideal = Ideal { exponent: Some(1.0), sign: -1.0 };
const DELAY: Ideal = Ideal { exponent: Some(0.0), sign: 1.0 };
const USE: Ideal = Ideal { exponent: Some(1.0), sign: 1.0 };

const LOADS: [&[f64]; 4] = [
    &[10.0, 20.0, 50.0, 100.0, 200.0],
    &[10.0, 20.0, 50.0, 100.0, 200.0, 400.0, 800.0],
    &[5.0, 10.0, 20.0, 30.0, 40.0, 60.0, 80.0, 120.0, 160.0, 240.0, 320.0, 480.0],
    &[20.0, 40.0, 60.0, 80.0, 100.0, 120.0, 140.0, 160.0, 180.0, 200.0, 220.0, 240.0, 260.0, 280.0, 300.0],
];

/// A closed system: c servers, service time S and think time Z in seconds.
#[derive(Debug, Clone, Copy)]
struct Closed {
    servers: usize,
    service: f64,
    think: f64,
}

const SYSTEMS: [Closed; 7] = [
    Closed { servers: 1, service: 0.01, think: 1.0 },
    Closed { servers: 1, service: 0.02, think: 1.0 },
    Closed { servers: 2, service: 0.05, think: 1.0 },
    Closed { servers: 4, service: 0.05, think: 1.0 },
    Closed { servers: 8, service: 0.1, think: 0.5 },
    Closed { servers: 16, service: 0.1, think: 1.0 },
    Closed { servers: 4, service: 0.02, think: 1.0 },
];

impl Closed {
    fn saturation(&self) -> f64 {
        self.servers as f64 * (self.think + self.service) / self.service
    }

    /// Throughput and response time at N users: exact Mean Value Analysis (Reiser and Lavenberg 1980),
    /// with the chance of an empty station from its complement (Reiser 1981), which stays stable.
    fn solve(&self, users: f64) -> (f64, f64) {
        let c = self.servers;
        let mut present = vec![0.0; c];
        present[0] = 1.0;
        let (mut queue, mut solved) = (0.0, (0.0, 0.0));
        for n in 1..=users as usize {
            let idle: f64 = (0..c - 1).map(|j| (c - 1 - j) as f64 * present[j]).sum();
            let response = self.service / c as f64 * (1.0 + queue + idle);
            let rate = n as f64 / (self.think + response);
            for j in (1..c).rev() {
                present[j] = rate * self.service / j as f64 * present[j - 1];
            }
            present[0] *= rate * self.think / n as f64;
            queue = rate * response;
            solved = (rate, response);
        }
        solved
    }

    /// Throughputs and response times over loads.
    fn sweep(&self, loads: &[f64]) -> (Vec<f64>, Vec<f64>) {
        loads.iter().map(|n| self.solve(*n)).unzip()
    }
}

fn grown(loads: &[f64], values: &[f64], ideal: Ideal) -> Growth {
    growth(&levels(loads, values), 0.0, ideal)
}

/// Each system under each sweep that has at least three loads below 80 % of N*.
fn cases() -> impl Iterator<Item = (Closed, &'static [f64], usize)> {
    let all = SYSTEMS.into_iter().flat_map(|system| LOADS.map(|loads| (system, loads)));
    let below = |(system, loads): (Closed, &'static [f64])| {
        (system, loads, loads.iter().filter(|n| **n < 0.8 * system.saturation()).count())
    };
    all.map(below).filter(|(_, _, below)| *below >= 3)
}

fn golden(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("golden/rank.json")).unwrap();
    all[name].as_array().unwrap().clone()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[test]
fn the_closed_system_is_solved_as_its_birth_and_death_process_is() {
    for case in golden("queues").iter().filter(|case| case["closed"].is_array()) {
        let known = numbers(&case["closed"]);
        let system = Closed { servers: known[0] as usize, service: known[1], think: known[2] };
        let (x, _) = system.sweep(&numbers(&case["load"]));
        for (found, expected) in x.iter().zip(numbers(&case["value"])) {
            assert!((found - expected).abs() < 1e-9 * expected, "{system:?}: {found} is not {expected}");
        }
    }
}

#[test]
fn below_saturation_throughput_is_in_proportion_and_has_no_knee() {
    for (system, loads, below) in cases() {
        let (x, _) = system.sweep(&loads[..below]);
        let found = grown(&loads[..below], &x, YIELD);
        assert!((found.elasticity.unwrap().0 - 1.0).abs() < 0.02, "{system:?} {found:?}");
        assert_eq!((found.knee, found.left_at), (None, None), "{system:?}");
    }
}

#[test]
fn throughput_has_its_knee_within_a_tenth_of_the_known_saturation() {
    let reached = cases().filter(|(system, loads, _)| *loads.last().unwrap() > 2.0 * system.saturation());
    let mut count = 0;
    for (system, loads, _) in reached {
        let found = grown(loads, &system.sweep(loads).0, YIELD);
        let (at, before, after) = found.knee.unwrap();
        assert!((at / system.saturation() - 1.0).abs() < 0.1, "{system:?} {loads:?} {found:?}");
        assert!((before - 1.0).abs() < 0.05 && after.abs() < 0.1, "{system:?} {loads:?} {found:?}");
        assert!((found.worse.unwrap() - 1.0).abs() < 0.1, "{system:?} {loads:?} {found:?}");
        count += 1;
    }
    assert!(count >= 10, "{count}");
}

#[test]
fn metrics_leave_their_line_at_the_known_step() {
    for (system, loads, _) in cases() {
        let ((x, r), full) = (system.sweep(loads), system.saturation());
        // Throughput stays at c/S, the line goes on: 22 % below it at e^0.2 N*.
        let known = loads.iter().copied().find(|n| *n > full * 0.2_f64.exp());
        let (served, delayed) = (grown(loads, &x, YIELD), grown(loads, &r, DELAY));
        assert_eq!(served.left_at, known, "{system:?} {loads:?}");
        // A queue forms before the station is full.
        let left = delayed.left_at.unwrap();
        assert!(left > 0.5 * full && known.is_none_or(|known| left <= known), "{system:?} {loads:?} {delayed:?}");
        // Beyond N* the response time is N S/c − Z, steeper than in proportion.
        assert!(delayed.knee.is_none_or(|knee| knee.2 > 1.0) && delayed.worse.unwrap() > 1.0, "{system:?} {delayed:?}");
        // Use of the servers, X S/c, stays with throughput and is never worse than a line.
        let busy: Vec<f64> = x.iter().map(|x| x * system.service / system.servers as f64).collect();
        let used = grown(loads, &busy, USE);
        assert!((used.elasticity.unwrap().0 - served.elasticity.unwrap().0).abs() < 1e-9);
        assert!(used.worse.unwrap() < 1e-9 && used.left_at.is_none(), "{system:?} {used:?}");
        let loads_of = |v: &[f64]| steps(&levels(loads, v), 0.0).iter().map(|s| s.load).collect::<Vec<_>>();
        assert_eq!(loads_of(&busy), loads_of(&x));
    }
}

#[test]
fn open_queues_delay_before_they_are_full_and_are_used_in_proportion() {
    for case in golden("queues").iter().filter(|case| case["open"].is_u64()) {
        let (servers, rate, response) =
            (case["open"].as_f64().unwrap(), numbers(&case["load"]), numbers(&case["value"]));
        let found = grown(&rate, &response, DELAY);
        let at = found.left_at.unwrap() / servers;
        // Of 1, 4 and 16 servers: the more there are, the longer the line holds.
        assert!(
            (at - if servers > 4.0 {
                0.9
            } else if servers > 1.0 {
                0.7
            } else {
                0.5
            })
            .abs()
                < 1e-9,
            "{at}"
        );
        assert!(found.knee.unwrap().0 / servers > 0.5 && found.worse.unwrap() > 1.0, "{servers} servers: {found:?}");
        let busy: Vec<f64> = rate.iter().map(|rate| rate / servers).collect();
        let used = grown(&rate, &busy, USE);
        assert!((used.elasticity.unwrap().0 - 1.0).abs() < 1e-9 && used.knee.is_none() && used.left_at.is_none());
    }
}

/// Gunther (2007): Amdahl's law, κ = 0, is the synchronous bound of the machine repairman, in which all N
/// ask at once: X = N/(Z + N S), so σ = S/(Z + S).
#[test]
fn the_synchronous_repairman_has_the_contention_that_is_known() {
    for (system, loads) in SYSTEMS.into_iter().flat_map(|system| LOADS.map(|loads| (system, loads))) {
        let (s, z) = (system.service, system.think);
        let x: Vec<f64> = loads.iter().map(|n| n / (z + n * s)).collect();
        let found = throughput(loads, &x, Fit::Relative).unwrap();
        assert!((found.lambda.value * (z + s) - 1.0).abs() < 1e-9, "{found:?}");
        assert!((found.sigma.value * (z + s) / s - 1.0).abs() < 1e-9 && found.kappa.value.abs() < 1e-12, "{found:?}");
    }
}

/// Normal deviates: SplitMix64 (Steele and others 2014) with Box and Muller's (1958) transform.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.uniform()).ln()).sqrt() * (TAU * self.uniform()).cos()
    }
}

const LAWS: [(f64, f64, f64); 5] =
    [(995.6, 0.0267, 0.000_769), (7.0, 0.004, 2e-6), (0.8, 0.05, 0.0), (20.0, 0.0, 1e-4), (2.0, 0.01, 1e-4)];

fn law(n: f64, (lambda, sigma, kappa): (f64, f64, f64)) -> f64 {
    lambda * n / (1.0 + sigma * (n - 1.0) + kappa * n * (n - 1.0))
}

fn holds(estimate: Estimate, truth: f64) -> bool {
    (estimate.value - truth).abs() <= estimate.margin
}

/// Without a peak in the fit nothing is said; without an upper end, all above is held.
fn holds_peak(found: &Usl, (_, sigma, kappa): (f64, f64, f64)) -> bool {
    let truth = ((1.0 - sigma) / kappa).sqrt();
    found.peak.is_none_or(|peak| peak.low <= truth && peak.high.is_none_or(|high| truth <= high))
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    const FITS: usize = 1000;
    let mut noise = Noise(1);
    for (truth, loads) in LAWS.into_iter().flat_map(|truth| LOADS.map(|loads| (truth, loads))) {
        for spread in [0.01, 0.05] {
            let mut held = [0usize; 4];
            for _ in 0..FITS {
                let x: Vec<f64> = loads.iter().map(|n| law(*n, truth) * (spread * noise.normal()).exp()).collect();
                let Some(found) = throughput(loads, &x, Fit::Relative) else { continue };
                let held_now = [
                    holds(found.lambda, truth.0),
                    holds(found.sigma, truth.1),
                    holds(found.kappa, truth.2),
                    holds_peak(&found, truth),
                ];
                held.iter_mut().zip(held_now).for_each(|(count, held)| *count += usize::from(held));
            }
            let shares = held.map(|count| count as f64 / FITS as f64);
            let [lambda, sigma, kappa, peak] = shares;
            // 95 % of a thousand fits is 950 ± 21 in 998 of 1000 tries.
            let plausible = [lambda, sigma, kappa].iter().all(|share| (0.92..0.98).contains(share));
            assert!(plausible && (0.92..0.99).contains(&peak), "{truth:?} {loads:?} {spread}: {shares:?}");
        }
    }
}

#[test]
fn a_noisy_sweep_through_the_filter_shows_the_law_it_was_made_with() {
    let (truth, mut noise) = ((20.0, 0.02, 1e-4), Noise(7));
    let mut grid = String::from("time,users,locust_rps,locust_response_time_ms,workers_busy\n");
    for (level, users) in LOADS[1].iter().enumerate() {
        for second in 0..20 {
            let (x, time) = (law(*users, truth), 1_700_000_000 + 20 * level + second);
            let [a, b, c] = std::array::from_fn(|_| (0.05 * noise.normal()).exp());
            grid += &format!("{time},{users},{},{},{}\n", x * a, 1000.0 * users / x * b, 0.001 * x * c);
        }
    }
    let mut rank = Command::new(env!("CARGO_BIN_EXE_rank"));
    let mut run = rank.args(["--quiet", "--load", "users", "--to", "jsonl"]);
    run = run.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = run.spawn().unwrap();
    child.stdin.take().unwrap().write_all(grid.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let rows: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for metric in ["locust_rps", "locust_response_time_ms"] {
        let row = rows.iter().find(|row| row["metric"] == metric).unwrap();
        let within = |name: &str, truth: f64| {
            let end = |side: &str| row[format!("{name}_{side}")].as_f64().unwrap();
            assert!(end("low") < truth && truth < end("high"), "{metric} {name}: {row}");
            assert!(end("high") - end("low") < truth, "{metric} {name}: {row}");
        };
        within("sigma", truth.1);
        within("kappa", truth.2);
        within("peak", ((1.0 - truth.1) / truth.2).sqrt());
    }
}
