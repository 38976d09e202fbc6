//! The command line of `grid-build`.

use std::path::PathBuf;

use clap::Parser;
use grid::{Form, parse_duration_ms, parse_time_ms};
use grid_build::{Agg, Counters, Fill, Histograms, Long, Pivot, parse_zone};

/// Build one even grid: one row per timestamp, one column per series
///
/// Reads series lines as VictoriaMetrics exports them, answers of Prometheus' query_range, OpenMetrics text, wide and long
/// tables, and the request logs of load generators; several files, plain, gzip or zstd. Samples go to even times, counters
/// become per-second rates, and missing values stay empty.
#[derive(Debug, Parser)]
#[command(name = "grid-build", version, after_help = EXAMPLE)]
pub(crate) struct Args {
    /// Inputs; standard input when there is none, or for `-`
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Read long tables: the names (or numbers) of these columns; further ones are labels
    #[arg(long, value_name = "TIME,METRIC,VALUE[,LABEL...]", value_parser = Long::parse, help_heading = "Tables")]
    pub(crate) long: Option<Long>,
    /// The zone of times without one: UTC, +02:00, Europe/Berlin [default: UTC, with a note]
    #[arg(long, value_name = "ZONE", value_parser = parse_zone, allow_hyphen_values = true, help_heading = "Tables")]
    pub(crate) tz: Option<jiff::tz::TimeZone>,
    /// What separates the cells of a table, such as ';' or '\t' [default: found in its header]
    #[arg(short, long, value_name = "CHAR", value_parser = parse_delimiter, help_heading = "Tables")]
    pub(crate) delimiter: Option<u8>,
    /// What stands before decimals: . or , [default: found in the cells]
    #[arg(long, value_name = "CHAR", value_parser = parse_decimal, help_heading = "Tables")]
    pub(crate) decimal: Option<char>,
    /// Time between rows [default: the scrape interval of most series]
    #[arg(long, value_name = "DURATION", value_parser = parse_step)]
    pub(crate) step: Option<i64>,
    /// First row: Unix seconds or RFC 3339 [default: of the data]
    #[arg(long, value_name = "TIME", value_parser = parse_time, allow_hyphen_values = true)]
    pub(crate) start: Option<i64>,
    /// No row after this time [default: of the data]
    #[arg(long, value_name = "TIME", value_parser = parse_time, allow_hyphen_values = true)]
    pub(crate) end: Option<i64>,
    /// How long a sample is valid [default: two scrape intervals, one before a failed scrape]
    #[arg(long, value_name = "DURATION", value_parser = parse_step)]
    pub(crate) lookback: Option<i64>,
    /// Scrape interval of a series of one or two samples [default: that of most series]
    #[arg(long, value_name = "DURATION", value_parser = parse_step)]
    pub(crate) interval: Option<i64>,
    /// How to treat counters
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub(crate) counters: Counters,
    /// Print how each metric is treated, and why, on standard error
    #[arg(long)]
    pub(crate) explain: bool,
    /// How to treat histogram buckets [default: raw, or quantiles where --quantiles is given]
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) histograms: Option<Histograms>,
    /// Quantiles of histograms and of the per-request log [default: 0.5,0.95,0.99]
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = parse_quantile)]
    pub(crate) quantiles: Vec<f64>,
    /// Aggregate to the metric name and these labels; rates are added
    #[arg(long, value_name = "LABELS", value_delimiter = ',')]
    pub(crate) by: Option<Vec<String>>,
    /// With --by or --pivot: how gauges are aggregated [default: mean]
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) agg: Option<Agg>,
    /// Fill gaps up to --max-gap, each whole or not at all
    #[arg(long, value_enum, value_name = "HOW")]
    pub(crate) fill: Option<Fill>,
    /// The longest gap to fill: its empty cells times the step [default: two steps]
    #[arg(long, value_name = "DURATION", value_parser = parse_step, requires = "fill")]
    pub(crate) max_gap: Option<i64>,
    /// Use only these columns: an exact name, or a selector such as '{job="carts"}' (repeatable)
    #[arg(long, value_name = "SELECTOR")]
    pub(crate) select: Vec<String>,
    /// Drop these columns: an exact name, or a selector (repeatable)
    #[arg(long, value_name = "SELECTOR")]
    pub(crate) drop: Vec<String>,
    /// Drop columns without any value
    #[arg(long)]
    pub(crate) drop_empty: bool,
    /// Drop constant columns (with --like: constant in that grid too)
    #[arg(long)]
    pub(crate) drop_constant: bool,
    /// Follow this grid: its columns in its order, then new ones; its step; its treatment of counters
    #[arg(long, value_name = "GRID")]
    pub(crate) like: Option<PathBuf>,
    /// Name the columns by a template, with labels in braces: '{job}_{__name__}'
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) name: Option<String>,
    /// Write a table instead: one row per __name__, one column per instance, with this number
    #[arg(long, value_enum, value_name = "HOW", conflicts_with_all = ["like", "name"])]
    pub(crate) pivot: Option<Pivot>,
    /// Join what `locust --csv PREFIX` wrote; also by the name of one of its files
    #[arg(long, value_name = "PREFIX", help_heading = "Load generators")]
    pub(crate) locust: Option<PathBuf>,
    /// Join a log of requests: of Locust's CsvRequestLogger, k6 (csv, json), JMeter (JTL), Gatling, or vegeta (encode)
    #[arg(long, visible_alias = "locust-requests", value_name = "FILE", help_heading = "Load generators")]
    pub(crate) requests: Vec<PathBuf>,
    /// Take target users and spawn rate from the phases of this run.json
    #[arg(long, value_name = "FILE", help_heading = "Load generators")]
    pub(crate) locust_run: Option<PathBuf>,
    /// Target number of users
    #[arg(long, value_name = "USERS", value_parser = parse_amount, help_heading = "Load generators")]
    pub(crate) locust_users_target: Option<f64>,
    /// Users started per second
    #[arg(long, value_name = "RATE", value_parser = parse_amount, help_heading = "Load generators")]
    pub(crate) locust_spawn_rate: Option<f64>,
    /// Add this to Locust's times, such as -1.5s
    #[arg(long, value_name = "DURATION", value_parser = parse_offset, help_heading = "Load generators", allow_hyphen_values = true)]
    pub(crate) locust_offset: Option<i64>,
    /// Add columns per request name
    #[arg(long, help_heading = "Load generators")]
    pub(crate) locust_by_name: bool,
    /// Refuse series with native histograms instead of skipping them
    #[arg(long)]
    pub(crate) strict: bool,
    /// The form to write
    #[arg(long, value_enum, value_name = "FORM", default_value = "csv")]
    pub(crate) to: Form,
    /// Print no notes on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

