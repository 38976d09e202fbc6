//! The recordings of the blind figures, with the rules of today.
//!
//! `examples/concert`, `examples/desk`, `examples/parcel`, `examples/parcel-again`, `examples/chat` and `examples/wiki`, one
//! folder per run: `cases.csv` says what was done and what a right answer is, `blind.csv` where it was found when nobody had
//! looked at the system yet, which no change of a rule touches, and `places.csv` where it is found now:
//! `tools/score_blind.py score examples/chat > examples/chat/places.csv`. No place may be lost unseen.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

type Row = HashMap<String, String>;

fn folder(system: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(system)
}

fn table(text: &[u8]) -> Vec<Row> {
    csv::Reader::from_reader(text).deserialize().map(Result::unwrap).collect()
}

/// A table of rank of a run, with its own steady grid and that of another run of the same load.
fn ranked(system: &str, case: &Row, more: &[&str]) -> Vec<Row> {
    let grid = |run: &str, name: &str| folder(system).join(run).join(name);
    let mut rank = Command::new(env!("CARGO_BIN_EXE_rank"));
    rank.args(["--quiet", "--to", "csv"]).args(more);
    for run in ["run", "other_steady"] {
        rank.arg("--baseline").arg(grid(&case[run], "steady.csv.zst"));
    }
    let output = rank.arg(grid(&case["run"], "overload.csv.zst")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    table(&output.stdout)
}

fn place(rows: &[Row], right: impl Fn(&Row) -> bool) -> String {
    rows.iter().position(right).map_or_else(|| "-".to_owned(), |at| (at + 1).to_string())
}

/// Whether a name is the pattern's, in which `*` is any text.
fn is_named(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|left| {
            left.char_indices().map(|(at, _)| at).chain([left.len()]).any(|at| is_named(rest, &left[at..]))
        }),
    }
}

/// The places of the tier and of the cause, and the verdict.
fn found(system: &str, case: &Row) -> [String; 3] {
    let in_tier = |row: &Row| case["tier"].split(' ').any(|service| service == row["service"]);
    let is_cause = |row: &Row| {
        let name = row["metric"].split('{').next().unwrap();
        in_tier(row) && case["cause"].split(' ').any(|pattern| is_named(pattern, name))
    };
    let (services, metrics) = (ranked(system, case, &["--by", "service"]), ranked(system, case, &[]));
    let verdict = metrics[0]["verdict"].clone();
    match case["fault"].as_str() {
        "none" => [String::new(), String::new(), verdict],
        _ => [place(&services, in_tier), place(&metrics, is_cause), verdict],
    }
}

fn the_places_are_those_written_down(system: &str) {
    let read = |name: &str| table(&std::fs::read(folder(system).join(name)).unwrap());
    let (cases, places) = (read("cases.csv"), read("places.csv"));
    let wrong = cases.iter().filter_map(|case| {
        let told = places.iter().find(|row| row["by"] == "rank" && row["run"] == case["run"]).unwrap();
        let expected = ["place_of_tier", "place_of_cause", "verdict"].map(|name| told[name].clone());
        let found = found(system, case);
        (found != expected).then(|| format!("{}: {found:?} instead of {expected:?}", case["run"]))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn those_of_the_chat_server_are() {
    the_places_are_those_written_down("chat");
}

#[test]
fn those_of_the_concert_tickets_are() {
    the_places_are_those_written_down("concert");
}

#[test]
fn those_of_the_desk_are() {
    the_places_are_those_written_down("desk");
}

#[test]
fn those_of_the_parcel_service_are() {
    the_places_are_those_written_down("parcel");
}

#[test]
fn those_of_the_parcel_service_once_more_are() {
    the_places_are_those_written_down("parcel-again");
}

#[test]
fn those_of_the_wiki_are() {
    the_places_are_those_written_down("wiki");
}

/// The shares of all faults of the five systems, as the README's first table has them: the tier first, among the first three, a
/// cause among the first five.
fn shares(by: &str) -> [f64; 3] {
    let systems = ["wiki", "chat", "parcel", "desk", "concert"];
    let rows = systems.iter().flat_map(|system| table(&std::fs::read(folder(system).join("blind.csv")).unwrap()));
    let places: Vec<[Option<u32>; 2]> = rows
        .filter(|row| row["by"] == by && !row["place_of_tier"].is_empty())
        .map(|row| ["place_of_tier", "place_of_cause"].map(|place| row[place].parse().ok()))
        .collect();
    assert_eq!(places.len(), 84);
    let share = |of: usize, first: u32| {
        places.iter().filter(|place| place[of].is_some_and(|at| at <= first)).count() as f64 / places.len() as f64
    };
    [share(0, 1), share(0, 3), share(1, 5)]
}

#[test]
fn the_readme_has_the_blind_figures() {
    let readme = std::fs::read_to_string(folder("../README.md")).unwrap().replace("**", "");
    for (by, named) in
        [("rank", "`rank`"), ("volume", "Netdata's volume"), ("nsigma", "N-Sigma"), ("change", "percentage change")]
    {
        let [first, three, cause] = shares(by);
        let row = format!("| {named} | {first:.2} | {three:.2} | {cause:.2} |");
        assert!(readme.contains(&row), "expected in README.md: {row}");
    }
}
