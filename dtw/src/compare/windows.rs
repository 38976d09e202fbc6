//! Several windows of one grid, each compared on its own, made one.

use crate::{Outcome, Settings, median};

/// The outcome over some windows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Combined {
    /// The distance of the mean path sum: for squared costs the root mean square of the distances.
    pub distance: f64,
    /// The same of the normalised distances.
    pub normalised: f64,
    /// The median of the windows' lags.
    pub lag_ms: Option<f64>,
    /// How many windows it is made of.
    pub windows: usize,
}

/// Makes one outcome of the windows in which there was one; nothing when there was none.
pub fn combine(windows: &[&Outcome], settings: &Settings) -> Option<Combined> {
    if windows.is_empty() {
        return None;
    }
    let mean = |of: &dyn Fn(&Outcome) -> f64| windows.iter().map(|o| of(o)).sum::<f64>() / windows.len() as f64;
    let mut lags: Vec<f64> = windows.iter().filter_map(|o| o.lag_ms).collect();
    Some(Combined {
        distance: settings.distance(mean(&|o| o.sum)),
        normalised: settings.distance(mean(&|o| settings.sum(o.normalised))),
        lag_ms: median(&mut lags),
        windows: windows.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_over_windows_is_the_root_mean_square() {
        let outcome = |sum: f64, lag| Outcome {
            sum,
            distance: sum.sqrt(),
            normalised: sum.sqrt(),
            lag_ms: lag,
            ..Outcome::default()
        };
        let (a, b) = (outcome(4.0, Some(-1000.0)), outcome(12.0, None));
        let both = combine(&[&a, &b], &Settings::default()).unwrap();
        assert_eq!((both.distance, both.lag_ms, both.windows), (8f64.sqrt(), Some(-1000.0), 2));
        assert_eq!(combine(&[], &Settings::default()), None);
    }
}
