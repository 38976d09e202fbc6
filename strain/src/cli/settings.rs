//! The command line, checked: what is compared with what.

use std::collections::BTreeMap;
use std::path::Path;

use grid::{Error, Form, Source as Input, did_you_mean};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use strain::plan::phases::{Joined, Phase, Phases, Source};
use strain::range::{Clock, Range};
use strain::run::filters::FILTERS;

use super::args::{Against, Compare};
use super::delay::on;

/// What two runs have recorded.
pub(crate) const PHASES: [&str; 2] = ["steady", "overload"];

/// How a file of a run that is a grid, or series lines, may end.
const ENDS: [&str; 6] = ["csv", "csv.gz", "csv.zst", "jsonl", "jsonl.gz", "jsonl.zst"];

/// How long `--at` is without `--for`.
const LENGTH_MS: i64 = 5 * 60 * 1000;

/// The two phases of a comparison in time, or from files.
pub(crate) fn phases(args: &Compare) -> Result<Phases, Error> {
    let clock = clock(args)?;
    let (steady, overload) = match (args.runs.as_slice(), &args.steady, &args.overload) {
        ([a, b], ..) => (file_source(a)?, file_source(b)?),
        (_, Some(steady), Some(overload)) => {
            (source("--steady", steady, &clock)?, source("--overload", overload, &clock)?)
        }
        _ => implied(args, &clock)?,
    };
    check_ranges(args, &steady, &overload)?;
    let [before, after] = traces(args, &steady, &overload)?;
    let phase = |name, source, traces| Phase {
        name,
        source,
        joined: Joined { locust: args.locust.clone(), requests: args.requests.clone(), traces },
    };
    let (before, after) = (phase("steady", steady, before), phase("overload", overload, after));
    Ok(Phases {
        folder: folder(&args.output)?,
        title: args.title.clone().unwrap_or_else(|| String::from("What gives first")),
        on: on(args, [&before, &after]),
        library: library(args)?,
        before,
        after,
        url: args.url.as_deref().map(address),
        step: args.step.clone(),
        queries: args.query.clone(),
        in_any_order: false,
        quiet: args.quiet,
    })
}

/// The address of a server, as prom-fetch takes it: over HTTP where it does not say how.
fn address(url: &str) -> String {
    if url.contains("://") { url.to_string() } else { format!("http://{url}") }
}

/// The phases that both runs have, each with what is compared.
pub(crate) fn runs(args: &Compare, [a, b]: [&Path; 2]) -> Result<Vec<(&'static str, Phases)>, Error> {
    if let Some(slip) = [a, b].into_iter().find(|run| !run.exists()) {
        return Err(Error::failed("no such file or folder").at(&slip.display().to_string()));
    }
    if let Some(file) = [a, b].into_iter().find(|run| run.is_file()) {
        return Err(Error::failed("expected two files, or two folders").at(&file.display().to_string()));
    }
    let mut found = Vec::new();
    for phase in PHASES {
        let (before, after) = match (recorded(a, phase, "a")?, recorded(b, phase, "b")?) {
            (Some(before), Some(after)) => (before, after),
            (None, None) => continue,
            (Some(_), None) => return Err(missing(phase, b, a)),
            (None, Some(_)) => return Err(missing(phase, a, b)),
        };
        let phases = Phases {
            folder: folder(&args.output.join(phase))?,
            title: args.title.clone().unwrap_or_else(|| format!("{phase}: {} and {}", a.display(), b.display())),
            on: on(args, [&before, &after]),
            library: library(args)?,
            before,
            after,
            url: None,
            step: args.step.clone(),
            queries: Vec::new(),
            in_any_order: true,
            quiet: args.quiet,
        };
        found.push((phase, phases));
    }
    if found.is_empty() {
        return Err(nothing(a, b));
    }
    Ok(found)
}

fn nothing(a: &Path, b: &Path) -> Error {
    Error::failed(format!(
        "{}, {}: expected two files, or two folders with steady.csv or overload.csv (or {}) in both",
        a.display(),
        b.display(),
        other_ends()
    ))
}

