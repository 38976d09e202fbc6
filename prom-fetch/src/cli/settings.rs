//! The command line, checked: what is fetched from where.

use std::path::{Path, PathBuf};
use std::time::Duration;

use grid::Error;
use prom_fetch::plan::query::Query;
use prom_fetch::plan::range::seconds;
use prom_fetch::plan::shard::Shard;
use prom_fetch::server::Access;

use super::args::Args;
use super::secrets::{basic, bearer, read};
use super::times::{Moment, now_ms};

/// What is to be done.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) access: Access,
    pub(crate) queries: Vec<Query>,
    /// The first time and the last, in Unix milliseconds.
    pub(crate) ends_ms: (i64, i64),
    /// The range in the words of the command line: start, end, length.
    pub(crate) range: (Option<Moment>, Option<Moment>, Option<i64>),
    /// True when the range was counted from this machine's clock.
    pub(crate) by_our_clock: bool,
    pub(crate) step_ms: Option<i64>,
    pub(crate) lookback_ms: Option<i64>,
    pub(crate) timeout_ms: i64,
    pub(crate) wait_ms: Option<i64>,
    pub(crate) raw: bool,
    pub(crate) strict: bool,
    pub(crate) types: bool,
    pub(crate) jobs: usize,
    pub(crate) shard: Option<Shard>,
    pub(crate) shard_by: Option<String>,
    pub(crate) packed: Option<PathBuf>,
    pub(crate) mimir: bool,
    pub(crate) resume: Option<PathBuf>,
    pub(crate) action: Action,
    /// What was assumed.
    pub(crate) notes: Vec<String>,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Series lines.
    Fetch,
    /// The requests.
    DryRun,
    /// The sizes of so many shards.
    ListShards(u32),
}

const USUAL_LENGTH_MS: i64 = 600_000;

impl Settings {
    /// Checks what can be checked without the server.
    pub(crate) fn new(args: &Args) -> Result<Settings, Error> {
        let mut queries: Vec<Query> = args.queries.iter().map(|text| Query::new(text)).collect();
        check_queries(args, &queries)?;
        if let (true, Some(Shard { index, of })) = (args.mimir, args.shard) {
            let matcher = format!("__query_shard__=\"{}_of_{of}\"", index + 1);
            queries = queries.into_iter().map(|query| query.with(matcher.clone())).collect();
        }
        Ok(Settings {
            access: access(args)?,
            queries,
            ends_ms: ends_ms(args)?,
            range: (args.start, args.end, args.last),
            by_our_clock: [args.start, args.end].iter().flatten().all(|moment| matches!(moment, Moment::Ago(_))),
            step_ms: if args.raw { Some(1) } else { args.step },
            lookback_ms: args.lookback,
            timeout_ms: args.timeout,
            wait_ms: args.wait,
            raw: args.raw,
            strict: args.strict,
            types: !args.no_types,
            jobs: usize::from(args.jobs),
            shard: args.shard,
            shard_by: args.shard_by.as_deref().map(dividing).transpose()?,
            packed: args.packed.clone(),
            mimir: args.mimir,
            resume: args.resume.clone(),
            action: match args.list_shards {
                Some(of) => Action::ListShards(of),
                None if args.dry_run => Action::DryRun,
                None => Action::Fetch,
            },
            notes: notes(args),
        })
    }
}

fn check_queries(args: &Args, queries: &[Query]) -> Result<(), Error> {
    let by_name = args.shard.is_some() || args.list_shards.is_some();
    for query in queries {
        let what = match query {
            _ if args.raw && !query.is_selector() => "--raw: expected a selector",
            _ if by_name && !query.is_open() => "--shard: expected a selector without a metric name",
            _ => continue,
        };
        return Err(Error::Usage(format!("{what}: \"{}\"", query.text)));
    }
    Ok(())
}

/// A label that families may be cut by: each part must have whole histograms and summaries.
fn dividing(label: &str) -> Result<String, Error> {
    let begins = label.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let named = begins && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match label {
        "__name__" | "le" | "quantile" => {
            Err(Error::Usage(format!("--shard-by: it would cut histograms and summaries: \"{label}\"")))
        }
        _ if !named => Err(Error::Usage(format!("--shard-by: expected the name of a label: \"{label}\""))),
        _ => Ok(label.to_string()),
    }
}

/// The ends of the range as they were asked for.
fn ends_ms(args: &Args) -> Result<(i64, i64), Error> {
    let now = now_ms();
    let end = args.end.map_or(now, |moment| moment.at(now));
    let last = args.last.unwrap_or(USUAL_LENGTH_MS);
    let start = args.start.map_or_else(|| end.saturating_sub(last), |moment| moment.at(now));
    if start > end {
        return Err(Error::Usage(format!("--start {} is after --end {}", seconds(start), seconds(end))));
    }
    Ok((start, end))
}

fn notes(args: &Args) -> Vec<String> {
    let zoneless = |moment: Option<Moment>| matches!(moment, Some(Moment::Zoneless(_)));
    let named = [("--start", args.start), ("--end", args.end)].into_iter().filter(|(_, moment)| zoneless(*moment));
    named.map(|(option, _)| format!("{option} names no time zone, taken as UTC")).collect()
}

fn access(args: &Args) -> Result<Access, Error> {
    let mut headers = args.header.iter().map(|text| header(text)).collect::<Result<Vec<_>, Error>>()?;
    if let Some(file) = &args.bearer_file {
        headers.push(bearer(file)?);
    }
    if let (Some(user), Some(file)) = (&args.user, &args.password_file) {
        headers.push(basic(user, file)?);
    }
    let milliseconds = |ms: i64| Duration::from_millis(ms.unsigned_abs());
    Ok(Access {
        url: args.url.clone(),
        headers,
        params: args.param.iter().map(|text| param(text)).collect::<Result<_, Error>>()?,
        timeout: milliseconds(args.timeout),
        most: args.max_time.map(milliseconds),
        retries: args.retries,
        trusted: args.ca_cert.as_deref().map(read).transpose()?,
        identity: args.client_cert.as_deref().zip(args.client_key.as_deref()).map(pair).transpose()?,
        insecure: args.insecure,
    })
}

fn pair((certificate, key): (&Path, &Path)) -> Result<(Vec<u8>, Vec<u8>), Error> {
    Ok((read(certificate)?, read(key)?))
}

/// A header; what it holds may be secret, so a message does not show it.
fn header(text: &str) -> Result<(String, String), Error> {
    let (name, value) = text.split_once(':').ok_or_else(|| Error::usage("--header: expected \"Name: value\""))?;
    Ok((name.trim().to_string(), value.trim().to_string()))
}

/// A parameter; what it holds may be secret, so a message does not show it.
fn param(text: &str) -> Result<(String, String), Error> {
    let (name, value) = text.split_once('=').ok_or_else(|| Error::usage("--param: expected name=value"))?;
    Ok((name.to_string(), value.to_string()))
}
