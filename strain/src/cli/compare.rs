//! `strain compare`: run the filters, then say what they found.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use grid::{Error, Io, Table, TableForm, printable, replace_file};
use strain::outcome::findings::{Findings, Verdict};
use strain::outcome::made::Made;
use strain::outcome::{JUNIT, SUMMARY, history, junit, markdown};
use strain::plan::phases::{METRICS, PAGE, Phases, SERVICES, WORDS};
use strain::plan::{Plan, line, script};
use strain::run::filters::{FILTERS, folders, program};
use strain::run::steps;

use super::args::Compare;
use super::{effect, grids, settings};

/// What a comparison is called, and its phases.
struct Comparison {
    title: String,
    /// How what is compared is called in sentences: before, after.
    names: (String, String),
    phases: Vec<(&'static str, Phases)>,
}

/// Runs the comparison; the verdict is the exit status.
pub(crate) fn run(args: &Compare, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    if args.dry_run {
        let comparison = comparison(args)?;
        return print(&plans(args, &comparison)?, &comparison.title, io);
    }
    // First of all: a slip in the options is a failure, too.
    let made = Made::forget(&args.output)?;
    let comparison = comparison(args)?;
    let plans = plans(args, &comparison)?;
    let history = args.history.as_deref().map(|file| history::read(file).map(|table| (file, table))).transpose()?;
    let mut found = Vec::new();
    for ((phase, phases), plan) in comparison.phases.iter().zip(&plans) {
        let place = if args.folders().is_some() { format!("{phase}/") } else { String::new() };
        run_plan(args, phases, plan, (&made, &place), io)?;
        found.push((*phase, findings(phases)?));
    }
    Told { args, comparison: &comparison, found: &found, made: &made, history }.tell(io)
}

/// Runs the filters of a phase, whose results stand at a place in the folder.
fn run_plan(
    args: &Compare,
    phases: &Phases,
    plan: &Plan,
    (made, place): (&Made, &str),
    io: &mut Io,
) -> Result<(), Error> {
    let folders = folders();
    fs::create_dir_all(&plan.folder).map_err(|e| Error::write(&plan.folder, &e))?;
    for step in &plan.steps {
        // The first that needs both grids.
        if step.pipe.iter().any(|command| command.filter == "znorm") {
            grids::check(args, phases, io)?;
        }
        io.note(line(step));
        steps::run(step, &folders)?;
        let name = Path::new(&step.output).file_name().unwrap_or_default();
        made.add(&format!("{place}{}", name.to_string_lossy()))?;
    }
    Ok(())
}

fn plans(args: &Compare, comparison: &Comparison) -> Result<Vec<Plan>, Error> {
    let mut plans: Vec<Plan> = comparison.phases.iter().map(|(_, phases)| phases.plan()).collect();
    let words = settings::words(args)?;
    effect::check(args, &comparison.phases, &plans)?;
    effect::check_words(&words, &plans)?;
    for plan in &mut plans {
        if grid::is_unlimited() {
            FILTERS.iter().for_each(|(filter, _)| plan.extend(filter, &[String::from("--no-limits")]));
        }
        words.iter().for_each(|(filter, words)| plan.extend(filter, words));
    }
    Ok(plans)
}

fn comparison(args: &Compare) -> Result<Comparison, Error> {
    match args.folders() {
        Some([a, b]) => {
            let name = |run: &Path| run.display().to_string().trim_end_matches('/').to_string();
            let names = (name(a), name(b));
            let title = format!("What got worse from {} to {}", names.0, names.1);
            Ok(Comparison { title: args.title.clone().unwrap_or(title), names, phases: settings::runs(args, [a, b])? })
        }
        None => {
            let phases = settings::phases(args)?;
            let names = (String::from("the steady state"), String::from("the overload"));
            Ok(Comparison { title: phases.title.clone(), names, phases: vec![("overload", phases)] })
        }
    }
}

/// Prints the scripts of all phases as one.
fn print(plans: &[Plan], title: &str, io: &mut Io) -> Result<(), Error> {
    let folders = folders();
    // The folder that the filters are taken from, unless they are on PATH.
    let beside = folders.iter().find(|folder| program("rank", &folders).starts_with(folder));
    let text = script(plans, title, beside.map(PathBuf::as_path));
    io.write_all(text.as_bytes()).map_err(Error::Output)
}

fn findings(phases: &Phases) -> Result<Findings, Error> {
    let read = |name: &str| Table::read_file(Path::new(&phases.file(name)));
    let words = phases.file(WORDS);
    let said = fs::read_to_string(&words).map_err(|e| Error::read(&words, &e))?;
    Findings::new(&read(METRICS)?, &read(SERVICES)?, &said)
}

/// What a comparison found, to be told.
struct Told<'a> {
    args: &'a Compare,
    comparison: &'a Comparison,
    found: &'a [(&'a str, Findings)],
    made: &'a Made,
    /// The file of all runs, and what it holds.
    history: Option<(&'a Path, Table)>,
}

impl Told<'_> {
    /// Writes what two runs are told by, prints the verdict, adds to the history, and makes the verdict the exit status.
    fn tell(self, io: &mut Io) -> Result<(), Error> {
        let (before, after) = &self.comparison.names;
        let judged = match self.found.iter().map(|(_, found)| found.verdict).max() {
            Some(Verdict::Worse) => Err(Error::Verdict(format!("something got worse from {before} to {after}"))),
            Some(Verdict::Undecided) => Err(Error::failed("it cannot be told whether anything got worse")),
            _ => Ok(()),
        };
        match self.say(io) {
            // A reader that has left must not swallow the verdict.
            Err(error) if !error.is_closed_output() => return Err(error),
            _ => {}
        }
        if let (Some((file, table)), Some((_, phases))) = (self.history, self.comparison.phases.last()) {
            remember(file, table, phases, after, io)?;
        }
        judged
    }

    fn say(&self, io: &mut Io) -> Result<(), Error> {
        let Told { args, comparison, found, made, .. } = self;
        let all: Vec<(&str, &Findings)> = found.iter().map(|(phase, found)| (*phase, found)).collect();
        let (before, after) = &comparison.names;
        let summary = args.output.join(SUMMARY);
        write(&summary, &markdown::markdown(&comparison.title, &all, before, after))?;
        made.add(SUMMARY)?;
        write(&args.output.join(JUNIT), &junit::junit(&all))?;
        made.add(JUNIT)?;
        for ((phase, found), (_, phases)) in all.iter().zip(&comparison.phases) {
            let place = if args.folders().is_some() { format!("{phase}: ") } else { String::new() };
            writeln!(io, "{place}{}", printable(&found.words()))?;
            writeln!(io, "Page: {}", phases.file(PAGE))?;
        }
        writeln!(io, "Summary: {}", summary.display())?;
        Ok(io.flush()?)
    }
}

/// Adds the figures of the later run to the history.
fn remember(file: &Path, mut history: Table, phases: &Phases, run: &str, io: &mut Io) -> Result<(), Error> {
    let figures = history::figures(&Table::read_file(Path::new(&phases.file(METRICS)))?);
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let left_out = history::add(&mut history, &now, run, &figures);
    if left_out > 0 {
        io.note(format!("{}: {left_out} metrics have no column there, left out", file.display()));
    }
    replace_file(file, |out| history.write(TableForm::Csv, out))
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    replace_file(file, |out| Ok(out.write_all(text.as_bytes())?))
}
