//! What makes a peak, and what is measured of it.

pub(crate) mod maxima;
pub(crate) mod prominence;
pub(crate) mod width;
