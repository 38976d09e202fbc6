//! From the command line to a fetch.

mod args;
mod job;
mod packed;
mod resume;
mod secrets;
mod settings;
mod show;
mod talk;
mod times;

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub(crate) use args::Args;
use grid::{Error, Io, quote};
use prom_fetch::fetch::{self, Left, Share, Tally, fetch};
use prom_fetch::plan::job::Job;
use prom_fetch::plan::range::seconds;
use prom_fetch::server::Client;
use prom_fetch::server::address::{self, Request};
use prom_fetch::server::refusal::Refusal;
use resume::Keeper;
use settings::{Action, Settings};
use talk::Talk;

/// The server's clock is known to the second, and its answer takes some time.
const SKEW_MS: i64 = 5_000;

/// Fetches what the command line asks for.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    if args.no_limits {
        prom_fetch::limits::lift();
    }
    let settings = Settings::new(&args)?;
    let server = address::base(&settings.access.url).map_err(Error::Usage)?;
    let client = Client::new(&settings.access).map_err(Error::Usage)?;
    settings.notes.iter().for_each(|note| io.note(note));
    if let Some(most) = settings.wait_ms {
        wait(&client, most)?;
    }
    let mut job = job::job(&settings, &client, io)?;
    if let Action::ListShards(of) = settings.action {
        return packed::write(&client, &job, of, settings.shard_by.as_deref(), io);
    }
    if settings.mimir {
        job::check_mimir(&client)?;
    }
    if let Some(wanted) = &job.wanted {
        job.parts = job::shard_parts(&client, &job, wanted)?;
    }
    if settings.action == Action::DryRun {
        return show::requests(&client, &job, io);
    }
    job::warn_of_hidden_samples(&settings, &client, io)?;
    let keeper = settings.resume.as_deref().map(|file| Keeper::open(file, &settings, &server, &mut job)).transpose()?;
    if settings.types {
        match job::types(&client, &job.queries)? {
            Some(types) => job.types = types,
            None => io.note("the server has no metadata: no metric has a type"),
        }
    }
    let visible = io::stderr().is_terminal() && !args.quiet;
    // A shard need not have a series of each query, and what was fetched before is not counted.
    let counts = job.wanted.is_none() && settings.resume.is_none();
    let queries: Vec<String> = job.queries.iter().map(|query| query.text.clone()).filter(|_| counts).collect();
    let tally = whole(client, job, keeper, visible, &settings, io)?;
    report(&tally, &queries, &settings, io);
    Ok(())
}

fn whole(
    client: Client,
    job: Job,
    keeper: Option<Keeper>,
    visible: bool,
    settings: &Settings,
    io: &mut Io,
) -> Result<Tally, Error> {
    let (client, job) = (Arc::new(client), Arc::new(job));
    let left = keeper.as_ref().map_or_else(|| Left::all(&job), Keeper::left);
    let mut talk = Talk::new(io, visible, keeper);
    let outcome = fetch(&client, &job, left, &mut talk);
    let begun = talk.bytes > 0;
    let keeper = talk.end();
    let tally = outcome.map_err(|error| match error {
        fetch::Error::Failed(text) if begun => Error::Failed(format!("{text}; what was written is not whole")),
        fetch::Error::Failed(text) => Error::Failed(text),
        // A state that cannot be kept names its file.
        fetch::Error::Output(e) => e.downcast().unwrap_or_else(Error::Output),
    })?;
    if let Some(ms) = client.ahead_ms().filter(|ms| ms.abs() > SKEW_MS && settings.by_our_clock) {
        let side = if ms > 0 { "ahead of" } else { "behind" };
        io.note(format!("the server's clock is {} s {side} this one, by which the range was chosen", ms.abs() / 1000));
    }
    keeper.map_or(Ok(()), Keeper::finish)?;
    Ok(tally)
}

fn report(tally: &Tally, queries: &[String], settings: &Settings, io: &mut Io) {
    let Share { lines, infinite, histograms, .. } = &tally.share;
    if *lines == 0 && settings.resume.is_none() {
        io.note("no series in this range");
    } else {
        for (query, _) in queries.iter().zip(&tally.lines).filter(|(_, lines)| **lines == 0) {
            io.note(format!("no series in this range: {}", quote(query)));
        }
    }
    if *infinite > 0 {
        io.note(format!("{infinite} infinite values written as null"));
    }
    if !histograms.is_empty() {
        let names: Vec<&str> = histograms.iter().map(String::as_str).collect();
        io.note(format!("passed over the native histograms of: {}", names.join(", ")));
    }
    let (typed, all) = tally.share.typed();
    if settings.types && all > 0 {
        io.note(format!("{typed} of {all} metrics have a type"));
    }
}

/// Waits until the server says that it is ready, or at least answers.
fn wait(client: &Client, most_ms: i64) -> Result<(), Error> {
    let begun = Instant::now();
    loop {
        match client.ask(&Request::get("/-/ready")) {
            Ok(_) => return Ok(()),
            Err(trouble) if trouble.status.is_some() && trouble.refusal != Refusal::Busy => return Ok(()),
            Err(trouble) if begun.elapsed() >= Duration::from_millis(most_ms.unsigned_abs()) => {
                return Err(Error::Failed(format!("{}; waited {}s", trouble.text, seconds(most_ms))));
            }
            Err(_) => std::thread::sleep(Duration::from_millis(250)),
        }
    }
}
