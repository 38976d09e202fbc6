//! Accuracy on recordings of the shop in `lab/`: the service that was made to fail comes first.
//!
//! `tests/lab`, one folder per run, `<fault>-<service>`: 20 s of steady load and 25 s of overload or fault, one sample a
//! second. `saturated`: too few workers for 120 users; `paused`: stopped for 12 s; `throttled`: 4 ms of processor in each
//! 100 ms; `stuttering`: 30 ms in each 300 ms, where the service's own clock sees little of it.
//!
//! `examples/shop-faults`, `<fault>-<service>-<repeat>`: the same shop in containers, five faults under an even load.
//!
//! `tests/containers`, `<fault>-<service>`: three of these faults in the other five services, without the two that
//! 64 kbit/s does nothing to, since they send less.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn runs(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut runs: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    runs.sort();
    runs
}

fn name(run: &Path) -> String {
    run.file_name().unwrap().to_string_lossy().into_owned()
}

/// The services of a run, first suspect first.
fn services(run: &Path) -> Vec<String> {
    let mut rank = Command::new(env!("CARGO_BIN_EXE_rank"));
    rank.args(["--quiet", "--to", "csv", "--by", "service", "--baseline"]);
    let output = rank.arg(run.join("steady.csv.gz")).arg(run.join("overload.csv.gz")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().skip(1).filter_map(|line| line.split(',').nth(1)).map(str::to_owned).collect()
}

/// Runs whose first service is not the one in their name.
fn wrong(runs: &[PathBuf]) -> Vec<String> {
    let told = |run: &PathBuf| {
        let (name, found) = (name(run), services(run));
        let broken = name.split_once('-').unwrap().1.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit());
        (found.first().map(String::as_str) != Some(broken)).then(|| format!("{name}: {found:?}"))
    };
    runs.iter().filter_map(told).collect()
}

#[test]
fn the_service_that_was_made_to_fail_comes_first() {
    let wrong = wrong(&runs("tests/lab"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_service_whose_container_was_broken_comes_first() {
    let wrong = wrong(&runs("../examples/shop-faults"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_service_comes_first_among_those_that_were_never_broken_before() {
    let runs = runs("tests/containers");
    assert_eq!(runs.len(), 13);
    let wrong = wrong(&runs);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_runs_of_each_fault_on_three_services() {
    let names: Vec<String> = runs("tests/lab").iter().map(|run| name(run)).collect();
    for fault in ["saturated-", "paused-", "throttled-", "stuttering-"] {
        assert!(names.iter().filter(|name| name.starts_with(fault)).count() >= 3, "{fault}");
    }
}

#[test]
fn there_are_runs_of_each_fault_in_two_containers_twice() {
    let names: Vec<String> = runs("../examples/shop-faults").iter().map(|run| name(run)).collect();
    for fault in ["cpu", "delay", "kill", "pause", "rate"] {
        for service in ["carts", "orders"] {
            assert_eq!(names.iter().filter(|name| name.starts_with(&format!("{fault}-{service}-"))).count(), 2);
        }
    }
}
