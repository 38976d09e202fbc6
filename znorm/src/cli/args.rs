//! The command line.

use std::path::PathBuf;

use clap::Parser;
use znorm::Method;

/// Z-normalise every column of a grid: z = (x - mean) / deviation
///
/// Makes columns of different units comparable. Each column is measured by its own mean and deviation or, with
/// --baseline, by those of the same column in another grid, so that the result says how far the system left its
/// steady state.
#[derive(Parser)]
#[command(name = "znorm", version, after_help = EXAMPLES, max_term_width = 100)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) input: grid::Input,

    /// Measure by the columns of this grid, matched by name
    ///
    /// A column that is absent there, or has no sample there, is measured by itself, and that is said.
    #[arg(short, long, value_name = "GRID")]
    pub(crate) baseline: Option<PathBuf>,

    /// Median, and the largest of the deviation, 1.4826*MAD and IQR/1.349
    #[arg(long, conflicts_with = "min_max")]
    robust: bool,

    /// Minimum and range: a column measured by itself comes to lie between 0 and 1
    #[arg(long)]
    min_max: bool,

    /// Divide the sum of squares by n - N: 0 for the population's deviation, 1 for a sample's
    #[arg(long, value_name = "N", default_value_t = 0, conflicts_with_all = ["robust", "min_max"])]
    ddof: u32,

    /// The least spread, as a share of |centre| [default: 0, with --baseline 0.001]
    ///
    /// A steady column that hardly moves would turn every later ripple into thousands, and one that never moved could
    /// not be measured by at all: a thousandth prevents both. A hundredth already hides a slow memory leak. A column
    /// measured by itself needs no floor.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    floor: Option<f64>,

    /// Normalise the first differences, x[i] - x[i-1], in place of the values
    #[arg(long)]
    pub(crate) diff: bool,

    #[command(flatten)]
    pub(crate) output: grid::GridOutput,
}

const EXAMPLES: &str = "\
A constant column becomes 0 and is named on standard error. A missing cell stays missing and counts \
for nothing. Windows are treated each on its own, save that a baseline is one for all of them. CSV \
is held in memory; JSONL is read and written 256 series at a time.

Examples:
  znorm --baseline steady.csv < overload.csv > z.csv
  grid-build < series.jsonl | znorm --robust | peaks --prominence 2";

impl Args {
    pub(crate) fn method(&self) -> Method {
        match (self.robust, self.min_max) {
            (true, _) => Method::Robust,
            (_, true) => Method::MinMax,
            _ => Method::Deviation { ddof: self.ddof as usize },
        }
    }

    pub(crate) fn floor(&self) -> f64 {
        self.floor.unwrap_or(if self.baseline.is_some() { stats::FLOOR } else { 0.0 })
    }
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|v| (0.0..=1.0).contains(v));
    number.ok_or_else(|| "expected a number from 0 to 1".to_owned())
}
