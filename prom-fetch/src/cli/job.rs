//! From settings to a job: what only the server can tell.

use grid::{Error, Io};
use prom_fetch::fetch::{find_names, find_values};
use prom_fetch::plan::job::Job;
use prom_fetch::plan::packing::Wanted;
use prom_fetch::plan::query::Query;
use prom_fetch::plan::range::{Span, seconds};
use prom_fetch::plan::shard::family;
use prom_fetch::plan::split::{Part, parts_by_label, parts_of};
use prom_fetch::server::address::Request;
use prom_fetch::server::types::Types;
use prom_fetch::server::{Client, Trouble, buildinfo, interval, known};
use serde_json::Value;

use super::packed;
use super::settings::Settings;
use super::times::now_ms;

/// What Prometheus allows in one answer of a range query.
const POINTS: i64 = 11_000;
/// Raw samples are asked for by the hour: no server has a limit of points there, only of samples.
const RAW_POINTS_MS: i64 = 3_600_000;
const USUAL_STEP_MS: i64 = 15_000;
/// Prometheus' own, when no other is known.
const USUAL_LOOKBACK_MS: i64 = 300_000;
/// VictoriaMetrics' `-search.latencyOffset`.
const HIDDEN_MS: i64 = 30_000;

/// The job as the command line has it, without the types, and not yet divided into shards.
pub(crate) fn job(settings: &Settings, client: &Client, io: &mut Io) -> Result<Job, Error> {
    let step_ms = settings.step_ms.map_or_else(|| find_step(client, io), Ok)?;
    let (start, end) = settings.ends_ms;
    let span = Span::aligned(start, end, step_ms).ok_or_else(|| {
        let step = seconds(step_ms);
        Error::Usage(format!("no multiple of the step of {step}s from {} to {}", seconds(start), seconds(end)))
    })?;
    let mut params = Vec::new();
    if let Some(ms) = settings.lookback_ms {
        params.push((String::from("lookback_delta"), seconds(ms)));
    }
    params.push((String::from("timeout"), seconds(settings.timeout_ms)));
    let most = if settings.raw { RAW_POINTS_MS } else { POINTS };
    Ok(Job {
        queries: settings.queries.clone(),
        parts: vec![vec![Part::All]; settings.queries.len()],
        span,
        raw: settings.raw,
        jobs: settings.jobs,
        points: Job::share(&span, settings.raw, settings.jobs, most),
        lookback_ms: settings.lookback_ms.unwrap_or(0).max(USUAL_LOOKBACK_MS),
        wanted: wanted(settings)?,
        strict: settings.strict,
        params,
        types: Types::default(),
    })
}

/// The shard, and how families are packed into shards; none where Mimir chooses.
fn wanted(settings: &Settings) -> Result<Option<Wanted>, Error> {
    let Some(shard) = settings.shard.filter(|_| !settings.mimir) else { return Ok(None) };
    let packing = settings.packed.as_deref().map(|file| packed::read(file, shard.of)).transpose()?;
    Ok(Some(Wanted { shard, packing: packing.unwrap_or_default() }))
}

/// The parts of a query that may hold series of a shard: what the server names, and what it does not name.
pub(crate) fn shard_parts(client: &Client, job: &Job, wanted: &Wanted) -> Result<Vec<Vec<Part>>, Error> {
    let parts = |query: usize| {
        let names = find_names(client, job, query).map_err(failed)?;
        let mut parts = parts_of(&names, |name| wanted.has_all(name));
        for (split, label, own) in wanted.splits() {
            let metrics: Vec<String> = names.iter().filter(|name| family(name) == split).cloned().collect();
            if metrics.is_empty() {
                continue;
            }
            let selector = job.queries[query].narrowed(&Part::Named(metrics.clone()));
            let values = find_values(client, job, label, &selector).map_err(failed)?;
            parts.extend(parts_by_label(&metrics, label, &values, own));
        }
        Ok(parts)
    };
    (0..job.queries.len()).map(parts).collect()
}

/// Another server would look for a label of that name, and find nothing.
pub(crate) fn check_mimir(client: &Client) -> Result<(), Error> {
    let request = Request::get("/api/v1/status/buildinfo");
    let data: Option<Value> = known::ask(client, &request).map_err(failed)?;
    if data.is_some_and(|data| buildinfo::is_mimir(&data)) {
        return Ok(());
    }
    Err(Error::Failed(format!("{}: --mimir: the server does not say that it is Mimir", client.place(&request))))
}

/// The types of the metrics; `None` when the server has none.
pub(crate) fn types(client: &Client, queries: &[Query]) -> Result<Option<Types>, Error> {
    if !queries.iter().any(Query::is_selector) {
        return Ok(Some(Types::default()));
    }
    let request = Request::get("/api/v1/metadata");
    let data: Option<Value> =
        known::ask(client, &request).map_err(|trouble| with_way_out(trouble, "--no-types goes without types"))?;
    Ok(data.map(|data| Types::read(&data)))
}

fn find_step(client: &Client, io: &mut Io) -> Result<i64, Error> {
    let request = Request::get("/api/v1/targets").with("state", "active");
    let targets: Option<Value> =
        known::ask(client, &request).map_err(|trouble| with_way_out(trouble, "give --step"))?;
    let shortest = targets.and_then(|data| interval::shortest(&data));
    let why = if shortest.is_some() { "the shortest scrape interval" } else { "the server names no scrape interval" };
    let step_ms = shortest.unwrap_or(USUAL_STEP_MS);
    io.note(format!("step {}s: {why}", seconds(step_ms)));
    Ok(step_ms)
}

/// Says when the newest samples may be hidden: VictoriaMetrics does not show the last 30 s unless asked to.
pub(crate) fn warn_of_hidden_samples(settings: &Settings, client: &Client, io: &mut Io) -> Result<(), Error> {
    let newest = settings.ends_ms.1 > now_ms() - HIDDEN_MS;
    if settings.raw || !newest || settings.access.params.iter().any(|(name, _)| name == "latency_offset") {
        return Ok(());
    }
    // Who the server is changes no sample: when it fails to say, there is nothing to add.
    let data: Option<Value> = known::ask(client, &Request::get("/api/v1/status/buildinfo")).unwrap_or_default();
    if data.is_some_and(|data| buildinfo::is_victoria_metrics(&data)) {
        io.note("VictoriaMetrics hides its newest 30 s; --param latency_offset=1ms shows them");
    }
    Ok(())
}

/// There is one where the server is there, and lets us in.
fn with_way_out(trouble: Trouble, way_out: &str) -> Error {
    match trouble.status {
        None | Some(300..=399 | 401) => Error::Failed(trouble.text),
        Some(_) => Error::Failed(format!("{}; {way_out}", trouble.text)),
    }
}

fn failed(trouble: Trouble) -> Error {
    Error::Failed(trouble.text)
}
