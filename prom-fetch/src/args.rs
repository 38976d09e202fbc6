//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Fetch every series of a Prometheus-compatible server over a time range
///
/// Writes series lines (JSONL: VictoriaMetrics' export line, with the type of the metric where the server knows
/// it). Every PromQL expression is fetched over the whole range. Ranges over 11,000 points a series are asked for in
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
    /// The first time: Unix seconds or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = time, allow_negative_numbers = true)]
    pub(crate) start: Option<i64>,
    /// The last time, which is included [default: now]
    #[arg(long, value_name = "TIME", value_parser = time, allow_negative_numbers = true)]
    pub(crate) end: Option<i64>,
    /// The distance of two times; all are multiples of it [default: the shortest scrape interval, else 15s]
    #[arg(long, value_name = "DURATION", value_parser = duration, conflicts_with = "raw")]
    pub(crate) step: Option<i64>,
    /// Fetch the samples with the times they were scraped at; the queries must be selectors
    #[arg(long)]
    pub(crate) raw: bool,
    /// How long a sample counts when no newer one is there (Prometheus 2.43 and later; older ones ignore it)
    #[arg(long, value_name = "DURATION", value_parser = duration, conflicts_with = "raw")]
    pub(crate) lookback: Option<i64>,
    /// Take warnings of the server, and series that have native histograms, for errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// How many requests may be under way at once; the range is cut into as many parts
    #[arg(short, long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) jobs: u16,
    /// How long to wait for an answer, and for each next part of it
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "2m")]
    pub(crate) timeout: i64,
    /// How often to ask again when the server is busy or the connection is lost
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(..=20))]
    pub(crate) retries: u32,
    /// First wait until the server is ready, this long at most
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) wait: Option<i64>,
    /// A further header of every request (repeatable), such as 'X-Scope-OrgID: shop'
    #[arg(long, value_name = "HEADER", value_parser = header)]
    pub(crate) header: Vec<(String, String)>,
    /// A further parameter of every request (repeatable), such as dedup=false
    #[arg(long, value_name = "NAME=VALUE", value_parser = param)]
    pub(crate) param: Vec<(String, String)>,
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
    /// Print the requests as command lines of curl, without the headers, instead of the series
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print no notes on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

const AFTER: &str = "\
Exit status: 0 all is there, 1 something is missing (what was written is not whole), 2 the command line is wrong

Example:
  prom-fetch --last 10m '{job=~\".+\"}' | grid-build > overload.csv";

fn duration(text: &str) -> Result<i64, String> {
    match grid::parse_duration_ms(text)? {
        ms if ms > 0 => Ok(ms),
        _ => Err(String::from("expected more than nothing")),
    }
}

/// The years 1 to 9999: beyond them sums of times and lengths could leave the range of numbers.
const TIMES_MS: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

fn time(text: &str) -> Result<i64, String> {
    let time = grid::parse_time_ms(text).filter(|ms| TIMES_MS.contains(ms));
    time.ok_or_else(|| String::from("expected Unix seconds or a time such as 2026-11-22T16:00:00Z"))
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("expected \"Name: value\"")?;
    Ok((name.trim().to_string(), value.trim().to_string()))
}

fn param(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected name=value")?;
    Ok((name.to_string(), value.to_string()))
}
