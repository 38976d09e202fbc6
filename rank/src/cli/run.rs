//! The body of `rank`: read, measure, score, list.

use grid::{Error, Io, Table, TableForm};
use names::Catalogue;
use rank::condition::Condition;
use rank::verdict::Verdict;

use crate::cli::args::Args;
use crate::cli::evidence::Evidence;
use crate::cli::gather::gather;
use crate::cli::rows::{self, Ranking};
use crate::cli::sweep::sweep;
use crate::cli::tables::catalogue;
use crate::cli::{calls, explain, groups, table};

/// What a person sees when no columns are asked for, beside the lags and leads of evidence.
const BRIEF: [&str; 20] = [
    "rank",
    "service",
    "metric",
    "kind",
    "steady",
    "overload",
    "pct_change",
    "z",
    "q",
    "moved",
    "onset",
    "used",
    "elasticity",
    "knee",
    "worse",
    "left_at",
    "sigma",
    "kappa",
    "score",
    "note",
];

/// A table, and whether anything in it got worse.
struct Answer {
    table: Table,
    verdict: Option<Verdict>,
}

/// Runs the filter.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    check(&args)?;
    let condition = args.fail_on.as_deref().map(Condition::parse).transpose();
    let condition = condition.map_err(|e| Error::usage(format!("--fail-on: {e}")))?;
    let catalogue = catalogue(&args)?;
    let answer = match &args.load {
        Some(load) => Answer { table: sweep(&args, load, &catalogue, io)?, verdict: None },
        None => compare(&args, &catalogue, io)?,
    };
    let judged = condition.map_or(Ok(()), |condition| judge(&condition, &answer));
    if let Err(Error::Usage(_)) = judged {
        return judged;
    }
    // A reader that has left must not swallow the verdict.
    let written = write(answer.table, &args, io);
    judged.and(written)
}

fn check(args: &Args) -> Result<(), Error> {
    if args.baseline.is_empty() && args.load.is_none() {
        return Err(Error::usage("--baseline: a grid of the steady state is needed"));
    }
    if args.load.is_some() && !["metric", "service"].contains(&args.by.as_str()) {
        return Err(Error::usage(format!("--by: with --load, expected metric or service: \"{}\"", args.by)));
    }
    let tables = args.evidence.iter().chain(&args.kinds).chain(&args.services).chain(calls::files(&args.calls));
    let named = args.files.iter().chain(&args.baseline).chain(tables);
    match named.filter(|path| path.as_os_str() == "-").count() + usize::from(args.files.is_empty()) {
        0 | 1 => Ok(()),
        _ => Err(Error::usage("standard input can be read only once: give a file")),
    }
}

fn compare(args: &Args, catalogue: &Catalogue, io: &mut Io) -> Result<Answer, Error> {
    let evidence = Evidence::read(&args.evidence)?;
    let metrics = gather(args, catalogue, io)?;
    let known = metrics.iter().any(|metric| Some(&metric.header) == args.when.as_ref());
    if let (Some(when), false) = (&args.when, known) {
        return Err(Error::failed(format!("--when: no such metric: \"{when}\"")));
    }
    let calls = calls::calls(&args.calls, &metrics)?;
    let ranking = rows::rank(metrics, args, catalogue, &evidence, &calls);
    groups::check(&ranking.rows, &args.by)?;
    say_what_is_left_out(&ranking, args, io);
    say_the_verdict(&ranking, io);
    let table = match args.explain.as_deref() {
        Some("") => explain::guesses(&ranking.rows),
        Some(metric) => explain::one(&ranking.rows, metric)?,
        None if args.by == "metric" => table::metrics(&ranking, &evidence),
        None => groups::groups(&ranking, args),
    };
    Ok(Answer { table, verdict: Some(ranking.verdict) })
}

