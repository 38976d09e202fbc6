//! The forms a grid and a table are written in.

use clap::ValueEnum;

/// How a grid is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// A row a time, a column a series.
    Csv,
    /// A line a series.
    Jsonl,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableForm {
    /// Comma-separated, a header first.
    Csv,
    /// An object a row.
    Jsonl,
    /// Aligned columns, for people.
    Table,
}
