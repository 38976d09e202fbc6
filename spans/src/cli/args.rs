//! The options.

use std::path::PathBuf;

use clap::Parser;

/// Turn traces into series: what each call costs, and who waits for whom
///
/// Reads spans in the JSON of OTLP, Jaeger or Zipkin v2, mixed at will, or in OTLP's protobuf as the OpenTelemetry
/// Collector's file exporter writes it; files are read side by side. Writes series lines for grid-build or, with --edges, the call graph.
#[derive(Debug, Parser)]
#[command(name = "spans", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Args {
    /// Inputs, plain, gzip or zstd; standard input when there is none, or for `-`
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Time between rows: that of the grid the series are for, which is the scrape interval of its metrics
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "1s")]
    pub(crate) step: u64,
    /// How long a trace stays open after its last span, by the times of the spans
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "30s")]
    pub(crate) wait: u64,
    /// Share of all traces that was sampled: calls and errors per second are divided by it
    #[arg(long, value_name = "SHARE", value_parser = share, default_value = "1", conflicts_with = "edges")]
    pub(crate) sampled: f64,
    /// Write the call graph instead: caller, callee, calls and errors
    #[arg(long)]
    pub(crate) edges: bool,
    #[command(flatten)]
    pub(crate) table: grid::TableOutput,
    /// Print no notes on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

const EXAMPLES: &str = "\
Series, each a gauge with a value per step, at the end of the step:
  calls{caller,callee,service}                          per second; no caller: from outside
  call_errors{caller,callee,service}                    per second
  call_latency_seconds{caller,callee,service,quantile}  0.5, 0.95, 0.99; call_latency_seconds_mean
  call_gap_seconds{caller,callee,service,quantile}      client span - server span: network and queues
  self_time_seconds{service,quantile}                   a service's work less its waiting for others
The label service is the callee, to which a call is charged.

Examples:
  spans --step 5s traces.otlp.jsonl.gz | grid-build metrics.jsonl - > overload.csv
  curl -s 'http://jaeger:16686/api/traces?service=front-end&limit=1000' | spans --edges

Memory: the spans of open traces and 16 bytes for each latency, gap and own time.";

/// A duration in nanoseconds.
fn duration(text: &str) -> Result<u64, String> {
    match grid::parse_duration_ms(text)? {
        0 => Err("longer than nothing".to_string()),
        ms => Ok(ms.unsigned_abs().saturating_mul(1_000_000)),
    }
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| *share > 0.0 && *share <= 1.0);
    share.ok_or_else(|| "expected a number above 0 and up to 1".to_string())
}
