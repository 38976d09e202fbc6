//! Two states compared: measured or read, ranked, listed.

use std::collections::HashSet;

use grid::{Error, Io, did_you_mean, first_names, idle_notes};
use names::Catalogue;
use rank::known::Known;
use rank::verdict::{Q, Verdict, is_in_part};
use rayon::prelude::*;

use crate::cli::evidence::Evidence;
use crate::cli::gather::{SWAPPED, Slots, gather, measure_one};
use crate::cli::run::{answer, looked_at};
use crate::cli::settings::{Comparison, Explain, Input, Settings};
use crate::cli::{calls, explain, groups, measures, table};
use rank::suspects::entry::{By, Entry, Standing};
use rank::suspects::metric::{Metric, Metrics, Place, nature};
use rank::suspects::presence::{check_the_born, lose_the_gone};
use rank::suspects::ranking::{Ranking, Ways, rank};

/// Compares, ranks and writes the table.
pub(crate) fn compare(what: &Comparison, settings: &Settings, io: &mut Io) -> Result<(), Error> {
    let evidence = Evidence::read(&what.evidence)?;
    let asked = what.explain.as_ref().and_then(Explain::metric);
    let mut metrics = Metrics::new(&settings.catalogue, &what.by, asked);
    let (steady_grids, places) = measured(what, &settings.catalogue, &mut metrics, io)?;
    let working = io.working(format_args!("ranking {} metrics", metrics.list.len()), 0);
    // What is said of a metric's row depends on those before it alone, where all there is to see are the first of them.
    let rows_alone = what.by == "metric" && what.explain.is_none() && !settings.catalogue.has_own();
    let depth = if rows_alone { looked_at(settings, io) } else { usize::MAX };
    let (ranking, strangers) = ranked(metrics, places, what, &settings.catalogue, depth)?;
    drop(working);
    strangers.iter().for_each(|note| io.note(note));
    let headers = || ranking.entries().map(|entry| entry.header()).collect();
    idle_notes(&settings.catalogue, headers).iter().for_each(|note| io.note(note));
    evidence.stranger(ranking.entries().map(|entry| entry.header())).iter().for_each(|note| io.note(note));
    groups::check(&ranking, &what.by)?;
    say_what_is_left_out(&ranking, &what.by, steady_grids, io);
    if !ranking.ahead.is_empty() && ranking.verdict != Verdict::Quiet {
        let stores = first_names(&ranking.ahead, ranking.ahead.len());
        io.note(format_args!(
            "ahead of their callers, though they changed less: {stores} (databases and caches that were not asked for more; \
             --calls says who calls whom)"
        ));
    }
    say_the_verdict(&ranking, io);
    let rows = match &what.explain {
        Some(Explain::Names) => explain::guesses(&ranking),
        Some(Explain::Metric(metric)) => explain::one(&ranking, metric)?.into(),
        None if what.by == "metric" => table::metrics(&ranking, &evidence),
        None => groups::groups(&ranking, &what.by).into(),
    };
    answer(rows, Some(ranking.verdict), true, settings, io)
}

/// Measures the metrics, or reads their measures, and puts them in the order of their names. Gives how many steady grids
/// they were measured beside, and whose the series of each place are.
fn measured<'c>(
    what: &Comparison,
    catalogue: &'c Catalogue,
    metrics: &mut Metrics<'c>,
    io: &mut Io,
) -> Result<(usize, Vec<Place>), Error> {
    let (steady_grids, swapped) = match &what.input {
        Input::Measures(shards) => (measures::read(shards, catalogue, metrics, io)?, false),
        Input::Grids(grids) => {
            let swapped = gather(grids, io, |some, shapes, _| {
                let named: Vec<_> = some.iter().map(|(header, _)| metrics.book.add(header)).collect();
                let natures: Vec<_> = named.iter().map(|name| nature(&metrics.book.meaning(*name).reading)).collect();
                let one =
                    |((header, slots), nature): ((String, Slots), _)| (header, measure_one(slots, shapes, nature));
                let measured: Vec<(String, _)> = some.into_par_iter().zip(natures).map(one).collect();
                for ((header, measure), name) in measured.iter().zip(named) {
                    metrics.push(header, name, measure);
                }
                Ok(())
            })?;
            (grids.steady.len(), swapped)
        }
    };
    let places = metrics.arrange(&what.by);
    check(metrics)?;
    if swapped {
        io.note(SWAPPED);
    }
    Ok((steady_grids, places))
}

/// Each metric is there once, and two states that share none are most likely a slip.
fn check(metrics: &Metrics) -> Result<(), Error> {
    let list = &metrics.list;
    if let Some(twice) = list.par_windows(2).find_first(|two| two[0].header == two[1].header) {
        return Err(Error::parse("", "a metric twice in the measures", &metrics.header(&twice[0])));
    }
    let steady = list.iter().find(|metric| metric.in_steady());
    let overload = list.iter().find(|metric| metric.in_overload());
    let both = list.iter().any(|metric| metric.in_steady() && metric.in_overload());
    let (Some(steady), Some(overload), false) = (steady, overload, both) else { return check_the_units(metrics) };
    Err(Error::failed(format!(
        "no metric is in both steady and overload grids: \"{}\" only in steady, \"{}\" only in overload \
         (grid-build --like STEADY pairs those that a restart made anew)",
        metrics.header(steady),
        metrics.header(overload)
    )))
}

fn is_below(mean: Known) -> bool {
    mean.get().is_some_and(|mean| mean < 0.0)
}

