//! The arguments of faults.

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Name the known fault this run resembles.
///
/// The grid is the overload or the fault; --baseline is the steady state before it. Prints a table, the most alike
/// first: kind,distance,p,confidence,nearest,examples,service,first_kind,note.
#[derive(Parser, Debug)]
#[command(name = "faults", version, disable_help_subcommand = true, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) act: Option<Act>,
    #[command(flatten)]
    pub(crate) input: grid::Input,
    #[command(flatten)]
    pub(crate) output: grid::TableOutput,
    /// The library: DIR has one subfolder per kind of fault, with one grid per known run
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) library: Option<PathBuf>,
    /// Baseline grid; omit if the input is already normalised to it
    #[arg(long, value_name = "GRID", global = true)]
    pub(crate) baseline: Option<PathBuf>,
    /// What `rank` printed for this run: which service was hit, and which kind of metric changed most
    #[arg(long = "with", value_name = "TABLE", global = true)]
    pub(crate) rank: Option<PathBuf>,
    /// The service that was hit [default: the first of --with, else the one with the strongest cause]
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) service: Option<String>,
    /// A table selector,service that says whose series are, asked before the built-in rules
    #[arg(long, value_name = "TABLE", global = true)]
    pub(crate) services: Option<PathBuf>,
}

/// What else can be done.
#[derive(Subcommand, Debug)]
pub(crate) enum Act {
    /// File the grid in the library as an example of this kind
    Add {
        /// The kind of fault, which is the name of a folder
        kind: String,
        #[command(flatten)]
        input: grid::Input,
    },
}

const EXAMPLES: &str = "\
Examples:
  rank --baseline steady.csv overload.csv > rank.csv
  faults --library faults add network-delay --with rank.csv \\
      --baseline steady.csv overload.csv
  faults --library faults --with rank.csv --baseline steady.csv overload.csv
";
