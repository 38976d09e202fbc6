//! The command line.

use std::path::PathBuf;

use clap::Parser;
use prom_fetch::plan::shard::Shard;

use super::times::{Moment, duration, moment};

/// Fetch every series of a Prometheus-compatible server over a time range
///
/// Writes series lines (JSONL: VictoriaMetrics' export line, with the type of the metric where the server knows
/// it). Every PromQL expression is fetched over the whole range. Ranges over 11,000 points per series are asked for in
/// several requests, and what the server refuses as too much is asked for in smaller ones, so one series may come
/// on several lines.
///
/// It streams: lines are written while the answer arrives. When it fails later, it says so and its exit status is 1.
#[derive(Parser, Debug)]
#[command(name = "prom-fetch", version, after_help = AFTER)]
pub(crate) struct Args {
    /// PromQL expressions or selectors
    #[arg(value_name = "QUERY", default_value = r#"{__name__!=""}"#)]
    pub(crate) queries: Vec<String>,
    /// The server, with any path in front of /api/v1
    #[arg(long, value_name = "URL", env = "PROM_URL", hide_env_values = true, default_value = "http://localhost:9090")]
    pub(crate) url: String,
    /// The length of the time range, up to --end [default: 10m, when there is no --start]
    #[arg(long, value_name = "DURATION", value_parser = duration, conflicts_with = "start")]
    pub(crate) last: Option<i64>,
    /// The first time: Unix seconds, RFC 3339, or now-1h
    #[arg(long, value_name = "TIME", value_parser = moment, allow_negative_numbers = true)]
    pub(crate) start: Option<Moment>,
    /// The last time, included [default: now]
    #[arg(long, visible_alias = "until", value_name = "TIME", value_parser = moment, allow_negative_numbers = true)]
    pub(crate) end: Option<Moment>,
    /// The time between two points; all are multiples of it [default: the shortest scrape interval, else 15s]
    #[arg(long, value_name = "DURATION", value_parser = duration, conflicts_with = "raw")]
    pub(crate) step: Option<i64>,
    /// Fetch the samples with the times they were scraped at; the queries must be selectors
    #[arg(long)]
    pub(crate) raw: bool,
    /// How long a sample counts when no newer one is there (Prometheus 2.43 and later; older ones ignore it)
    #[arg(long, value_name = "DURATION", value_parser = duration, conflicts_with = "raw")]
    pub(crate) lookback: Option<i64>,
    /// Fetch one of N shards, from 1/N to N/N: whole metric families, by a hash of their name
    #[arg(long, value_name = "K/N")]
    pub(crate) shard: Option<Shard>,
    /// Print N shards of about as many series each (CSV, one row per family), instead of the series
    #[arg(long, value_name = "N", conflicts_with_all = ["shard", "dry_run"], value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) list_shards: Option<u32>,
    /// Families larger than a shard are cut by the values of LABEL, such as pod
    #[arg(long, value_name = "LABEL", requires = "list_shards")]
    pub(crate) shard_by: Option<String>,
    /// The shards as --list-shards printed them; families that are not in FILE go by their hash
    #[arg(long, value_name = "FILE", requires = "shard")]
    pub(crate) packed: Option<PathBuf>,
    /// Let Mimir choose the series of the shard (__query_shard__): even, but families are not whole
    #[arg(long, requires = "shard", conflicts_with = "packed")]
    pub(crate) mimir: bool,
    /// Treat warnings of the server, and series with native histograms, as errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// How many requests may be under way at once; the range is cut into as many parts
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) jobs: u16,
    /// How long to wait for an answer, and for each part of it
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "2m")]
    pub(crate) timeout: i64,
    /// How long the whole fetch may take [default: no limit]
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) max_time: Option<i64>,
    /// How often to retry when the server is busy or the connection is lost, after pauses of 0.25 s to 30 s
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(..=20))]
    pub(crate) retries: u32,
    /// Keep in FILE how far it is, and go on from there after a crash; standard output must be a file opened with >>
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "list_shards"])]
    pub(crate) resume: Option<PathBuf>,
    /// First wait until the server is ready, this long at most
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) wait: Option<i64>,
    /// An extra header for every request (repeatable), such as 'X-Scope-OrgID: shop'
    #[arg(long, value_name = "HEADER")]
    pub(crate) header: Vec<String>,
    /// An extra parameter for every request (repeatable), such as dedup=false
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) param: Vec<String>,
    /// The file that holds the bearer token
    #[arg(long, value_name = "FILE", conflicts_with = "user")]
    pub(crate) bearer_file: Option<PathBuf>,
    /// The user of basic authentication
    #[arg(long, value_name = "NAME", requires = "password_file")]
    pub(crate) user: Option<String>,
    /// The file that holds the password
    #[arg(long, value_name = "FILE", requires = "user")]
    pub(crate) password_file: Option<PathBuf>,
    /// The certificates (PEM) to trust instead of the usual ones
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_cert: Option<PathBuf>,
    /// The certificate (PEM) to show to the server
    #[arg(long, value_name = "FILE", requires = "client_key")]
    pub(crate) client_cert: Option<PathBuf>,
    /// The key of that certificate
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub(crate) client_key: Option<PathBuf>,
    /// Accept any certificate
    #[arg(long)]
    pub(crate) insecure: bool,
    /// Go without the types of the metrics when the server fails to tell them
    #[arg(long)]
    pub(crate) no_types: bool,
    /// Print the requests as command lines of curl, without the headers, instead of the series
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Lift the limits of an answer: a value 16 MiB, what is passed over 1 GiB, a list of names 256 MiB
    #[arg(long)]
    pub(crate) no_limits: bool,
    /// Print no notes on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

const AFTER: &str = "\
Exit status: 0 all is there, 1 something is missing (what was written is not whole), 2 the command line is wrong

Example:
  prom-fetch --last 10m '{job=~\".+\"}' | grid-build > overload.csv";
