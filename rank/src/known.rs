//! Numbers that may not be known.

/// A number, or nothing where it cannot be computed; as large as a number alone, for there are many of them.
#[derive(Debug, Clone, Copy)]
pub struct Known(f64);

impl Known {
    /// Nothing.
    pub const NOTHING: Known = Known(f64::NAN);

    /// The number, if there is one.
    pub fn get(self) -> Option<f64> {
        (!self.0.is_nan()).then_some(self.0)
    }
}

impl Default for Known {
    fn default() -> Self {
        Known::NOTHING
    }
}

impl From<f64> for Known {
    fn from(number: f64) -> Self {
        Known(number)
    }
}

impl From<Option<f64>> for Known {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Known::NOTHING, Known)
    }
}

impl PartialEq for Known {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}
