//! The command line of `rank`.

use clap::{Parser, ValueEnum};
use grid::TableOutput;
use rank::suspects::ranking::Order;
use regex::Regex;
use std::path::PathBuf;

/// Rank metrics and services by how much worse an overload made them
///
/// Prints a table, most suspect first, with every number behind its place. Within a service the
/// strongest cause (cpu, memory, saturation) comes before its symptoms (latency, errors,
/// availability). A value that cannot be computed is an empty cell with a note.
#[derive(Parser)]
#[command(name = "rank", version, after_long_help = EXAMPLES, after_help = "See --help for the columns and an example pipe.")]
pub(crate) struct Args {
    /// Grids of the overload, one per run; standard input when none is given or `-`
    #[arg(value_name = "OVERLOAD")]
    pub(crate) files: Vec<PathBuf>,
    /// A grid of the steady state; several are pooled (repeatable)
    #[arg(long, value_name = "STEADY")]
    pub(crate) baseline: Vec<PathBuf>,
    /// Print measures instead of ranks
    ///
    /// One row per metric, as the grids are read, for `--measures` on another machine. All series of one metric name must
    /// be measured together.
    #[arg(long, value_name = "WHAT", conflicts_with_all = ["by", "score", "evidence", "explain", "calls", "when", "aspects", "fail_on", "columns"])]
    pub(crate) emit: Option<Emit>,
    /// Read what `--emit measures` printed, in place of grids
    ///
    /// Every metric once, in any order. The ranking is byte for byte that of one run over all.
    #[arg(long, conflicts_with_all = ["baseline", "load", "emit"])]
    pub(crate) measures: bool,
    /// Rank by growth with this column, over the loads of one or more grids
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["baseline", "evidence", "explain", "score", "calls", "when", "aspects", "emit"])]
    pub(crate) load: Option<String>,
    /// With --load: for each load, the metrics that departed from their trend
    #[arg(long)]
    pub(crate) steps: bool,
    /// With --load: each metric's value, line and law at each load
    #[arg(long, conflicts_with = "steps")]
    pub(crate) points: bool,
    /// With --load: fit of the law
    #[arg(long, value_name = "WAY")]
    pub(crate) fit: Option<FitArg>,
    /// What to rank: metric, service, name or a label
    #[arg(long, value_name = "metric|service|name|LABEL", default_value = "metric")]
    pub(crate) by: String,
    /// Score to sort by
    #[arg(long, value_name = "SCORE", default_value = "fused")]
    pub(crate) score: Order,
    /// Evidence joined by metric: what dtw and pca print (repeatable)
    #[arg(long = "with", value_name = "TABLE")]
    pub(crate) evidence: Vec<PathBuf>,
    /// Find the service in a header: its group `service`, or the first one
    #[arg(long, value_name = "REGEX")]
    pub(crate) service_regex: Option<Regex>,
    /// A table pattern,kind,harm,role, asked before the built-in kinds
    #[arg(long, value_name = "TABLE")]
    pub(crate) kinds: Option<PathBuf>,
    /// A table selector,service, asked before the built-in rules
    #[arg(long, value_name = "TABLE")]
    pub(crate) services: Option<PathBuf>,
    /// Print what the names were read as, or all numbers of one metric
    #[arg(long, value_name = "METRIC", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(crate) explain: Option<String>,
    /// Who calls whom: a table caller,callee, or `labels` (repeatable)
    ///
    /// `labels` reads the calls from the labels of proxies and clients. A database or cache without a known caller is assumed
    /// to be called by every service that waits.
    #[arg(long, value_name = "TABLE")]
    pub(crate) calls: Vec<PathBuf>,
    /// The users' response time, where the fault is known to lie within the overload: what had moved by the first row, before
    /// this column did, is drift, and no suspect
    #[arg(long, value_name = "COLUMN")]
    pub(crate) when: Option<String>,
    /// In a table for people, list every aspect of a phenomenon
    ///
    /// Its sum, mean, quantiles and routes, not the strongest alone.
    #[arg(long)]
    pub(crate) aspects: bool,
    /// Exit with 3 when a row fulfils this: 'pct_change>50 and q<0.01'
    #[arg(long, value_name = "CONDITION")]
    pub(crate) fail_on: Option<String>,
    /// Use only these columns: an exact name, or a selector such as '{job="carts"}' (repeatable)
    #[arg(long, value_name = "SELECTOR")]
    pub(crate) select: Vec<String>,
    /// Leave these columns out: an exact name, or a selector (repeatable)
    #[arg(long, value_name = "SELECTOR")]
    pub(crate) drop: Vec<String>,
    /// Print no notes on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
    /// The form of the table
    #[command(flatten)]
    pub(crate) output: TableOutput,
}