fn say_what_is_left_out(ranking: &Ranking, args: &Args, io: &mut Io) {
    let rows = &ranking.rows;
    let silent = rows.iter().filter(|row| row.score.is_none()).count();
    if silent > 0 {
        io.note(format_args!("{silent} of {} metrics have no samples on one side; they come last", rows.len()));
    }
    let alone = rows.iter().filter(|row| row.group.is_none()).count();
    if args.by != "metric" && alone > 0 {
        io.note(format_args!("{alone} of {} metrics have no {}; they are left out", rows.len(), args.by));
    }
    let resting = rows.iter().filter(|row| row.is_resting()).count();
    if resting > 0 && args.baseline.len() == 1 {
        let (metrics, their) = if resting == 1 { ("metric was", "its") } else { ("metrics were", "their") };
        io.note(format_args!(
            "{resting} {metrics} at rest in the only steady run, so {their} change may be the load's: give a second --baseline"
        ));
    }
}

fn say_the_verdict(ranking: &Ranking, io: &mut Io) {
    let rows = &ranking.rows;
    let changed = rows.iter().filter(|row| row.q.is_some_and(|q| q < rank::verdict::Q)).count();
    match ranking.verdict {
        Verdict::Worse => {}
        Verdict::Quiet => io.note(format_args!(
            "nothing got worse: {changed} of {} metrics changed at q < 0.01, none of them for the worse by more than the \
             steady state varies in itself",
            rows.len()
        )),
        Verdict::Undecided => io.note(format_args!(
            "undecided: {changed} of {} metrics changed at q < 0.01; there are too few independent samples to prove a change",
            rows.len()
        )),
    }
}

fn write(mut table: Table, args: &Args, io: &mut Io) -> Result<(), Error> {
    if !args.aspects && args.output.form(io) == TableForm::Table {
        fold(&mut table, io);
    }
    let lags = table.header.iter().filter(|name| name.ends_with("_lag") || name.ends_with("_lead")).cloned();
    let brief: Vec<String> = BRIEF[..18].iter().map(|name| (*name).to_string()).chain(lags).collect();
    let brief: Vec<&str> = brief.iter().map(String::as_str).chain(BRIEF[18..].iter().copied()).collect();
    let brief = if args.steps || args.points { &[][..] } else { &brief[..] };
    args.output.write_brief(&table, brief, io)
}

/// Leaves one row per phenomenon: its strongest aspect.
fn fold(table: &mut Table, io: &mut Io) {
    let Some(aspect) = table.column("aspect") else { return };
    let before = table.rows.len();
    table.rows.retain(|row| row[aspect].number().is_none_or(|number| number <= 1.0));
    let folded = before - table.rows.len();
    if folded > 0 {
        io.note(format_args!("{folded} aspects of these phenomena are not listed (--aspects)"));
    }
}

/// Looks at each row of the table; those that fulfil the condition make the verdict, unless nothing got worse.
fn judge(condition: &Condition, answer: &Answer) -> Result<(), Error> {
    let table = &answer.table;
    if let Some(unknown) = condition.columns().find(|name| table.column(name).is_none()) {
        return Err(Error::usage(format!(
            "--fail-on: no such column: \"{unknown}\": expected {}",
            table.header.join(", ")
        )));
    }
    let cell = |row: &Vec<grid::Cell>, name: &str| table.column(name).and_then(|at| row[at].number());
    let bad: Vec<&Vec<grid::Cell>> = table.rows.iter().filter(|row| condition.holds(|name| cell(row, name))).collect();
    if bad.is_empty() || answer.verdict == Some(Verdict::Quiet) {
        return Ok(());
    }
    let text = |row: &&Vec<grid::Cell>| {
        let numbers =
            condition.columns().map(|name| format!("{name} {}", cell(row, name).map_or_else(String::new, short)));
        format!("{} ({})", row[1].text(), numbers.collect::<Vec<_>>().join(", "))
    };
    const NAMED: usize = 3;
    let named = bad.iter().take(NAMED).map(text).collect::<Vec<_>>().join("; ");
    let more = if bad.len() > NAMED { format!(" and {} more", bad.len() - NAMED) } else { String::new() };
    Err(Error::Verdict(format!("{} of {} rows: {condition}: {named}{more}", bad.len(), table.rows.len())))
}

/// A number as a message shows it: five digits.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.4e}").parse().unwrap_or(value);
    rounded.to_string()
}
