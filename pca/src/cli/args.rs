//! The options of pca.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use grid::{Form, Input, TableForm, TableOutput};
use pca::{Components, Holes, Options, Solver};

/// Principal components of a grid: which few directions, and which metrics, carry what happens.
#[derive(Parser, Debug)]
#[command(name = "pca", version, after_help = AFTER, max_term_width = 100)]
pub(crate) struct Args {
    /// Components to keep: a number such as 10, or a share of the variance such as 0.95
    #[arg(short = 'k', long, value_name = "N|SHARE", value_parser = components)]
    pub(crate) components: Option<Components>,
    /// What to write
    #[arg(short, long, value_name = "WHAT", value_enum, default_value = "contributions")]
    pub(crate) emit: Emit,
    /// Bring every column to unit variance first (population deviation), as znorm would
    #[arg(long)]
    pub(crate) scale: bool,
    /// Missing values: the column's mean, estimated with the components (em), or an error
    #[arg(long = "missing", alias = "holes", value_name = "RULE", value_enum, default_value = "mean")]
    pub(crate) holes: HolesArg,
    /// How components are found; auto takes the cheapest for the shape
    #[arg(long, value_name = "SOLVER", value_enum, default_value = "auto")]
    pub(crate) solver: SolverArg,
    /// Fit on this grid, and say what of the input lies outside its components
    #[arg(long, value_name = "GRID")]
    pub(crate) baseline: Option<PathBuf>,
    /// reduced: correlation from which columns are one group
    #[arg(long, value_name = "R", default_value = "0.9", value_parser = share)]
    pub(crate) similar: f64,
    /// reduced: share of what the components explain that the groups have to carry
    #[arg(long, value_name = "SHARE", default_value = "0.95", value_parser = share)]
    pub(crate) carry: f64,
    /// reduced: write the groups to this file, a table, instead of naming them on standard error
    #[arg(long, value_name = "FILE")]
    pub(crate) groups: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: TableOutput,
    #[command(flatten)]
    pub(crate) input: Input,
}

const AFTER: &str = "\
Tables (best first; one row per metric):
  contributions  metric,contribution,pc1,…,pcK,filled,note
                 contribution = Σₖ λₖ·loading² / Σₖ λₖ, all together 1; filled = missing values
                 with --baseline: metric,contribution,q,t2,q_baseline,filled,note
                 q, t2 = the metric's mean part of Q and T²; contribution = its share of Q
  loadings       metric,pc1,…,pcK
  variance       component,explained_variance,ratio,cumulative,singular_value
Grids:
  scores         time,pc1,…,pcK; with --baseline also q,t2
  reduced        the input with one column for each group of columns that move together

Columns are centred, variances divided by n - 1; the loading largest in size is positive. A grid of
windows is centred window by window and the rows are taken together (n - windows); with --baseline
windows are rows like any other. 10 components are kept unless --components says otherwise.
The whole grid is held in memory: 8 bytes a cell, twice that for reduced.

Example:
  znorm --baseline steady.csv < overload.csv | pca -k 0.95 > pca.csv
  rank --baseline steady.csv --with pca.csv < overload.csv";

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
}

/// What is done about missing values.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum HolesArg {
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
    /// What the library is asked for.
    pub(crate) fn options(&self) -> Options {
        Options {
            components: self.components.unwrap_or(Components::Count(10)),
            scale: self.scale,
            holes: match self.holes {
                HolesArg::Mean => Holes::Mean,
                HolesArg::Em => Holes::Em,
                HolesArg::Refuse => Holes::Refuse,
            },
            solver: match self.solver {
                SolverArg::Auto => Solver::Auto,
                SolverArg::Svd => Solver::Svd,
                SolverArg::Gram => Solver::Gram,
                SolverArg::Randomised => Solver::Randomised,
            },
        }
    }

    /// The form of a grid that is written, when the input had the form `read`.
    pub(crate) fn grid_form(&self, read: Form) -> Result<Form, grid::Error> {
        match self.output.to {
            None => Ok(read),
            Some(TableForm::Csv) => Ok(Form::Csv),
            Some(TableForm::Jsonl) => Ok(Form::Jsonl),
            Some(TableForm::Table) => {
                let what = "--to: scores and reduced are grids, csv or jsonl";
                Err(grid::Error::usage(format!("{what}: \"table\"")))
            }
        }
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
