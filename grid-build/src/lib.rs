//! Build one even grid: one row per timestamp, one column per series.
//!
//! Series of any kind are read into a [`Store`] ([`read_series`], [`Store::add_grid`]), the load that
//! load generators wrote into a [`Load`]; [`assemble`] lays them on one lattice of times and returns a grid.

mod assemble;
mod columns;
mod counters;
mod foreign;
mod input;
mod lattice;
mod lines;
mod load;
mod notes;
mod series;
mod tables;

pub use assemble::{Built, Histograms, Options, assemble};
pub use columns::{Agg, Pivot, Shape, pivot, quantile, reduce, shape};
pub use counters::{Counters, Decision, Kind, Reason};
pub use input::Input;
pub use lattice::{Fill, Lattice, Wish, fill};
pub use lines::{read_samples, read_series};
pub use load::{History, Load, Log, Phase, Requests, Totals, read_history, read_phases, read_requests, read_totals};
pub use series::{Store, Tidied, fill_template, no_label, normalise_label, normalise_name, rename, tidy};
pub use tables::{Dialect, Long, is_plain, parse_zone, read_rows, read_table};
