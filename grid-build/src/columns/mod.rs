//! Columns brought together and into their final shape.

mod aggregate;
mod histogram;
mod pivot;
mod shape;

pub use aggregate::Agg;
pub(crate) use aggregate::aggregate;
pub use histogram::quantile;
pub(crate) use histogram::{drop_buckets, to_quantiles};
pub use pivot::{Pivot, pivot, reduce};
pub use shape::{Shape, shape};
