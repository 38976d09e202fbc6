//! The series that were read: names, types, and samples with shared clocks.

mod labels;
mod metadata;
mod overlap;
mod ports;
mod repeats;
mod samples;
mod scrapes;
mod store;
mod target;

pub use labels::{fill_template, no_label, normalise_label, normalise_name, rename};
pub(crate) use metadata::Metadata;
pub(crate) use ports::without_port;
pub(crate) use repeats::{Repeats, leave_out_repeats};
pub use samples::{Tidied, tidy};
pub(crate) use samples::{give_back, room, scratch, settle};
#[cfg(test)]
pub(crate) use store::Run;
pub use store::Store;
pub(crate) use store::{Clock, Series};
pub(crate) use target::Target;
