//! The options of pca.

use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};
use grid::{Input, TableOutput};
use pca::Components;

/// Principal components of a grid: the few directions that carry the change
#[derive(Parser, Debug)]
#[command(name = "pca", version, after_help = AFTER, max_term_width = 100)]
pub(crate) struct Args {
    /// Components to keep: a number such as 10, or a share of the variance such as 0.95
    #[arg(short = 'k', long, value_name = "N|SHARE", value_parser = components)]
    pub(crate) components: Option<Components>,
    /// What to write [default: contributions; scores with --gram]
    #[arg(short, long, value_name = "WHAT", value_enum)]
    pub(crate) emit: Option<Emit>,
    /// Bring every column to unit variance first (population deviation), as znorm would
    #[arg(long)]
    pub(crate) scale: bool,
    /// Missing values: the column's mean, estimated with the components (em), or an error [default: mean]
    #[arg(long = "missing", alias = "holes", value_name = "RULE", value_enum)]
    pub(crate) missing: Option<MissingArg>,
    /// How components are found; auto takes the cheapest for the shape [default: auto]
    #[arg(long, value_name = "SOLVER", value_enum)]
    pub(crate) solver: Option<SolverArg>,
    /// Fit on this grid, and say what of the input lies outside its components
    #[arg(long, value_name = "GRID")]
    pub(crate) baseline: Option<PathBuf>,
    /// reduced: correlation from which columns are one group [default: 0.9]
    #[arg(long, value_name = "R", value_parser = share)]
    pub(crate) similar: Option<f64>,
    /// reduced: share of what the components explain that the groups have to carry [default: 0.95]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(crate) carry: Option<f64>,
    /// reduced: write the groups to this file, a table, instead of naming them on standard error
    #[arg(long, value_name = "FILE")]
    pub(crate) groups: Option<PathBuf>,
    /// Parts: add these, each what --emit gram wrote of some of the columns (`-` is standard input)
    #[arg(long, value_name = "GRAM", num_args = 1.., conflicts_with_all = ["file", "baseline", "scores"])]
    pub(crate) gram: Vec<PathBuf>,
    /// Parts: take these scores, which --gram wrote, for those of the components
    #[arg(long, value_name = "GRID", conflicts_with_all = ["baseline", "components"])]
    pub(crate) scores: Option<PathBuf>,
    /// Parts: put these tables, which --scores wrote, into one
    #[arg(long, value_name = "TABLE", num_args = 1.., conflicts_with_all = ["file", "baseline", "scores", "gram", "emit"])]
    pub(crate) contributions: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: TableOutput,
    #[command(flatten)]
    pub(crate) input: Input,
}

const AFTER: &str = "\
Tables (best first; one row per metric):
  contributions  metric,contribution,pc1,…,pcK,filled,note
                 contribution = Σₖ λₖ·loading² / Σₖ λₖ, which add up to 1; filled = missing values
                 with --baseline: metric,contribution,q,t2,q_baseline,filled,note
                 q, t2 = the metric's mean share of Q and T²; contribution = its share of Q
  loadings       metric,pc1,…,pcK
  variance       component,explained_variance,ratio,cumulative,singular_value
Grids:
  scores         time,pc1,…,pcK; with --baseline also q,t2
  reduced        the input with one column for each group of columns that move together
  gram           time,r1,…,rN: products of the centred rows, lower triangle; those of parts add up;
                 as JSONL a line for each row: timestamp, products (doubles in base64)

Columns are centred, variances divided by n - 1; the loading largest in size is positive. A grid of
windows is centred window by window and the rows are taken together (n - windows); with --baseline
windows are rows like any other. 10 components are kept unless --components says otherwise.
The whole grid is held in memory: 8 bytes per cell, twice that for reduced.

Example:
  znorm --baseline steady.csv < overload.csv | pca -k 0.95 > pca.csv
  rank --baseline steady.csv --with pca.csv < overload.csv
Columns in parts:
  for part in a b; do pca --emit gram < $part.csv > $part.gram; done
  pca --gram a.gram b.gram -k 10 > scores.csv
  for part in a b; do pca --scores scores.csv < $part.csv > $part.pca; done
  pca --contributions a.pca b.pca > pca.csv";

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Emit {
    /// How much each metric carries
    Contributions,
    /// The loadings alone
    Loadings,
    /// How much each component explains
    Variance,
    /// The rows along the components
    Scores,
    /// The grid without the metrics that others stand for
    Reduced,
    /// The products of the rows, which add up over parts of the columns
    Gram,
}

/// What is done about missing values.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum MissingArg {
    /// The mean of the column (in its window)
    Mean,
    /// Estimated with the components, by repetition
    Em,
    /// An error
    Refuse,
}

/// How the components are found.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SolverArg {
    /// The cheapest for the shape
    Auto,
    /// Rotations of the grid: exact for small components too, slow for many columns
    Svd,
    /// The smaller Gram matrix
    Gram,
    /// Randomised block Krylov iteration
    #[value(alias = "randomized")]
    Randomised,
}

impl Args {
    /// The inputs that are options.
    pub(crate) fn references(&self) -> impl Iterator<Item = &Path> {
        let one = self.baseline.iter().chain(&self.scores);
        one.chain(&self.gram).chain(&self.contributions).map(PathBuf::as_path)
    }
}

/// A whole number is a count; with a point it is a share of the variance.
fn components(text: &str) -> Result<Components, String> {
    let expected = "a number from 1, or a share above 0 and up to 1.0 written with a point";
    if let Ok(count) = text.parse::<usize>() {
        return if count > 0 { Ok(Components::Count(count)) } else { Err(format!("expected {expected}")) };
    }
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(Components::Share(share)),
        _ => Err(format!("expected {expected}")),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err("expected a number above 0 and up to 1".to_string()),
    }
}
