//! The body of `rank`: what is asked, what is printed, and whether that is a refusal.

use grid::{Cell, Error, Io, Rows, TableForm, did_you_mean};
use rank::condition::Condition;
use rank::verdict::Verdict;

use crate::cli::args::Args;
use crate::cli::compare::compare;
use crate::cli::measures::emit;
use crate::cli::settings::{List, Settings, Task};
use crate::cli::sweep::sweep;

/// What a person sees when no columns are asked for: these, the lags and leads of evidence, and the last.
#[rustfmt::skip]
const BRIEF: [&str; 18] = [
    "rank", "service", "metric", "kind", "steady", "overload", "pct_change", "z", "q", "moved", "onset", "used",
    "elasticity", "knee", "worse", "left_at", "sigma", "kappa",
];
const LAST: [&str; 2] = ["score", "note"];

/// Runs the filter.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    let settings = Settings::check(args)?;
    match &settings.task {
        Task::Emit(grids, form) => emit(grids, *form, &settings.catalogue, io),
        Task::Compare(comparison) => compare(comparison, &settings, io),
        Task::Sweep(what) => {
            let rows = sweep(what, &settings.catalogue, io)?.into();
            answer(rows, None, what.list == List::Growth, &settings, io)
        }
    }
}

/// Writes the table and judges it. `brief`: whether a person sees some columns only.
pub(crate) fn answer(
    rows: Rows,
    verdict: Option<Verdict>,
    brief: bool,
    settings: &Settings,
    io: &mut Io,
) -> Result<(), Error> {
    let judged = settings.fail_on.as_ref().map_or(Ok(()), |condition| judge(condition, &rows, verdict));
    if let Err(Error::Usage(_)) = judged {
        return judged;
    }
    match (write(rows, brief, settings, io), judged) {
        // A reader that has left must not swallow the verdict; a table that is lost is worse than any.
        (Err(lost), Err(verdict)) if !lost.is_closed_output() => {
            io.note(verdict);
            Err(lost)
        }
        (written, judged) => judged.and(written),
    }
}

/// How many of the first rows of a table [`answer`] looks at.
pub(crate) fn looked_at(settings: &Settings, io: &Io) -> usize {
    let all = settings.fail_on.is_some() || folds(settings, io);
    if all { usize::MAX } else { io.top() }
}

/// Whether a person sees one row per phenomenon.
fn folds(settings: &Settings, io: &Io) -> bool {
    !settings.aspects && settings.output.form(io) == TableForm::Table
}

fn write(rows: Rows, brief: bool, settings: &Settings, io: &mut Io) -> Result<(), Error> {
    let rows = if folds(settings, io) { fold(rows, io) } else { rows };
    if !brief {
        return settings.output.write_brief(rows, &[], io);
    }
    let lags: Vec<String> =
        rows.header().iter().filter(|name| name.ends_with("_lag") || name.ends_with("_lead")).cloned().collect();
    let brief: Vec<&str> = BRIEF.into_iter().chain(lags.iter().map(String::as_str)).chain(LAST).collect();
    settings.output.write_brief(rows, &brief, io)
}

/// Leaves one row per phenomenon: its strongest aspect.
fn fold<'a>(rows: Rows<'a>, io: &mut Io) -> Rows<'a> {
    let Some(aspect) = rows.column("aspect") else { return rows };
    let first = |at: &usize| rows.row(*at)[aspect].number().is_none_or(|number| number <= 1.0);
    let kept: Vec<usize> = (0..rows.count()).filter(first).collect();
    let folded = rows.count() - kept.len();
    if folded > 0 {
        io.note(format_args!("{folded} aspects of these phenomena are not listed (--aspects)"));
    }
    Rows::new(rows.header().to_vec(), kept.len(), move |at| rows.row(kept[at]))
}

/// Looks at each row of the table; those that fulfil the condition make the verdict, unless nothing got worse.
fn judge(condition: &Condition, rows: &Rows, verdict: Option<Verdict>) -> Result<(), Error> {
    let columns: Vec<(&str, Option<usize>)> = condition.columns().map(|name| (name, rows.column(name))).collect();
    if let Some((unknown, _)) = columns.iter().find(|(_, at)| at.is_none()) {
        let near = did_you_mean(unknown, rows.header().iter().map(String::as_str));
        return Err(Error::usage(format!(
            "--fail-on: no such column: \"{unknown}\"{near}: expected {}",
            rows.header().join(", ")
        )));
    }
    let columns: Vec<(&str, usize)> = columns.into_iter().filter_map(|(name, at)| Some((name, at?))).collect();
    let levels = rows.column("steady").zip(rows.column("overload"));
    const NAMED: usize = 3;
    let (mut count, mut named) = (0, Vec::new());
    for row in (0..rows.count()).map(|at| rows.row(at)) {
        if let Some((text, _)) = columns.iter().find(|(_, at)| matches!(row[*at], Cell::Text(_))) {
            return Err(Error::usage(format!("--fail-on: the column \"{text}\" holds text, expected one of numbers")));
        }
        let cell = |name: &str| columns.iter().find(|(own, _)| *own == name).and_then(|(_, at)| row[*at].number());
        let cell = |name: &str| cell(name).or_else(|| (name == PCT_CHANGE).then(|| from_none(&row, levels?))?);
        if !condition.holds(cell) {
            continue;
        }
        count += 1;
        if named.len() < NAMED {
            let number = |(name, _): &(&str, usize)| format!("{name} {}", cell(name).map_or_else(String::new, short));
            let numbers: Vec<String> = columns.iter().map(number).collect();
            named.push(format!("{} ({})", row[1].text(), numbers.join(", ")));
        }
    }
    if count == 0 || verdict == Some(Verdict::Quiet) {
        return Ok(());
    }
    let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
    Err(Error::Verdict(format!("{count} of {} rows: {condition}: {}{more}", rows.count(), named.join("; "))))
}

const PCT_CHANGE: &str = "pct_change";

/// The change in percent of what was nothing in steady state, which no cell can hold: no bound is above it.
fn from_none(row: &[Cell], (steady, overload): (usize, usize)) -> Option<f64> {
    let (steady, overload) = (row[steady].number()?, row[overload].number()?);
    (steady == 0.0 && overload != 0.0).then(|| overload.signum() * f64::INFINITY)
}

/// A number as a message shows it: five digits.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.4e}").parse().unwrap_or(value);
    rounded.to_string()
}
