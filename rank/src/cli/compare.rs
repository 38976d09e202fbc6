//! Two states compared: measured or read, ranked, listed.

use grid::{Error, Io, did_you_mean};
use names::Catalogue;
use rank::verdict::{Q, Verdict};
use rayon::prelude::*;

use crate::cli::evidence::Evidence;
use crate::cli::gather::{SWAPPED, gather};
use crate::cli::metric::{Metric, belongings, check_the_born, lose_the_gone};
use crate::cli::ranking::{Entry, Ranking, Ways, rank};
use crate::cli::run::answer;
use crate::cli::settings::{Comparison, Explain, Input, Settings};
use crate::cli::words::Words;
use crate::cli::{calls, explain, groups, measures, table};

/// Compares, ranks and writes the table.
pub(crate) fn compare(what: &Comparison, settings: &Settings, io: &mut Io) -> Result<(), Error> {
    let evidence = Evidence::read(&what.evidence)?;
    let (metrics, steady_grids) = measured(&what.input, &settings.catalogue, io)?;
    let ranking = ranked(metrics, what, &settings.catalogue)?;
    groups::check(&ranking, &what.by)?;
    say_what_is_left_out(&ranking, &what.by, steady_grids, io);
    say_the_verdict(&ranking, io);
    let rows = match &what.explain {
        Some(Explain::Names) => explain::guesses(&ranking),
        Some(Explain::Metric(metric)) => explain::one(&ranking, metric, &settings.catalogue)?.into(),
        None if what.by == "metric" => table::metrics(&ranking, &evidence),
        None => groups::groups(&ranking, &what.by).into(),
    };
    answer(rows, Some(ranking.verdict), true, settings, io)
}

/// The metrics, in the order of their names, and how many steady grids they were measured beside.
fn measured<'a>(input: &Input, catalogue: &'a Catalogue, io: &mut Io) -> Result<(Vec<Metric<'a>>, usize), Error> {
    let (mut metrics, steady_grids, swapped) = match input {
        Input::Measures(shards) => {
            let (metrics, steady_grids) = measures::read(shards, catalogue)?;
            (metrics, steady_grids, false)
        }
        Input::Grids(grids) => {
            let mut metrics = Vec::new();
            let swapped = gather(grids, catalogue, io, |some, _| {
                metrics.extend(some);
                Ok(())
            })?;
            (metrics, grids.steady.len(), swapped)
        }
    };
    metrics.par_sort_unstable_by(|a, b| a.header.cmp(&b.header));
    check(&metrics)?;
    if swapped {
        io.note(SWAPPED);
    }
    Ok((metrics, steady_grids))
}

/// Each metric is there once, and two states that share none are most likely a slip.
fn check(metrics: &[Metric]) -> Result<(), Error> {
    if let Some(twice) = metrics.windows(2).find(|two| two[0].header == two[1].header) {
        return Err(Error::parse("", "a metric twice in the measures", &twice[0].header));
    }
    let steady = metrics.iter().find(|metric| metric.in_steady());
    let overload = metrics.iter().find(|metric| metric.in_overload());
    let both = metrics.iter().any(|metric| metric.in_steady() && metric.in_overload());
    let (Some(steady), Some(overload), false) = (steady, overload, both) else { return Ok(()) };
    Err(Error::failed(format!(
        "no metric is in both steady and overload grids: \"{}\" only in steady, \"{}\" only in overload",
        steady.header, overload.header
    )))
}

fn ranked<'a>(mut metrics: Vec<Metric<'a>>, what: &Comparison, catalogue: &'a Catalogue) -> Result<Ranking<'a>, Error> {
    let mut words = Words::default();
    let belongings = belongings(&metrics, catalogue, &what.by, &mut words);
    check_the_born(&mut metrics, &belongings);
    lose_the_gone(&mut metrics, &belongings);
    let known = metrics.iter().any(|metric| Some(&*metric.header) == what.when.as_deref());
    if let (Some(when), false) = (&what.when, known) {
        let near = did_you_mean(when, metrics.iter().map(|metric| &*metric.header));
        return Err(Error::failed(format!("--when: no such metric: \"{when}\"{near}")));
    }
    let calls = calls::calls(&what.calls, &belongings, &words)?;
    let ways = Ways { when: what.when.as_deref(), order: what.order, calls: &calls };
    Ok(rank(metrics, belongings, words, catalogue, &ways))
}

fn say_what_is_left_out(ranking: &Ranking, by: &str, steady_grids: usize, io: &mut Io) {
    let all = ranking.count();
    let silent = count(ranking, |entry| entry.standing.score.get().is_none());
    if silent > 0 {
        io.note(format_args!("{silent} of {all} metrics have no samples on one side; they come last"));
    }
    let alone = count(ranking, |entry| entry.belonging.group.is_none());
    if by != "metric" && alone > 0 {
        io.note(format_args!("{alone} of {all} metrics have no {by}; they are left out"));
    }
    let resting = count(ranking, |entry| entry.is_resting());
    if resting > 0 && steady_grids == 1 {
        let (metrics, their) = if resting == 1 { ("metric was", "its") } else { ("metrics were", "their") };
        io.note(format_args!(
            "{resting} {metrics} at rest in the only steady run, so {their} change may be the load's: give a second --baseline"
        ));
    }
}

fn count(ranking: &Ranking, of: impl Fn(&Entry) -> bool) -> usize {
    ranking.entries().filter(of).count()
}

fn say_the_verdict(ranking: &Ranking, io: &mut Io) {
    let all = ranking.count();
    let changed = ranking.entries().filter(|entry| entry.standing.q.get().is_some_and(|q| q < Q)).count();
    match ranking.verdict {
        Verdict::Worse => {}
        Verdict::Quiet => io.note(format_args!(
            "nothing got worse: {changed} of {all} metrics changed at q < 0.01, none of them for the worse by more than the \
             steady state varies in itself"
        )),
        Verdict::Undecided => io.note(format_args!(
            "undecided: {changed} of {all} metrics changed at q < 0.01; there are too few independent samples to prove a change"
        )),
    }
}