/// Times, sizes, counts and shares are not below 0 on average, but for one or two, such as a clock's offset. Where a tenth of their names
/// are on one side, and none on the other, that side was normalised.
fn check_the_units(metrics: &Metrics) -> Result<(), Error> {
    const FEW: usize = 2;
    const TENTH: usize = 10;
    let meaning = |metric: &Metric| metrics.book.meaning(metric.header);
    let of = |counts: fn(&Metric) -> bool| -> Vec<&Metric> {
        let known = |metric: &&Metric| counts(metric) && metric.is_scored() && meaning(metric).reading.kind != "other";
        metrics.list.par_iter().filter(known).collect()
    };
    let sides = [of(|metric| is_below(metric.measure.steady)), of(|metric| is_below(metric.measure.overload))];
    let (side, below) = match sides {
        [below, none] if none.is_empty() => ("steady state's", below),
        [none, below] if none.is_empty() => ("overload's", below),
        _ => return Ok(()),
    };
    let names = |some: &[&Metric]| some.iter().map(|metric| meaning(metric).own).collect::<HashSet<_>>().len();
    let count = names(&below);
    if count <= FEW {
        return Ok(());
    }
    let all = names(&of(|_| true));
    if TENTH * count < all {
        return Ok(());
    }
    Err(Error::failed(format!(
        "the {side} values are normalised, and the others are not: {count} of {all} times, sizes and counts (by name) are below 0 \
         on average, such as \"{}\"; expected both grids as grid-build wrote them",
        metrics.header(below[0])
    )))
}

/// The ranking, and a note on those of the calls that no column is of.
fn ranked<'a>(
    mut metrics: Metrics<'a>,
    places: Vec<Place>,
    what: &Comparison,
    catalogue: &'a Catalogue,
    depth: usize,
) -> Result<(Ranking<'a>, Option<String>), Error> {
    check_the_born(&mut metrics, &places, catalogue);
    let apart = lose_the_gone(&mut metrics, &places, catalogue);
    let when = what.when.as_deref().map(|when| find(&metrics, when)).transpose()?;
    let calls = calls::calls(&what.calls, &places, &metrics.book)?;
    let strangers = calls::strangers(&calls, &places, &metrics.book);
    let ways = Ways { by: By::of(&what.by), when, order: what.order, calls: &calls, apart, depth };
    Ok((rank(metrics, places, catalogue, &ways), strangers))
}

/// The metric of a header.
fn find(metrics: &Metrics, when: &str) -> Result<usize, Error> {
    let found = metrics.list.binary_search_by(|metric| metrics.header(metric).as_str().cmp(when));
    found.map_err(|_| {
        let all: Vec<String> = metrics.list.iter().map(|metric| metrics.header(metric)).collect();
        let near = did_you_mean(when, all.iter().map(String::as_str));
        Error::failed(format!("--when: no such metric: \"{when}\"{near}"))
    })
}

fn say_what_is_left_out(ranking: &Ranking, by: &str, steady_grids: usize, io: &mut Io) {
    let all = ranking.count();
    let silent = count(ranking, |standing| standing.score.get().is_none());
    if silent > 0 {
        let way_out = match ranking.is_apart() {
            true => ": grid-build --like STEADY pairs those that a restart made anew, --by LABELS joins them",
            false => "",
        };
        io.note(format_args!("{silent} of {all} metrics have no samples on one side; they come last{way_out}"));
    }
    let alone = if by == "metric" { 0 } else { ranking.side_by_side().filter(|entry| entry.group().is_none()).count() };
    if alone > 0 {
        let way_out = if alone == all { ": --by LABEL, or a table of --services, says whose they are" } else { "" };
        io.note(format_args!("{alone} of {all} metrics have no {by}; they are left out{way_out}"));
    }
    let resting = if steady_grids == 1 { ranking.side_by_side().filter(Entry::is_resting).count() } else { 0 };
    if resting > 0 {
        let (metrics, their) = if resting == 1 { ("metric was", "its") } else { ("metrics were", "their") };
        io.note(format_args!(
            "{resting} {metrics} at rest in the only steady run, so {their} change may be the load's: give a second --baseline"
        ));
    }
}

fn count(ranking: &Ranking, of: impl Fn(&&Standing) -> bool + Sync + Send) -> usize {
    ranking.standings.par_iter().filter(of).count()
}

fn say_the_verdict(ranking: &Ranking, io: &mut Io) {
    let all = ranking.count();
    let changed = count(ranking, |standing| standing.q.get().is_some_and(|q| q < Q));
    match ranking.verdict {
        Verdict::Worse => {}
        Verdict::Felt => io.note(
            "the users fared worse, but no metric of the system did: look at the load generator, at what lies between, and at \
             what is not measured",
        ),
        Verdict::Quiet => io.note(format_args!(
            "nothing got worse: {changed} of {all} metrics changed at q < 0.01, none of them for the worse by more than the \
             steady state varies in itself"
        )),
        Verdict::Undecided if all == 0 => io.note("undecided: there is no metric to compare"),
        Verdict::Undecided if ranking.is_apart() => {
            io.note("undecided: most metrics have no samples on one side, or most services other names");
        }
        Verdict::Undecided => {
            let why = in_part(ranking)
                .unwrap_or_else(|| String::from("there are too few independent samples to prove a change"));
            io.note(format_args!("undecided: {changed} of {all} metrics changed at q < 0.01; {why}"));
        }
    }
}

/// What to look at, where a metric changed much in a part of the overload alone.
fn in_part(ranking: &Ranking) -> Option<String> {
    let large: HashSet<usize> = ranking.large.iter().copied().collect();
    let is_part = |entry: &Entry| entry.metric.measure.effect.get().is_some_and(is_in_part);
    let first = ranking.entries().find(|entry| large.contains(&entry.at) && is_part(entry))?;
    let from = first.metric.measure.onset.get()?;
    Some(format!(
        "{} changed much in a part of the overload, from {from} s on, which may be one event: compare that part alone",
        first_names(&[first.header()], 1)
    ))
}
