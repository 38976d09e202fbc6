//! From the command line to a fetch.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use grid::{Error, Io};
use prom_fetch::address::Request;
use prom_fetch::fetch::{self, Job, Tally, fetch};
use prom_fetch::http::{Access, Client, Trouble};
use prom_fetch::interval;
use prom_fetch::query::Query;
use prom_fetch::range::{Span, seconds};
use prom_fetch::refusal::Refusal;
use prom_fetch::types::Types;
use prom_fetch::work::Share;

use crate::args::Args;
use crate::talk::Talk;

/// What Prometheus allows in one answer of a range query.
const POINTS: i64 = 11_000;
/// Raw samples are asked for by the hour: no server has a limit of points there, only of samples.
const RAW_POINTS_MS: i64 = 3_600_000;
const USUAL_STEP_MS: i64 = 15_000;
const USUAL_LENGTH_MS: i64 = 600_000;
/// The server's clock is known to the second, and its answer takes some time.
const SKEW_MS: i64 = 5_000;

/// Fetches what the command line asks for.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    let client = Client::new(&access(&args)?).map_err(Error::Usage)?;
    if let Some(most) = args.wait {
        wait(&client, most)?;
    }
    let mut job = job(&args, &client, io)?;
    if args.dry_run {
        return show(&client, &job, io);
    }
    let metadata = client.ask_whole(&Request::get("/api/v1/metadata"));
    job.types = Types::read(&known(metadata)?.unwrap_or_default());
    let (client, job) = (Arc::new(client), Arc::new(job));
    let mut talk = Talk::new(io, io::stderr().is_terminal() && !args.quiet);
    let outcome = fetch(&client, &job, &mut talk);
    talk.clear();
    let begun = talk.bytes > 0;
    let tally = outcome.map_err(|error| match error {
        fetch::Error::Failed(text) if begun => Error::Failed(format!("{text}; what was written is not whole")),
        fetch::Error::Failed(text) => Error::Failed(text),
        fetch::Error::Output(e) => Error::Output(e),
    })?;
    let ahead = client.ahead_ms().filter(|_| args.end.is_none() && args.start.is_none());
    report(&tally, ahead, io);
    Ok(())
}

fn report(tally: &Tally, ahead_ms: Option<i64>, io: &mut Io) {
    let Share { lines, infinite, histograms, .. } = &tally.share;
    if *lines == 0 {
        io.note("no series in this range");
    }
    if *infinite > 0 {
        io.note(format!("{infinite} infinite values written as null"));
    }
    if !histograms.is_empty() {
        let names: Vec<&str> = histograms.iter().map(String::as_str).collect();
        io.note(format!("passed over the native histograms of: {}", names.join(", ")));
    }
    if let Some(ms) = ahead_ms.filter(|ms| ms.abs() > SKEW_MS) {
        let side = if ms > 0 { "ahead of" } else { "behind" };
        io.note(format!("the server's clock is {} s {side} this one, by which the range was chosen", ms.abs() / 1000));
    }
}

fn access(args: &Args) -> Result<Access, Error> {
    let mut headers = args.header.clone();
    let mut authorize = |text: String| headers.push((String::from("Authorization"), text));
    if let Some(file) = &args.bearer_file {
        authorize(format!("Bearer {}", secret(file)?));
    }
    if let (Some(user), Some(file)) = (&args.user, &args.password_file) {
        authorize(format!("Basic {}", STANDARD.encode(format!("{user}:{}", secret(file)?))));
    }
    Ok(Access {
        url: args.url.clone(),
        headers,
        params: args.param.clone(),
        timeout: Duration::from_millis(args.timeout.unsigned_abs()),
        retries: args.retries,
        trusted: args.ca_cert.as_deref().map(read).transpose()?,
        identity: args.client_cert.as_deref().zip(args.client_key.as_deref()).map(pair).transpose()?,
        insecure: args.insecure,
    })
}

fn pair((certificate, key): (&Path, &Path)) -> Result<(Vec<u8>, Vec<u8>), Error> {
    Ok((read(certificate)?, read(key)?))
}

