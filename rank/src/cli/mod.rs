//! The command line of `rank`: what is asked, what is read, what is printed.

pub(crate) mod args;
mod calls;
mod evidence;
mod explain;
mod gather;
mod groups;
mod rows;
pub(crate) mod run;
mod sweep;
mod table;
mod tables;
