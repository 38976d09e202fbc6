//! The options of report.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Show a load test as one page: what gives first, and how it moved
///
/// Reads a ranking as rank prints it, and whatever else is given, and writes one file that needs no other. Its words,
/// tables and pictures need no script; with JavaScript it can be searched, sorted and zoomed.
#[derive(Parser, Debug)]
#[command(name = "report", version, after_help = AFTER, max_term_width = 100)]
pub(crate) struct Args {
    /// The ranking by metric; standard input when it is absent or `-`
    #[arg(value_name = "RANK")]
    pub(crate) file: Option<PathBuf>,
    /// The column of times of the grids [default: found by its name]
    #[arg(long, value_name = "COLUMN", requires = "grid")]
    pub(crate) time: Option<String>,
    /// The name of the page
    #[arg(long, value_name = "TEXT", default_value = "Load test")]
    pub(crate) title: String,
    /// The form to write
    #[arg(long, value_name = "FORM", default_value = "html")]
    pub(crate) to: Form,
    /// The folder that the pictures of --to svg are written to; their names are printed
    #[arg(long, value_name = "FOLDER", required_if_eq("to", "svg"))]
    pub(crate) into: Option<PathBuf>,
    /// Write what is said in words, the headline and its sentences, to FILE as well: a line
    #[arg(long, value_name = "FILE", conflicts_with = "index")]
    pub(crate) words: Option<PathBuf>,
    /// RANK is a list of runs, as lab/runs --to csv prints it: the page leads to theirs
    #[arg(long, conflicts_with_all = ["Tables", "Run"])]
    pub(crate) index: bool,
    /// The column of response times [default: that of the load generator, quantile 0.95 if there is one]
    #[arg(long, value_name = "COLUMN", requires = "grid")]
    pub(crate) on: Option<String>,
    /// Metrics in the table of all metrics
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub(crate) top: usize,
    /// Suspects shown over time, and metrics over load
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) panels: usize,
    /// The address of Prometheus, for a link at each metric
    #[arg(long, value_name = "URL")]
    pub(crate) link_prometheus: Option<String>,
    /// The address of Grafana's Explore or a dashboard, with {query}, {from} and {to} in it
    #[arg(long, value_name = "TEMPLATE")]
    pub(crate) link_grafana: Option<String>,
    /// Print no notes on standard error
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) tables: Tables,
    #[command(flatten)]
    pub(crate) run: Run,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// One page of HTML
    Html,
    /// A summary in Markdown, for a pull request
    Md,
    /// Pictures, one per file, for slides
    Svg,
}

/// Grids and tables that go with the ranking.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "What was found")]
pub(crate) struct Tables {
    /// The overload grid, for the metrics over time
    #[arg(long, value_name = "GRID")]
    pub(crate) grid: Option<PathBuf>,
    /// The steady grid, shown before it
    #[arg(long, value_name = "GRID", requires = "grid")]
    pub(crate) baseline: Option<PathBuf>,
    /// The two are runs, of which either may be the later: do not ask whether they are swapped or overlap
    #[arg(long, requires = "baseline")]
    pub(crate) any_order: bool,
    /// The ranking by service, as rank --by service prints it
    #[arg(long, value_name = "TABLE")]
    pub(crate) services: Option<PathBuf>,
    /// Values by load, as rank --load --points prints them, for the metrics over load
    #[arg(long, value_name = "TABLE")]
    pub(crate) points: Option<PathBuf>,
    /// Distances and lags, as dtw prints them
    #[arg(long, value_name = "TABLE")]
    pub(crate) dtw: Option<PathBuf>,
    /// Warping paths, as dtw --path writes them: how the nearest metrics match the query
    #[arg(long, value_name = "TABLE", requires = "dtw", requires = "grid")]
    pub(crate) path: Option<PathBuf>,
    /// Contributions and loadings, as pca prints them
    #[arg(long, value_name = "TABLE")]
    pub(crate) pca: Option<PathBuf>,
    /// What each component explains, as pca --emit variance prints it
    #[arg(long, value_name = "TABLE", requires = "pca")]
    pub(crate) variance: Option<PathBuf>,
    /// Peaks, as peaks prints them [default: the largest value of each metric]
    #[arg(long, value_name = "TABLE", requires = "grid")]
    pub(crate) peaks: Option<PathBuf>,
    /// The windows that peaks --cut cut out, marked in the pictures
    #[arg(long, value_name = "GRID", requires = "grid")]
    pub(crate) windows: Option<PathBuf>,
    /// Known faults that the run resembles, as faults --library prints them
    #[arg(long, value_name = "TABLE")]
    pub(crate) faults: Option<PathBuf>,
    /// Calls between services: a table with the columns caller and callee, and calls where it is known how many
    #[arg(long, value_name = "TABLE")]
    pub(crate) edges: Option<PathBuf>,
    /// The ranking of another run, to compare with
    #[arg(long, value_name = "RANK")]
    pub(crate) against: Option<PathBuf>,
    /// The overload grid of another run, drawn over this one's from the same start
    #[arg(long, value_name = "GRID", requires = "grid")]
    pub(crate) against_grid: Option<PathBuf>,
    /// A list of runs, as lab/runs --to csv prints it: all runs of a sweep
    #[arg(long, value_name = "TABLE")]
    pub(crate) runs: Option<PathBuf>,
}

/// What was run.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "What was run")]
pub(crate) struct Run {
    /// A JSON object, such as the run.json of an experiment
    #[arg(long, value_name = "JSON")]
    pub(crate) run: Option<PathBuf>,
    /// The start of the names of Locust's files: PREFIX_stats.csv and PREFIX_failures.csv
    #[arg(long, value_name = "PREFIX")]
    pub(crate) locust: Option<PathBuf>,
    /// The commands that made the ranking, one per line
    #[arg(long, value_name = "FILE")]
    pub(crate) chain: Option<PathBuf>,
}

const AFTER: &str = "\
Of the ranking only the column `metric` must be there; steady, overload, pct_change, z, q, onset, score and the like are \
shown if they are. A grid of windows is shown by its first window. Grids are held in memory. The page depends on the input \
alone: it bears no date of its own.

Examples:
  rank --baseline steady.csv overload.csv > rank.csv
  rank --baseline steady.csv --by service overload.csv > services.csv
  report --title 'Checkout, 150 users' --grid overload.csv --baseline steady.csv \\
    --services services.csv --run run.json < rank.csv > report.html
  report --to md --services services.csv rank.csv >> summary.md
  report --to svg --into slides --grid overload.csv --baseline steady.csv rank.csv
  lab/runs --to csv | report --title Runs --index > runs/index.html
  rank --load users --points sweep.csv > points.csv
  rank --load users sweep.csv | report --points points.csv > scaling.html";
