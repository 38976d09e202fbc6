//! The forms a grid and a table are written in.

use clap::ValueEnum;

/// How a grid is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// One row per time, one column per series.
    Csv,
    /// One line per series.
    Jsonl,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableForm {
    /// Comma-separated, a header first.
    Csv,
    /// One object per row.
    Jsonl,
    /// Aligned columns, for people.
    Table,
}
