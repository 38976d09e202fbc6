//! Reads what load generators wrote.

use std::path::{Path, PathBuf};

use grid::{Error, Io, Source};
use grid_build::{Input, Load, Log, Requests, read_history, read_phases, read_totals};
use jiff::tz::TimeZone;

use super::inputs::bytes;
use super::request::Generator;

/// How the names of Locust's files go on after their prefix: the history, the summary, the failures.
const FILES: [&str; 3] = ["_stats_history.csv", "_stats.csv", "_failures.csv"];

/// Reads the files of the load generators.
pub(super) fn read_load(generator: &Generator, io: &mut Io) -> Result<Load, Error> {
    let (by_name, quantiles) = (generator.by_name, generator.quantiles.clone());
    let mut load = Load { by_name, quantiles, ..Load::default() };
    if let Some(prefix) = &generator.locust {
        let path = prefix.display().to_string();
        let prefix = FILES.iter().find_map(|end| path.strip_suffix(end)).unwrap_or(&path);
        let file = |end: &str| PathBuf::from(format!("{prefix}{end}"));
        let [history, stats, failures] = FILES.map(file);
        load.history = Some(read_file(&history, read_history)?);
        if stats.exists() {
            let failures = failures.exists().then(|| Source::open(&failures)).transpose()?;
            let totals = read_file(&stats, |stats| read_totals(stats, failures))?;
            io.note(&totals.text);
            load.totals = Some(totals);
        }
    }
    for path in &generator.requests {
        load.logs.push(read_file(path, |source| read_log(source, generator.zone.as_ref()))?);
    }
    if let Some(path) = &generator.run {
        load.phases = read_file(path, |source| read_phases(&bytes(source)?))?;
    }
    load.phases.extend(generator.always.clone());
    Ok(load)
}

/// Reads a log of requests of any load generator.
fn read_log(mut source: Source, zone: Option<&TimeZone>) -> Result<Requests, Error> {
    let head = source.head(Input::HEAD)?;
    match Log::of(&head)? {
        Some(log) => log.read(&bytes(source)?, zone),
        None => {
            let first =
                String::from_utf8_lossy(&head).lines().next().unwrap_or_default().chars().take(60).collect::<String>();
            let what = "line 1: not a log of requests, expected one of Locust, k6, JMeter, Gatling or vegeta";
            Err(Error::failed(format!("{what}: \"{first}\"")))
        }
    }
}

fn read_file<T>(path: &Path, read: impl FnOnce(Source) -> Result<T, Error>) -> Result<T, Error> {
    let source = Source::open(path)?;
    let place = source.place().to_string();
    read(source).map_err(|e| e.at(&place))
}