fn read(file: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(file).map_err(|e| {
        let text = e.to_string().to_lowercase();
        Error::Failed(format!("{}: {}", file.display(), text.split(" (os error").next().unwrap_or_default()))
    })
}

fn secret(file: &Path) -> Result<String, Error> {
    let text = String::from_utf8(read(file)?);
    let text = text.map_err(|_| Error::Failed(format!("{}: not a text in UTF-8", file.display())))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_string())
}

fn job(args: &Args, client: &Client, io: &mut Io) -> Result<Job, Error> {
    let queries: Vec<Query> = args.queries.iter().map(|text| Query::new(text)).collect();
    if let Some(query) = queries.iter().find(|query| args.raw && !query.is_selector()) {
        return Err(Error::Usage(format!("--raw: expected a selector: \"{}\"", query.text)));
    }
    let (start, end) = ends(args)?;
    let step_ms = match args.step {
        _ if args.raw => 1,
        Some(step) => step,
        None => find_step(client, io)?,
    };
    let span = Span::aligned(start, end, step_ms).ok_or_else(|| {
        let step = seconds(step_ms);
        Error::Usage(format!("no multiple of the step of {step}s from {} to {}", seconds(start), seconds(end)))
    })?;
    let mut params = Vec::new();
    if let Some(ms) = args.lookback {
        params.push((String::from("lookback_delta"), seconds(ms)));
    }
    params.push((String::from("timeout"), seconds(args.timeout)));
    Ok(Job {
        queries,
        span,
        raw: args.raw,
        jobs: usize::from(args.jobs),
        points: if args.raw { RAW_POINTS_MS } else { POINTS },
        strict: args.strict,
        params,
        types: Types::default(),
    })
}

/// The ends of the range as they were asked for.
fn ends(args: &Args) -> Result<(i64, i64), Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let end = args.end.unwrap_or(i64::try_from(now).unwrap_or_default());
    let start = args.start.unwrap_or_else(|| end.saturating_sub(args.last.unwrap_or(USUAL_LENGTH_MS)));
    if start > end {
        return Err(Error::Usage(format!("--start {} is after --end {}", seconds(start), seconds(end))));
    }
    Ok((start, end))
}

fn find_step(client: &Client, io: &mut Io) -> Result<i64, Error> {
    let targets = client.ask_whole(&Request::get("/api/v1/targets").with("state", "active"));
    let shortest = known(targets)?.and_then(|body| interval::shortest(&body));
    let why = if shortest.is_some() { "the shortest scrape interval" } else { "the server tells no scrape interval" };
    let step_ms = shortest.unwrap_or(USUAL_STEP_MS);
    io.note(format!("step {}s: {why}", seconds(step_ms)));
    Ok(step_ms)
}

/// What a server need not know: a refusal counts as nothing, but a server that cannot be reached is
/// an error.
fn known(answer: Result<Vec<u8>, Trouble>) -> Result<Option<Vec<u8>>, Error> {
    match answer {
        Ok(body) => Ok(Some(body)),
        Err(trouble) if trouble.answered => Ok(None),
        Err(trouble) => Err(Error::Failed(trouble.text)),
    }
}

/// Waits until the server says that it is ready, or at least answers.
fn wait(client: &Client, most_ms: i64) -> Result<(), Error> {
    let begun = Instant::now();
    loop {
        match client.ask_whole(&Request::get("/-/ready")) {
            Err(trouble) if !trouble.answered || trouble.refusal == Refusal::Busy => {
                if begun.elapsed() >= Duration::from_millis(most_ms.unsigned_abs()) {
                    return Err(Error::Failed(format!("{}; waited {}s", trouble.text, seconds(most_ms))));
                }
                std::thread::sleep(Duration::from_millis(200));
            }
            _ => return Ok(()),
        }
    }
}

fn show(client: &Client, job: &Job, io: &mut Io) -> Result<(), Error> {
    for piece in job.pieces() {
        let request = client.complete(job.request(&piece));
        writeln!(io, "{}", request.curl(&client.place(&request)))?;
    }
    Ok(())
}
