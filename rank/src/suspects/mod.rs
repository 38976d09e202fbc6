//! All metrics of a comparison together: whose each is, what of it counts, and in which order they stand.
//!
//! * [`metric`]: a metric with what was measured of it, and the places of all; [`entry`]: one among the others.
//! * [`presence`]: services that are gone, errors that were born.
//! * [`limits`], [`sizes`]: what a change is held to: a limit, the whole that it is a part of.
//! * [`suspicion`]: the verdict, and what the score needs to know; [`stores`]: who is called by those who wait.
//! * [`ranking`]: the order.

pub mod entry;
mod limits;
pub mod metric;
pub mod presence;
pub mod ranking;
mod sizes;
mod stores;
mod suspicion;
