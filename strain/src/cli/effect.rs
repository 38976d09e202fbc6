//! Options that the comparison would pass over: most likely they are a slip.

use std::collections::BTreeMap;
use std::env;

use grid::Error;
use strain::plan::phases::{Phases, Source};
use strain::plan::{Command, Plan};

use super::args::Compare;

const FETCHED: &str = "a range of time, which is fetched";

/// Refuses an option that no filter of the plans is given, with what it goes with.
pub(crate) fn check(args: &Compare, phases: &[(&str, Phases)], plans: &[Plan]) -> Result<(), Error> {
    check_joined(args, phases)?;
    let any = |is: &dyn Fn(&Command) -> bool| plans.iter().flat_map(Plan::commands).any(is);
    let fetches = any(&|command| command.filter == "prom-fetch");
    let steps = any(&|command| command.words.iter().any(|word| word == "--step"));
    // What stands in the environment is meant for other commands too.
    let is_url_given = args.url.is_some() && args.url != env::var("PROM_URL").ok();
    let options = [
        ("--url", is_url_given, fetches, FETCHED),
        ("--query", !args.query.is_empty(), fetches, FETCHED),
        ("--tz", args.tz.is_some(), fetches, FETCHED),
        ("--for", args.length_ms.is_some(), args.at.is_some(), "--at"),
        ("--history", args.history.is_some(), args.folders().is_some(), "two folders"),
        ("--step", args.step.is_some(), steps, "a range of time, or with series lines of which a grid is made"),
    ];
    match options.into_iter().find(|(_, is_given, has_effect, _)| *is_given && !has_effect) {
        Some((option, .., with)) => Err(Error::usage(format!("{option}: it has no effect here, it goes with {with}"))),
        None => Ok(()),
    }
}

fn check_joined(args: &Compare, phases: &[(&str, Phases)]) -> Result<(), Error> {
    let folders = args.folders().is_some();
    if folders && !args.spans.is_empty() {
        return Err(Error::usage("--spans: two folders bring their own: steady-spans.jsonl, overload-spans.jsonl"));
    }
    let option = match (&args.locust, &args.requests) {
        (Some(_), _) => "--locust",
        (None, Some(_)) => "--requests",
        (None, None) => return Ok(()),
    };
    if folders {
        return Err(Error::usage(format!("{option}: two folders bring their own: locust_*.csv, requests.csv")));
    }
    let mut sources = phases.iter().flat_map(|(_, phases)| [&phases.before.source, &phases.after.source]);
    match sources.any(|source| matches!(source, Source::Grid(_))) {
        true => Err(Error::usage(format!(
            "{option}: it is joined with series lines, not with a grid; give it to grid-build"
        ))),
        false => Ok(()),
    }
}

/// Refuses words for a filter that does not run, and a verdict of `rank`'s own, which would end all before the page is made.
pub(crate) fn check_words(words: &BTreeMap<&str, Vec<String>>, plans: &[Plan]) -> Result<(), Error> {
    let runs = |filter: &str| plans.iter().flat_map(Plan::commands).any(|command| command.filter == filter);
    if let Some(filter) = words.keys().find(|filter| !runs(filter)) {
        let with = match *filter {
            "prom-fetch" => ", it goes with a range of time",
            "spans" => ", it goes with --spans",
            "grid-build" => ", it goes with series lines",
            "peaks" | "dtw" => ", it goes with --on",
            "faults" => ", it goes with --library",
            _ => "",
        };
        return Err(Error::usage(format!("--word: {filter} does not run here{with}")));
    }
    let conditions = |words: &Vec<String>| words.iter().any(|word| word.starts_with("--fail-on"));
    match words.get("rank").is_some_and(conditions) {
        true => Err(Error::usage("--word: rank --fail-on ends before the page is made, run it by itself afterwards")),
        false => Ok(()),
    }
}
