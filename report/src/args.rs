//! The options of report.

use std::path::PathBuf;

use clap::Parser;

/// A load test as one page of HTML: what gives first, the rankings, the metrics over time and over load.
///
/// Reads a ranking as rank prints it, and whatever else is given, and writes one file that needs no
/// other: inline SVG, no script, light and dark, fit for paper.
#[derive(Parser, Debug)]
#[command(name = "report", version, after_help = AFTER, max_term_width = 100)]
pub(crate) struct Args {
    /// The ranking by metric; standard input when it is absent or `-`
    #[arg(value_name = "RANK")]
    pub(crate) file: Option<PathBuf>,
    /// The name of the page
    #[arg(long, value_name = "TEXT", default_value = "Load test")]
    pub(crate) title: String,
    /// The overload grid, for the metrics over time
    #[arg(long, value_name = "GRID")]
    pub(crate) grid: Option<PathBuf>,
    /// The steady grid, shown beside it
    #[arg(long, value_name = "GRID", requires = "grid")]
    pub(crate) baseline: Option<PathBuf>,
    /// The ranking by service, as rank --by service prints it
    #[arg(long, value_name = "TABLE")]
    pub(crate) services: Option<PathBuf>,
    /// Values by load, as rank --load --points prints them, for the metrics over load
    #[arg(long, value_name = "TABLE")]
    pub(crate) points: Option<PathBuf>,
    /// Distances and lags, as dtw prints them
    #[arg(long, value_name = "TABLE")]
    pub(crate) dtw: Option<PathBuf>,
    /// Contributions and loadings, as pca prints them
    #[arg(long, value_name = "TABLE")]
    pub(crate) pca: Option<PathBuf>,
    /// Peaks, as peaks prints them [default: the largest value of each metric]
    #[arg(long, value_name = "TABLE", requires = "grid")]
    pub(crate) peaks: Option<PathBuf>,
    /// What was run: a JSON object, such as the run.json of an experiment
    #[arg(long, value_name = "JSON")]
    pub(crate) run: Option<PathBuf>,
    /// The column of response times [default: locust_response_time_ms, quantile 0.95 if there is one]
    #[arg(long, value_name = "COLUMN", requires = "grid")]
    pub(crate) on: Option<String>,
    /// Metrics in the ranking
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) top: usize,
    /// Metrics shown over time, and over load
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) panels: usize,
    /// Print no notes on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

const AFTER: &str = "\
Of the ranking only the column `metric` must be there; steady, overload, pct_change, z, onset, score and
the like are shown if they are. A grid of windows is shown by its first window. Grids are held in
memory. The page depends on the input alone: it bears no date of its own.

Example:
  rank --baseline steady.csv overload.csv > rank.csv
  rank --baseline steady.csv --by service overload.csv > services.csv
  report --title 'Checkout, 150 users' --grid overload.csv --baseline steady.csv \\
    --services services.csv --run run.json < rank.csv > report.html
  rank --load users --points sweep.csv > points.csv
  rank --load users sweep.csv | report --points points.csv > scaling.html";
