//! The arguments of dtw.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use super::band::BandArg;

/// Compare columns with a query by dynamic time warping
///
/// Tells which metrics move as the response time does, and which moved before it.
///
/// Each column of the grid is one series; the query is a column too, or another grid. Prints a
/// table, nearest first: metric,distance,normalised,lag,lead,sign,query,windows,start,end,note.
#[derive(Parser, Debug)]
#[command(name = "dtw", version, after_help = EXAMPLES, after_long_help = format!("{MEANING}{EXAMPLES}"))]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) input: grid::Input,
    #[command(flatten)]
    pub(crate) output: grid::TableOutput,
    /// The query: a column of the grid, a selector, or a file with a grid of its own
    #[arg(long, value_name = "COLUMN|FILE", allow_hyphen_values = true, required_unless_present = "matrix")]
    pub(crate) query: Option<String>,
    /// Compare every column with every other and print a square table
    #[arg(
        long,
        value_name = "MEASURE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "distance",
        conflicts_with_all = ["query", "group", "top", "path"]
    )]
    pub(crate) matrix: Option<Measure>,
    /// Compare groups of columns that differ in this label only, such as all metrics of a service
    #[arg(long, value_name = "LABEL", requires = "query")]
    pub(crate) group: Option<String>,
    /// Largest time shift: points (15), seconds (5s), or a fraction of the longer length (5% or 0.05)
    #[arg(long, value_name = "REACH", default_value = "none", allow_hyphen_values = true)]
    pub(crate) band: BandArg,
    /// Use an Itakura parallelogram with this maximum slope instead of a band
    #[arg(
        long,
        value_name = "SLOPE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "2",
        value_parser = slope,
        conflicts_with = "band"
    )]
    pub(crate) itakura: Option<f64>,
    /// Step pattern of the path
    #[arg(long, value_name = "PATTERN", default_value = "symmetric1")]
    pub(crate) steps: StepArg,
    /// Cost of two matched points
    #[arg(long, value_name = "COST", default_value = "squared")]
    pub(crate) cost: CostArg,
    /// Compare derivatives (Keogh & Pazzani 2001) instead of values
    #[arg(long)]
    pub(crate) derivative: bool,
    /// First normalise each series, in each window, by its own mean and deviation
    #[arg(long)]
    pub(crate) znorm: bool,
    /// Match the whole query with the best prefix of a series
    #[arg(long, conflicts_with = "subsequence")]
    pub(crate) open_end: bool,
    /// Match the whole query with the best part of a series
    #[arg(long, conflicts_with_all = ["band", "itakura"])]
    pub(crate) subsequence: bool,
    /// How to treat missing cells
    #[arg(long, value_name = "RULE", default_value = "skip")]
    pub(crate) missing: MissingArg,
    /// Also compare with the negated query (anti-correlated metrics) and print the nearer of the two
    #[arg(long)]
    pub(crate) either_sign: bool,
    /// Print only the K nearest, found without comparing all (0: all)
    #[arg(long, value_name = "K", default_value_t = 0)]
    pub(crate) top: usize,
    /// Leave out lag, lead, start and end: distances alone are about twice as fast
    #[arg(long, conflicts_with = "path")]
    pub(crate) no_lag: bool,
    /// Write the warping paths of the printed rows to this file (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
}

/// What a square table shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    /// The distance
    Distance,
    /// The distance per path step (length-normalised)
    Normalised,
    /// How much later the row moves than the column, in seconds
    Lag,
}

/// The step patterns.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum StepArg {
    /// Every step weighs 1
    Symmetric1,
    /// A diagonal step weighs 2, the others 1
    Symmetric2,
}

/// The local costs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CostArg {
    /// (q - x)²; the distance is the root of the sum
    Squared,
    /// |q - x|; the distance is the sum
    Absolute,
}

/// The rules for missing cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MissingArg {
    /// Leave the point out; its neighbours stand for it within the band
    Skip,
    /// Let it match anything at no cost
    Free,
    /// Treat it as 0, the mean of a z-normalised column
    Zero,
    /// End with an error
    Refuse,
}

fn slope(text: &str) -> Result<f64, String> {
    let slope = text.parse().ok().filter(|slope: &f64| slope.is_finite() && *slope >= 1.0);
    slope.ok_or_else(|| "expected a slope of 1 or more".to_string())
}

const MEANING: &str = "\
The distance is that of dtaidistance and tslearn: the root of the least sum of squared differences along a warping \
path. A band of r points keeps |i - j| <= r (dtaidistance's window is r + 1); 0 is the Euclidean distance; of two \
unequal lengths the longer may differ by the difference as well. normalised is the distance per path step: \
sqrt(sum / max(n, m)), with symmetric2 sqrt(sum / (n + m)).

lag is the median of (time in the metric - time in the query) along the path, in seconds. It is negative when the \
metric moved first, and then lead is true. start and end are the first and last matched time.

A grid of windows (peaks --cut) is compared window by window: distance and normalised are root mean squares over the \
windows, lag is the median of their lags.

";

const EXAMPLES: &str = "\
Examples:
  dtw --query 'locust_response_time_ms{quantile=\"0.95\"}' --band 30s z.csv
  dtw --query payment_cpu --top 10 --either-sign overload.csv
  dtw --matrix=lag --select '{job=\"carts\"}' overload.csv
";