/// A file with a slip in its name must not leave its phase out.
fn missing(phase: &str, run: &Path, other: &Path) -> Error {
    let text = format!("{phase} is missing, which {} has: expected {phase}.csv (or {})", other.display(), other_ends());
    Error::failed(text).at(&run.components().as_path().display().to_string())
}

fn other_ends() -> String {
    ENDS[1..].iter().map(|end| format!(".{end}")).collect::<Vec<_>>().join(", ")
}

/// The further words for each filter, in their order.
pub(crate) fn words(args: &Compare) -> Result<BTreeMap<&'static str, Vec<String>>, Error> {
    let mut words = BTreeMap::<_, Vec<String>>::new();
    for text in &args.words {
        let (name, word) = text.split_once('=').ok_or_else(|| Error::usage("--word: expected FILTER=WORD"))?;
        let known = FILTERS.iter().find(|(filter, _)| *filter == name);
        let unknown = || {
            let near = did_you_mean(name, FILTERS.iter().map(|(filter, _)| *filter));
            Error::usage(format!("--word: no filter of this name: \"{name}\"{near}"))
        };
        let (filter, _) = known.ok_or_else(unknown)?;
        words.entry(*filter).or_default().push(word.to_string());
    }
    Ok(words)
}

/// A phase that a run has recorded: its grid, else its series lines with what the load generator and the traces tell.
fn recorded(run: &Path, phase: &str, name: &'static str) -> Result<Option<Phase>, Error> {
    let first = |files: &[String]| files.iter().map(|file| run.join(file)).find(|file| file.is_file());
    let ends = ENDS.map(|end| format!("{phase}.{end}"));
    let Some(file) = first(&ends) else { return Ok(None) };
    let source = file_source(&file)?;
    let mut joined = Joined::default();
    if matches!(source, Source::Lines(_)) {
        let traces = ["jsonl", "jsonl.gz"].map(|end| format!("{phase}-spans.{end}"));
        let requests = ["requests.csv", "requests.csv.gz"].map(String::from);
        let locust = run.join("locust_stats_history.csv").is_file().then(|| run.join("locust"));
        joined = Joined {
            locust: locust.map(|file| operand(&file)).transpose()?,
            requests: first(&requests).map(|file| operand(&file)).transpose()?,
            traces: first(&traces).map(|file| operand(&file)).transpose()?,
        };
    }
    Ok(Some(Phase { name, source, joined }))
}

/// A file, told by its first bytes; or else a range of time.
fn source(option: &str, text: &str, clock: &Clock) -> Result<Source, Error> {
    if Path::new(text).exists() {
        return file_source(Path::new(text));
    }
    let range =
        clock.range(text).map_err(|what| Error::usage(format!("{option}: no such file, and no range: {what}")))?;
    Ok(Source::Server(range))
}

fn file_source(file: &Path) -> Result<Source, Error> {
    let name = operand(file)?;
    match Input::open(file)?.form() {
        Form::Csv => Ok(Source::Grid(name)),
        Form::Jsonl => Ok(Source::Lines(name)),
    }
}

/// A file as a word of a command line.
fn operand(file: &Path) -> Result<String, Error> {
    let name =
        file.to_str().ok_or_else(|| Error::failed("its name is not in UTF-8").at(&file.display().to_string()))?;
    // A name that begins with a dash would be taken for an option.
    Ok(if name.starts_with('-') { format!("./{name}") } else { name.to_string() })
}

/// The folder of known faults.
fn library(args: &Compare) -> Result<Option<String>, Error> {
    match &args.library {
        Some(folder) if !folder.is_dir() => {
            Err(Error::failed("--library: no such folder").at(&folder.display().to_string()))
        }
        folder => folder.as_deref().map(operand).transpose(),
    }
}

