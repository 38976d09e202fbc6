//! The command line: arguments, inputs, and what is written.

mod args;
mod documents;
mod frames;
mod inputs;
mod run;
mod series;
mod table;

pub(crate) use args::Args;
pub(crate) use run::run;
