//! The command line of `rank`: what is asked, what is read, what is printed.

pub(crate) mod args;
mod calls;
mod compare;
mod evidence;
mod explain;
mod gather;
mod groups;
mod levels;
mod measures;
pub(crate) mod run;
mod settings;
mod sweep;
mod table;
mod tables;
