//! The command line of `rank`: what is asked, what is read, what is printed.

pub(crate) mod args;
mod calls;
mod compare;
mod entry;
mod evidence;
mod explain;
mod gather;
mod groups;
mod levels;
mod limits;
mod measures;
mod metric;
mod ranking;
pub(crate) mod run;
mod settings;
mod sizes;
mod stores;
mod suspicion;
mod sweep;
mod table;
mod tables;
