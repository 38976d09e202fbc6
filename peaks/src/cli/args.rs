//! The command line.

use clap::{Parser, ValueEnum};

use super::measure::{Cut, Extents, Points, Range, parse_cut, parse_extents, parse_points, parse_range};

/// Find the peaks of a grid's columns, or cut windows around them
///
/// Prints a table with a row for each peak: metric,time,index,height,prominence,width,left,right. The conditions are
/// those of scipy.signal.find_peaks, taken in the same order, with the same numbers. With --cut a grid of windows
/// around the peaks of one column is printed in place of the table.
#[derive(Parser)]
#[command(name = "peaks", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) input: grid::Input,

    /// The column to find peaks in: an exact name, or a selector that matches one
    #[arg(long, value_name = "COLUMN")]
    pub(crate) on: Option<String>,

    /// The height of the peak
    #[arg(long, value_name = "MIN[,MAX]", value_parser = parse_range, allow_hyphen_values = true)]
    pub(crate) height: Option<Range>,

    /// The drop to the next point on either side
    #[arg(long, value_name = "MIN[,MAX]", value_parser = parse_range, allow_hyphen_values = true)]
    pub(crate) threshold: Option<Range>,

    /// The least distance between peaks; of two nearer ones the higher stays, of equals the later
    #[arg(long, value_name = "SPAN", value_parser = parse_points)]
    pub(crate) distance: Option<Points>,

    /// How far the peak stands out of what surrounds it
    #[arg(long, value_name = "MIN[,MAX]", value_parser = parse_range, allow_hyphen_values = true)]
    pub(crate) prominence: Option<Range>,

    /// The width of the peak
    #[arg(long, value_name = "MIN[,MAX]", value_parser = parse_extents)]
    pub(crate) width: Option<Extents>,

    /// Look for the bases of a peak in this window around it [default: everywhere]
    #[arg(long, value_name = "SPAN", value_parser = parse_points)]
    pub(crate) wlen: Option<Points>,

    /// Measure the width this share of the prominence below the peak
    #[arg(long, value_name = "SHARE", default_value_t = 0.5, value_parser = parse_share)]
    pub(crate) rel_height: f64,

    /// How many points of equal value make up the top
    #[arg(long, value_name = "MIN[,MAX]", value_parser = parse_extents)]
    pub(crate) plateau_size: Option<Extents>,

    /// Find valleys: the lows between higher points
    #[arg(long)]
    pub(crate) valleys: bool,

    /// Z-normalise each window of a column first, by its own mean and population deviation: heights and
    /// prominences are in deviations, without printing and reading a grid in between
    #[arg(long)]
    pub(crate) znorm: bool,

    /// Take the moving average of N points (odd) first
    #[arg(long, value_name = "N", value_parser = parse_odd, default_value_t = 1, hide_default_value = true)]
    pub(crate) smooth: usize,

    /// How to treat missing cells
    #[arg(long, value_name = "RULE", value_enum, default_value_t = Missing::Bridge)]
    pub(crate) missing: Missing,

    /// The unit of width, left and right in the table
    #[arg(long, value_enum, default_value_t = Unit::Points, conflicts_with = "cut")]
    pub(crate) unit: Unit,

    /// Cut windows: BEFORE,AFTER the peak (60s,30s, or 60s for both), or `peak` from foot to foot
    ///
    /// They are written in the form that was read, unless --to says otherwise.
    #[arg(long, value_name = "WINDOW", value_parser = parse_cut, requires = "on")]
    pub(crate) cut: Option<Cut>,

    /// Resample each window to N points, from its first to its last
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..), requires = "cut")]
    pub(crate) length: Option<u32>,

    /// What becomes of windows that overlap
    #[arg(long, value_enum, default_value_t = Overlap::Merge, requires = "cut")]
    pub(crate) overlap: Overlap,

    /// What becomes of a window that the recording does not hold whole
    #[arg(long, value_enum, default_value_t = Edge::Pad, requires = "cut")]
    pub(crate) edge: Edge,

    /// What becomes of a grid in which nothing peaks
    #[arg(long, value_enum, default_value_t = NoPeak::Refuse, requires = "cut")]
    pub(crate) no_peak: NoPeak,

    #[command(flatten)]
    pub(crate) output: grid::TableOutput,
}

/// How missing cells are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Missing {
    /// A straight line between its neighbours; at the ends the nearest sample holds
    Bridge,
    /// An end: what is before it and after it are two series
    Split,
}

/// The unit of positions in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unit {
    /// Rows from the first, as scipy counts
    Points,
    /// Width in seconds, left and right as times
    Seconds,
}

/// What becomes of overlapping windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Overlap {
    /// The higher peak's window takes over the others'; from foot to foot they are joined
    Merge,
    /// Every peak has its window
    Keep,
}

/// What becomes of a window at the edge of the recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Edge {
    /// Missing cells fill what is beyond
    Pad,
    /// It is left out
    Drop,
}

/// What becomes of a grid in which nothing peaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum NoPeak {
    /// There is nothing to cut around: exit status 1
    Refuse,
    /// It is one window, so that a chain of filters goes on
    Whole,
}

const EXAMPLES: &str = "\
A SPAN is a number of points, or a time such as 5s or 1m30s, which is divided by the median step \
of the grid. An interval may lack either bound: `2`, `2,5`, `,5`. With --valleys the negated series is \
searched, but heights are the values of the grid, and so are the bounds of --height.

Rows are in the order of the columns, then of time. A grid of windows is searched window by \
window, and the table has a column `window` after `metric`. JSONL is searched 256 series at a \
time; CSV, and any grid with --on, is held in memory.

Examples:
  peaks --prominence 3 --distance 10s < z.csv
  znorm --baseline steady.csv < overload.csv |
    peaks --on 'delay{quantile=\"0.95\"}' --prominence 3 --cut 60s,30s > windows.csv
  peaks --on carts_cpu --prominence 3 --cut peak --length 100 < z.csv | dtw --query carts_cpu";

fn parse_share(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|v: &f64| v.is_finite() && *v >= 0.0);
    number.ok_or_else(|| "expected a number of 0 or more".to_owned())
}

fn parse_odd(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|v| v % 2 == 1);
    number.ok_or_else(|| "expected an odd number of points".to_owned())
}