/// The phases that --at or --last mean.
fn implied(args: &Compare, clock: &Clock) -> Result<(Source, Source), Error> {
    let ends = || Error::usage("the times leave the calendar");
    let overload = match (&args.at, args.last) {
        (Some(at), _) => {
            let start = clock.moment(at).map_err(|what| Error::usage(format!("--at: {what}")))?;
            Range::from(start, args.length_ms.unwrap_or(LENGTH_MS)).ok_or_else(ends)?
        }
        (None, Some(last)) => Range { start: clock.now, end: clock.now }
            .earlier(last)
            .and_then(|range| Range::from(range.start, last))
            .ok_or_else(ends)?,
        (None, None) => {
            return Err(Error::usage(
                "expected --steady and --overload, or --at, or --last, or two files, or two folders",
            ));
        }
    };
    let steady = match (&args.steady, args.against) {
        (Some(steady), _) => return Ok((source("--steady", steady, clock)?, Source::Server(overload))),
        // A second between them: both ends of a range are in it.
        (None, Against::Before) => overload.earlier(overload.length_ms() + 1_000),
        (None, Against::Yesterday) => clock.days_earlier(&overload, 1),
        (None, Against::LastWeek) => clock.days_earlier(&overload, 7),
    };
    Ok((Source::Server(steady.ok_or_else(ends)?), Source::Server(overload)))
}

/// The traces of either phase. One file may reach over both where their times are known, and the step of the grids; of a
/// grid it says who calls whom.
fn traces(args: &Compare, steady: &Source, overload: &Source) -> Result<[Option<String>; 2], Error> {
    let files = args.spans.iter().map(|file| match Path::new(file).is_file() {
        true => operand(Path::new(file)).map(Some),
        false => Err(Error::failed("no such file").at(file)),
    });
    let files: Vec<Option<String>> = files.collect::<Result<_, _>>()?;
    let asks = |source: &Source| matches!(source, Source::Server(_));
    if !files.is_empty() && (asks(steady) || asks(overload)) && args.step.is_none() {
        return Err(Error::usage("--spans: needs --step, the scrape interval, where series are fetched"));
    }
    let lines = [steady, overload].iter().any(|source| matches!(source, Source::Lines(_)));
    match files.as_slice() {
        [] => Ok([None, None]),
        [_] if lines => {
            Err(Error::usage("--spans: series lines need the traces of each phase: --spans STEADY --spans OVERLOAD"))
        }
        [both] => Ok([both.clone(), both.clone()]),
        [before, after] => Ok([before.clone(), after.clone()]),
        _ => Err(Error::usage("--spans: expected one file, or one for each phase")),
    }
}

fn check_ranges(args: &Compare, steady: &Source, overload: &Source) -> Result<(), Error> {
    if let (Source::Server(steady), Source::Server(overload)) = (steady, overload)
        && steady.overlaps(overload)
    {
        return Err(Error::usage(format!(
            "--steady and --overload overlap: {} is before {}",
            overload.start, steady.end
        )));
    }
    let asks = [steady, overload].iter().any(|source| matches!(source, Source::Server(_)));
    match (asks, &args.url) {
        (true, None) => Err(Error::usage("--url: a range of time needs a server")),
        // The command lines are shown, so no password may stand in one.
        (true, Some(url)) if url.contains('@') => Err(Error::usage(
            "--url: a name and password (before \"@\") do not belong in it, use --word prom-fetch=--user=NAME",
        )),
        _ => Ok(()),
    }
}

fn clock(args: &Compare) -> Result<Clock, Error> {
    let unknown = |name: &str| Error::usage(format!("--tz: no such time zone: \"{name}\""));
    let zone = match &args.tz {
        Some(name) => TimeZone::get(name).map_err(|_| unknown(name))?,
        None => TimeZone::system(),
    };
    Ok(Clock { now: Timestamp::now(), zone })
}

fn folder(path: &Path) -> Result<String, Error> {
    let name = path.to_str().ok_or_else(|| Error::usage("--output: its name is not in UTF-8"))?;
    let name = name.trim_end_matches('/');
    Ok(if name.starts_with('-') { format!("./{name}") } else { name.to_string() })
}
