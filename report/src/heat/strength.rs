//! How far a service was from its steady state, over time.

use std::fmt::Write;

use crate::Clock;
use crate::words::{breakable, escape};

/// A service over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strength {
    /// The service.
    pub service: String,
    /// The metrics that were looked at.
    pub detail: String,
    /// Equal stretches of each phase: how far the service was from its steady state, in steady spreads; not finite
    /// where nothing was recorded.
    pub sizes: Vec<Vec<f64>>,
}

/// From how many spreads on each level of colour begins.
const LEVELS: [f64; 6] = [3.0, 6.0, 12.0, 25.0, 50.0, 100.0];

/// The level of colour of a size: 0 (within three spreads) to 6 (100 and more).
pub fn level(size: f64) -> usize {
    LEVELS.iter().filter(|least| size.abs() >= **least).count()
}

/// One row per service, on the clock of the pictures, and what the colours mean.
pub(crate) fn strengths(all: &[Strength], clock: &Clock) -> String {
    let mut out = String::from(
        "<p class=\"note\">How far the farthest of its first three metrics is from its steady median, in steady deviations (each at least 5 % of the median): <span class=\"scale\">",
    );
    let names = ["under 3", "3", "6", "12", "25", "50", "100 and more"];
    for (level, name) in names.iter().enumerate() {
        let _ = write!(
            out,
            "<span><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect class=\"h{level}\" width=\"14\" \
             height=\"14\"/></svg> {name}</span> "
        );
    }
    out += "</span></p>\n";
    for strength in all {
        let worst = strength.sizes.last().map_or(0.0, |sizes| sizes.iter().copied().fold(0.0, f64::max));
        let label = escape(&format!(
            "{}: at most {} spreads from its steady state in the overload",
            strength.service,
            crate::words::number(worst, "")
        ));
        let _ = write!(
            out,
            "<figure class=\"panel heat\"><figcaption><b>{}</b><span>{}</span></figcaption>\n<div class=\"plot\"><svg \
             class=\"values\" height=\"24\" aria-hidden=\"true\"></svg><svg class=\"draw\" height=\"24\" role=\"img\" \
             aria-label=\"{label}\"><svg class=\"cells\" width=\"100%\" height=\"24\" viewBox=\"0 0 1000 10\" \
             preserveAspectRatio=\"none\">{}</svg></svg></div></figure>\n",
            escape(&strength.service),
            breakable(&strength.detail),
            cells(strength, clock)
        );
    }
    out
}

/// Neighbours of one level are one rectangle.
fn cells(strength: &Strength, clock: &Clock) -> String {
    let mut out = String::new();
    for (phase, sizes) in clock.phases.iter().zip(&strength.sizes) {
        let width = (phase.end - phase.start) / sizes.len().max(1) as f64;
        let class = |size: f64| if size.is_finite() { format!("h{}", level(size)) } else { "none".to_string() };
        let mut i = 0;
        while i < sizes.len() {
            let own = class(sizes[i]);
            let end = (i..sizes.len()).find(|j| class(sizes[*j]) != own).unwrap_or(sizes.len());
            let _ = write!(
                out,
                "<rect class=\"{own}\" x=\"{:.1}\" width=\"{:.1}\" height=\"10\"/>",
                1000.0 * (phase.start + i as f64 * width),
                1000.0 * (end - i) as f64 * width
            );
            i = end;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_double() {
        assert_eq!([0.0, 2.9, 3.0, -6.0, 24.0, 99.0, 1e9].map(level), [0, 0, 1, 2, 3, 5, 6]);
        assert_eq!(level(f64::NAN), 0);
    }

    #[test]
    fn neighbours_of_one_level_are_one_rectangle() {
        let clock = Clock::new(&[("a".into(), 0, 10)]);
        let strength = Strength { sizes: vec![vec![1.0, 2.0, f64::NAN, 200.0]], ..Strength::default() };
        let cells = cells(&strength, &clock);
        assert_eq!(cells.matches("<rect").count(), 3);
        assert!(cells.starts_with("<rect class=\"h0\" x=\"0.0\" width=\"500.0\""));
    }
}
