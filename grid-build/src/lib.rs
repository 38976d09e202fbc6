//! Build one even grid, a row a time and a column a series.
//!
//! Series of any kind are read into a [`Store`] ([`read_series`], [`Store::add_grid`]), the load that
//! Locust wrote into a [`Locust`]; [`assemble`] lays them on one lattice of times and returns a grid.

mod aggregate;
mod assemble;
mod columns;
mod fill;
mod histogram;
mod kind;
mod labels;
mod lattice;
mod lay;
mod lines;
mod locust;
mod pivot;
mod samples;
mod store;

pub use aggregate::Agg;
pub use assemble::{Built, Histograms, Options, assemble};
pub use columns::{Shape, shape};
pub use fill::{Fill, fill};
pub use histogram::quantile;
pub use kind::{Counters, Decision, Kind, Reason};
pub use labels::{fill_template, normalise_label, normalise_name, rename};
pub use lattice::{Lattice, Wish};
pub use lines::read_series;
pub use locust::{
    History, Locust, Phase, Requests, parse_offset, read_history, read_phases, read_requests, read_totals,
};
pub use pivot::{Pivot, pivot, reduce};
pub use samples::{Tidied, tidy};
pub use store::Store;
