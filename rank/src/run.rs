//! The body of `rank`: read, measure, score, list.

use crate::args::Args;
use crate::evidence::Evidence;
use crate::explain;
use crate::gather::gather;
use crate::listing::{self, Row};
use crate::sweep::sweep;
use crate::tables::catalogue;
use grid::{Error, Io, Table};
use names::Catalogue;
use rank::verdict::Condition;

/// What a person sees when no columns are asked for.
const BRIEF: [&str; 18] = [
    "rank",
    "service",
    "metric",
    "kind",
    "steady",
    "overload",
    "pct_change",
    "z",
    "q",
    "onset",
    "elasticity",
    "knee",
    "worse",
    "left_at",
    "sigma",
    "kappa",
    "score",
    "note",
];

/// Runs the filter.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    if args.baseline.is_empty() && args.load.is_none() {
        return Err(Error::usage("--baseline: a grid of the steady state is needed"));
    }
    if args.load.is_some() && !["metric", "service"].contains(&args.by.as_str()) {
        return Err(Error::usage(format!("--by: with --load, expected metric or service: \"{}\"", args.by)));
    }
    standard_input_once(&args)?;
    let condition = args.fail_on.as_deref().map(Condition::parse).transpose();
    let condition = condition.map_err(|e| Error::usage(format!("--fail-on: {e}")))?;
    let catalogue = catalogue(&args)?;
    let table = match &args.load {
        Some(load) => sweep(&args, load, &catalogue, io)?,
        None => compare(&args, &catalogue, io)?,
    };
    let brief = if args.steps || args.points { &[][..] } else { &BRIEF[..] };
    args.output.write_brief(&table, brief, io)?;
    condition.map_or(Ok(()), |condition| judge(&condition, &table))
}

fn standard_input_once(args: &Args) -> Result<(), Error> {
    let named = args.files.iter().chain(&args.baseline).chain(&args.evidence).chain(&args.kinds).chain(&args.services);
    let times = named.filter(|path| path.as_os_str() == "-").count() + usize::from(args.files.is_empty());
    match times {
        0 | 1 => Ok(()),
        _ => Err(Error::usage("standard input can be read only once: give a file")),
    }
}

fn compare(args: &Args, catalogue: &Catalogue, io: &mut Io) -> Result<Table, Error> {
    let evidence = Evidence::read(&args.evidence)?;
    let metrics = gather(args, catalogue, io)?;
    let rows = listing::rows(metrics, args, catalogue, &evidence);
    say_what_is_left_out(&rows, args, io);
    Ok(match args.explain.as_deref() {
        Some("") => explain::guesses(&rows),
        Some(metric) => explain_one(&rows, metric)?,
        None if args.by == "metric" => listing::metrics(&rows, &evidence),
        None => listing::groups(&rows, args),
    })
}

fn explain_one(rows: &[Row], metric: &str) -> Result<Table, Error> {
    let found = rows.iter().position(|row| row.metric.header == metric);
    let at = found.ok_or_else(|| Error::failed(format!("--explain: no such metric: \"{metric}\"")))?;
    Ok(explain::explanation(&rows[at], at + 1, rows.len()))
}

fn say_what_is_left_out(rows: &[Row], args: &Args, io: &mut Io) {
    let silent = rows.iter().filter(|row| row.score.is_none()).count();
    if silent > 0 {
        io.note(format_args!("{silent} of {} metrics have no samples on one side; they come last", rows.len()));
    }
    let alone = rows.iter().filter(|row| row.group.is_none()).count();
    if args.by != "metric" && alone > 0 {
        io.note(format_args!("{alone} of {} metrics have no {}; they are left out", rows.len(), args.by));
    }
}

/// Looks at each row of the table; those that fulfil the condition make the verdict.
fn judge(condition: &Condition, table: &Table) -> Result<(), Error> {
    if let Some(unknown) = condition.columns().find(|name| table.column(name).is_none()) {
        return Err(Error::usage(format!("--fail-on: no such column: \"{unknown}\"")));
    }
    let cell = |row: &Vec<grid::Cell>, name: &str| table.column(name).and_then(|at| row[at].number());
    let text = |row: &Vec<grid::Cell>| {
        let numbers = condition
            .columns()
            .map(|name| format!("{name} {}", cell(row, name).map_or_else(String::new, |v| v.to_string())));
        format!("{} ({})", row[1].text(), numbers.collect::<Vec<_>>().join(", "))
    };
    let bad: Vec<String> = table.rows.iter().filter(|row| condition.holds(|name| cell(row, name))).map(text).collect();
    match bad.len() {
        0 => Ok(()),
        n => Err(Error::Verdict(format!("{n} of {} rows: {condition}: {}", table.rows.len(), bad.join("; ")))),
    }
}