const EXAMPLE: &str = "\
Example:
  prom-fetch --last 10m '{job=~\".+\"}' |
      grid-build --by instance --locust load > overload.csv
  curl -s \"$PROMETHEUS/api/v1/query_range?query=up&start=$A&end=$B&step=1\" |
      grid-build > up.csv

Memory: 8 bytes per sample while reading, 8 per cell while writing, and the names.";

fn parse_step(text: &str) -> Result<i64, String> {
    match parse_duration_ms(text)? {
        0 => Err("expected a duration above 0".to_string()),
        ms => Ok(ms),
    }
}

/// A duration that may have a sign: `-2s`.
fn parse_offset(text: &str) -> Result<i64, String> {
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => (-1, size),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    parse_duration_ms(size).map(|ms| sign * ms)
}

fn parse_time(text: &str) -> Result<i64, String> {
    parse_time_ms(text).ok_or_else(|| "expected Unix seconds or RFC 3339".to_string())
}

fn parse_quantile(text: &str) -> Result<f64, String> {
    let quantile = text.parse().ok().filter(|q: &f64| (0.0..=1.0).contains(q) && q.is_sign_positive());
    quantile.ok_or_else(|| "expected a number from 0 to 1".to_string())
}

/// How much of something there is.
fn parse_amount(text: &str) -> Result<f64, String> {
    let amount = text.parse().ok().filter(|amount: &f64| amount.is_finite() && amount.is_sign_positive());
    amount.ok_or_else(|| "expected a number from 0 on".to_string())
}

fn parse_delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() => Ok(*byte),
        br"\t" => Ok(b'\t'),
        _ => Err("expected one character, or \\t".to_string()),
    }
}

fn parse_decimal(text: &str) -> Result<char, String> {
    text.parse().ok().filter(|c| matches!(c, '.' | ',')).ok_or_else(|| "expected . or ,".to_string())
}
