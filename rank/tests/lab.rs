//! Accuracy on recordings of the shop in `lab/`: the service that was made to fail comes first.
//!
//! A folder is a run, `<fault>-<service>`: 20 s of steady load and 25 s of overload or fault, one sample a second.
//! `saturated`: too few workers for 120 users; `paused`: stopped for 12 s; `throttled`: 4 ms of processor in each
//! 100 ms; `stuttering`: 30 ms in each 300 ms, where the service's own clock sees little of it.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn runs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab");
    let mut runs: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    runs.sort();
    runs
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

#[test]
fn the_service_that_was_made_to_fail_comes_first() {
    let mut wrong = Vec::new();
    for run in runs() {
        let name = run.file_name().unwrap().to_string_lossy().into_owned();
        let broken = name.split_once('-').unwrap().1.to_owned();
        let found = services(&run);
        if found.first() != Some(&broken) {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn there_are_runs_of_each_fault_on_three_services() {
    let names: Vec<String> = runs().iter().map(|run| run.file_name().unwrap().to_string_lossy().into_owned()).collect();
    for fault in ["saturated-", "paused-", "throttled-", "stuttering-"] {
        assert!(names.iter().filter(|name| name.starts_with(fault)).count() >= 3, "{fault}");
    }
}
