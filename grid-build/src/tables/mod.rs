//! CSV files by the names of their columns.

mod sheet;

pub(crate) use sheet::Sheet;
