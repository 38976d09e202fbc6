//! Names the known fault that a run resembles.
//!
//! * [`in_steady_units`] makes the series of a run comparable, [`absences`] adds what missing values say.
//! * [`observe`] finds the service that was hit and reduces it to a [`signature`].
//! * [`classify`] orders the kinds of fault by their nearest known run.

mod distances;
mod evidence;
mod likeness;
mod signature;
mod steady;

pub use evidence::{Known, Observed, Role, absences, observe, of_service, services_of};
pub use likeness::{Example, Likeness, classify, movement};
pub use signature::{POINTS, signature};
pub use steady::{ABSENT, in_steady_units, level};

/// One series of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// The text of its header.
    pub name: String,
    /// Its values, NaN where one is missing.
    pub values: Vec<f64>,
}
