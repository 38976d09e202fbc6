//! The command line: arguments, inputs, and what is written.

mod args;
mod inputs;
mod load;
mod request;
mod run;

pub(crate) use args::Args;
pub(crate) use run::run;
