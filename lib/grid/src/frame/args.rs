//! The options that all filters share.

use std::path::PathBuf;

use clap::Args;

use crate::forms::table::people;
use crate::{Error, Form, Io, Rows, Table, TableForm};

/// The main input of a filter, and which of its columns are used.
#[derive(Args, Clone, Debug, Default)]
pub struct Input {
    /// The input; standard input when it is absent or `-` (plain, gzip or zstd)
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Use only these columns: an exact name, or a selector such as '{job="carts"}' (repeatable)
    #[arg(long, value_name = "SELECTOR")]
    pub select: Vec<String>,
    /// Leave these columns out: an exact name, or a selector (repeatable)
    #[arg(long, value_name = "SELECTOR")]
    pub drop: Vec<String>,
    /// Print no notes on standard error
    #[arg(short, long)]
    pub quiet: bool,
}

/// The form of a grid that is written.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct GridOutput {
    /// The form to write [default: the form that was read]
    #[arg(long, value_name = "FORM")]
    pub to: Option<Form>,
}

impl GridOutput {
    /// The form asked for, or else the one that was read.
    pub fn form(&self, read: Form) -> Form {
        self.to.unwrap_or(read)
    }
}

/// The form of a table that is written, and which of its columns.
#[derive(Args, Clone, Debug, Default)]
pub struct TableOutput {
    /// The form to write [default: table on a terminal, else csv]
    #[arg(long, value_name = "FORM")]
    pub to: Option<TableForm>,
    /// Print only these columns, in this order (commas between)
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub columns: Vec<String>,
}

impl TableOutput {
    /// The form asked for, or else what suits the reader: a person or a program.
    pub fn form(&self, io: &Io) -> TableForm {
        match self.to {
            Some(form) => form,
            None if io.is_terminal() => TableForm::Table,
            None => TableForm::Csv,
        }
    }

    /// Writes a table in that form, with those columns.
    pub fn write(&self, table: &Table, io: &mut Io) -> Result<(), Error> {
        self.write_brief(table.into(), &[], io)
    }

    /// The same; but where the form is for people and no columns were asked for, only those of
    /// `brief` that are there (all when it is empty), so that a row fits a screen.
    pub fn write_brief(&self, rows: Rows, brief: &[&str], io: &mut Io) -> Result<(), Error> {
        let form = self.form(io);
        let mut columns = self.columns.clone();
        if columns.is_empty() && form == TableForm::Table {
            columns = brief.iter().filter(|name| rows.column(name).is_some()).map(ToString::to_string).collect();
        }
        let chosen = if columns.is_empty() { rows } else { rows.choose(&columns)? }.first(io.top());
        match form {
            TableForm::Table => people::write(&chosen.collect(), io.look(), io),
            other => chosen.write(other, io),
        }
    }
}
