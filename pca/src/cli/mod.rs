//! The command line: arguments, the work on a grid, what is printed and said.

mod args;
mod packed;
mod parts;
mod remarks;
mod request;
mod run;
mod shared;
mod table;

pub(crate) use args::Args;
pub(crate) use run::run;