/// What is printed in place of the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// One row per metric, as the grids are read
    Measures,
}

/// How the scalability law is fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FitArg {
    /// Noise is a share of what is measured: least squares of the logarithm (default)
    Relative,
    /// Noise is the same at all loads: least squares of the values, as R's usl does
    LeastSquares,
}

const EXAMPLES: &str = "\
Columns:
  rank, metric, service, kind   the place, the header, and what was read from it
  phenomenon, aspect            what it is an aspect of, and its number among the aspects
  steady, overload              means
  pct_change, pct_diff          percent of the steady mean; symmetric, within ±200
  z                             floored robust deviation of the overload's harmful quantile
  effect, p, q                  Mann–Whitney (area under the ROC curve, effective sample sizes),
                                Benjamini–Hochberg over all metrics
  moved                         yes: for the worse, beyond chance
  onset                         seconds from the overload's start to the change point
  used, limit                   share of its limit in use in the overload, and the limit's metric
  missing_steady, missing_overload   share of rows without a value
  runs, pct_spread, z_spread    overload runs, and standard deviations over them
  deviation, size, share, seen, own, support   parts of the score
  score, note
  verdict                       of the whole comparison: worse, quiet or undecided
With --by, one row per group, with those of its first metric, and
  support, support_kind         the strongest metric of another kind in it
  members, moved                how many metrics it has, and how many of them moved
With --explain, rank, metric, service, service_from, name, kind, harm, role, caller, peer: what was
  read from each name; with --explain=METRIC part, value, meaning
With --emit measures, one row per metric, each number to the last bit (1e999: infinite):
  metric, kind, harm            the header, and what was read from it: the same --kinds for both
  born                          yes: errors of the overload alone, measured against none
  part                          yes: harm that a part of the overload shows, if not a shift of all
  steady_grids, steady … scale, runs, note   how many --baseline; as above and in --explain
With --load, one row per metric, fastest-growing suspect first, then callers' views, load and outcome:
  levels, lowest, highest       loads with a value; value at the lowest and highest load
  elasticity, _low, _high       slope of log value on log load (Theil–Sen), 95 % interval
  linear, worse                 the slope of a system that scales; how much worse this one is
  knee, slope_before, slope_after   the load where the slope changes, if it does
  left_at                       first load at which it left its line for the worse (--steps: all)
  lambda, sigma, kappa, peak_load   Universal Scalability Law, for traffic and latency
  sigma_low, …, peak_high       95 % intervals of contention, coherency and peak
With --load --steps, load, metric, service, kind, expected, actual, times: what left its line;
  times is actual / expected
With --load --points, one row per metric and load: value, and what the line and that law give there
Table of --kinds: pattern,kind,harm,role; harm is up, down, both or gone; role is cause,
  saturation, symptom, driver or other.
Condition of --fail-on: <column><operator><number> joined by `and`, `or`.

Examples:
  prom-fetch --last 10m '{job=~\".+\"}' | grid-build --like steady.csv |
    rank --baseline steady.csv --by service --to table
  rank --load locust_users users-*.csv --to table
  rank --baseline steady-1.csv --emit measures overload-1.csv > 1.csv     # on each machine
  rank --measures 1.csv 2.csv 3.csv";
