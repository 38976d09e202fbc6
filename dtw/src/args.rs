//! The arguments of dtw.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::reach::Reach;

/// Compare columns with a query by dynamic time warping: which metrics move as the delay does, and
/// which moved before it.
///
/// Each column of the grid is one series; the query is a column too, or another grid. Prints a table,
/// the nearest first: metric,distance,normalised,lag,lead,sign,query,windows,start,end,note.
#[derive(Parser, Debug)]
#[command(name = "dtw", version, after_help = AFTER)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) input: grid::Input,
    #[command(flatten)]
    pub(crate) output: grid::TableOutput,
    /// The query: a column of the grid, a selector, or a file with a grid of its own
    #[arg(long, value_name = "COLUMN|FILE", allow_hyphen_values = true, required_unless_present_any = ["library", "matrix"])]
    pub(crate) query: Option<String>,
    /// Compare every column with every other, and print a square table
    #[arg(long, value_name = "MEASURE", num_args = 0..=1, require_equals = true, default_missing_value = "distance", conflicts_with_all = ["query", "top", "path"])]
    pub(crate) matrix: Option<Measure>,
    /// Compare groups of columns together: those that differ from the query's in this label only
    #[arg(long, value_name = "LABEL", requires = "query")]
    pub(crate) group: Option<String>,
    /// Let times differ by no more than this: points (15), seconds (5s), or a part of the longer length (5% or 0.05)
    #[arg(long, value_name = "REACH", default_value = "none", allow_hyphen_values = true)]
    pub(crate) band: Reach,
    /// Keep to the Itakura parallelogram of this largest slope instead of a band
    #[arg(long, value_name = "SLOPE", num_args = 0..=1, require_equals = true, default_missing_value = "2", conflicts_with = "band")]
    pub(crate) itakura: Option<f64>,
    /// The steps of a path: symmetric1 weighs each 1, symmetric2 weighs diagonal ones 2
    #[arg(long, value_name = "PATTERN", default_value = "symmetric1")]
    pub(crate) steps: StepArg,
    /// The cost of two matched points
    #[arg(long, value_name = "COST", default_value = "squared")]
    pub(crate) cost: CostArg,
    /// Compare derivatives (Keogh & Pazzani 2001) instead of values
    #[arg(long)]
    pub(crate) derivative: bool,
    /// Normalise each series, in each window, by its own mean and deviation first
    #[arg(long)]
    pub(crate) znorm: bool,
    /// Match the whole query with the best beginning of a series
    #[arg(long, conflicts_with = "subsequence")]
    pub(crate) open_end: bool,
    /// Match the whole query with the best part of a series
    #[arg(long, conflicts_with_all = ["band", "itakura"])]
    pub(crate) subsequence: bool,
    /// What a missing cell is
    #[arg(long, value_name = "RULE", default_value = "skip")]
    pub(crate) holes: HolesArg,
    /// Compare with the query upside down as well, and print the nearer of the two
    #[arg(long)]
    pub(crate) either_sign: bool,
    /// Print only the K nearest, found without comparing all (0: all)
    #[arg(long, value_name = "K", default_value_t = 0)]
    pub(crate) top: usize,
    /// Leave out lag, lead, start and end: distances alone are about twice as fast
    #[arg(long)]
    pub(crate) no_lag: bool,
    /// Write the warping paths of the rows printed to this file (CSV)
    #[arg(long, value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
    /// Say which known fault the grid looks like: a folder with a folder a kind of fault
    #[arg(long, value_name = "DIR", conflicts_with_all = ["query", "matrix", "group", "top", "path"], help_heading = "The fault library")]
    pub(crate) library: Option<PathBuf>,
    /// The steady state the grid is measured by; without it the grid is in steady units already
    #[arg(long, value_name = "GRID", requires = "library", help_heading = "The fault library")]
    pub(crate) baseline: Option<PathBuf>,
    /// The service that was hit [default: the one that was gone or moved most, causes before symptoms]
    #[arg(long, value_name = "NAME", requires = "library", help_heading = "The fault library")]
    pub(crate) service: Option<String>,
    /// File the grid in the library as an example of this kind, instead
    #[arg(long, value_name = "KIND", requires = "library", help_heading = "The fault library")]
    pub(crate) add: Option<String>,
}

/// What a square table shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    /// The distance
    Distance,
    /// The distance for a point of the path
    Normalised,
    /// The lag of the row behind the column
    Lag,
}

/// The step patterns.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum StepArg {
    /// Every step weighs 1
    Symmetric1,
    /// A diagonal step weighs 2
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

/// The rules for holes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HolesArg {
    /// Not there: the path goes on at the next value
    Skip,
    /// There, and free to match
    Free,
    /// A 0, the mean of a z-normalised column
    Zero,
    /// An error
    Refuse,
}

const AFTER: &str = "\
The distance is that of dtaidistance and tslearn: the root of the least sum of squared differences along a
path. A band of r points keeps |i - j| <= r (dtaidistance's window is r + 1), 0 is the Euclidean distance, and
the longer of two unequal series is given the difference as well. normalised is the distance for a point of the
path: the root of sum / max(n, m), with symmetric2 of sum / (n + m).

lag is the median of (time in the metric - time in the query) along the path, in seconds: negative when the
metric moved before the query, and then lead is true. start and end are the first and last matched time.

A grid of windows (peaks --cut) is compared window by window; distance and normalised are then root mean
squares over the windows, and lag is the median of theirs.

The fault library is a folder with a folder a kind of fault, in it grids of known runs in units of their steady
state. A service whose columns are all holes while others are not was gone, and that is evidence too. It prints kind,distance,confidence,nearest,examples,service,note.

Examples:
  znorm --baseline steady.csv < overload.csv | dtw --query 'locust_response_time_ms{quantile=\"0.95\"}' --band 30s
  dtw --library faults --baseline steady.csv --add network-delay < overload.csv
  dtw --library faults --baseline steady.csv < overload.csv
";
