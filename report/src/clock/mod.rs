//! One clock for all pictures over time: the phases of a test beside each other, from 0 (left) to 1 (right).

mod ticks;

pub(crate) use ticks::ticks;
pub use ticks::time_of_day;

use crate::words::number;

/// A stretch of time that was recorded without a break.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phase {
    /// Its name, such as "steady state".
    pub name: String,
    /// Its first and last moment, in Unix milliseconds.
    pub from_ms: i64,
    /// Its last moment.
    pub to_ms: i64,
    /// Where it lies on the axis: 0 is the left edge, 1 the right one.
    pub start: f64,
    /// Its right edge.
    pub end: f64,
}

/// The time axis of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clock {
    /// The phases from left to right.
    pub phases: Vec<Phase>,
}

/// The width of a gap that is not drawn to scale, as a share of the axis.
const GAP: f64 = 0.025;
/// A gap of at most this share of what was recorded is drawn to scale.
const TO_SCALE: f64 = 0.1;
/// Each phase is at least this share of all of them.
const LEAST: f64 = 0.2;

impl Clock {
    /// Lays out phases `(name, first, last)` in Unix milliseconds, in the order given. All have one scale, but none gets
    /// less than a fifth. A short gap between two is drawn to scale; a long one, or one backwards, has a fixed width.
    pub fn new(phases: &[(String, i64, i64)]) -> Self {
        let length = |phase: &(String, i64, i64)| (phase.2 - phase.1).max(1) as f64;
        let whole: f64 = phases.iter().map(length).sum();
        let sizes: Vec<f64> = phases.iter().map(|phase| length(phase).max(LEAST * whole)).collect();
        let gaps: Vec<f64> = phases
            .windows(2)
            .map(|pair| match (pair[1].1 - pair[0].2) as f64 {
                gap if (0.0..=TO_SCALE * whole).contains(&gap) => gap,
                _ => GAP * whole,
            })
            .collect();
        let total = sizes.iter().sum::<f64>() + gaps.iter().sum::<f64>();
        let mut at = 0.0;
        let mut out = Vec::with_capacity(phases.len());
        for (i, (name, from_ms, to_ms)) in phases.iter().enumerate() {
            let (start, end) = (at / total, (at + sizes[i]) / total);
            out.push(Phase { name: name.clone(), from_ms: *from_ms, to_ms: *to_ms, start, end });
            at += sizes[i] + gaps.get(i).copied().unwrap_or(0.0);
        }
        Clock { phases: out }
    }

    /// Where a moment of a phase lies.
    pub(crate) fn at(&self, phase: usize, ms: f64) -> f64 {
        let Some(phase) = self.phases.get(phase) else { return f64::NAN };
        let length = (phase.to_ms - phase.from_ms).max(1) as f64;
        phase.start + (ms - phase.from_ms as f64) / length * (phase.end - phase.start)
    }

    /// The gaps between phases: from, to, and words for its length when it is not drawn to scale.
    pub(crate) fn gaps(&self) -> Vec<(f64, f64, String)> {
        let whole: f64 = self.phases.iter().map(|phase| (phase.to_ms - phase.from_ms).max(1) as f64).sum();
        let gap = |pair: &[Phase]| {
            let ms = (pair[1].from_ms - pair[0].to_ms) as f64;
            let words = match ms {
                ms if ms < 0.0 => "later run".to_string(),
                ms if ms <= TO_SCALE * whole => String::new(),
                ms => format!("gap of {}", duration(ms / 1000.0)),
            };
            (pair[0].end, pair[1].start, words)
        };
        self.phases.windows(2).map(gap).collect()
    }
}

/// `90` → `90 s`, `5400` → `90 min`, `200000` → `55.6 h`.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => number(s, "s"),
        s if s < 7200.0 => number(s / 60.0, "min"),
        s if s < 172_800.0 => number(s / 3600.0, "h"),
        s => number(s / 86_400.0, "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(parts: &[(i64, i64)]) -> Clock {
        let parts: Vec<(String, i64, i64)> = parts.iter().map(|(from, to)| (String::new(), *from, *to)).collect();
        Clock::new(&parts)
    }

    #[test]
    fn short_gap_is_drawn_to_scale() {
        let clock = clock(&[(0, 4500), (5000, 10_000)]);
        assert_eq!((clock.phases[0].end, clock.phases[1].start, clock.phases[1].end), (0.45, 0.5, 1.0));
        assert_eq!(clock.at(1, 7500.0), 0.75);
        assert_eq!(clock.gaps(), [(0.45, 0.5, String::new())]);
    }

    #[test]
    fn long_gap_and_one_backwards_have_a_fixed_width() {
        let long = clock(&[(0, 1000), (3_601_000, 3_602_000)]);
        assert!((long.phases[1].start - long.phases[0].end - 0.05 / 2.05).abs() < 1e-12);
        assert_eq!(long.gaps()[0].2, "gap of 60\u{a0}min");
        assert_eq!(clock(&[(5000, 6000), (0, 1000)]).gaps()[0].2, "later run");
    }

    #[test]
    fn short_phase_gets_a_fifth() {
        let clock = clock(&[(0, 1000), (1000, 100_000)]);
        assert!((clock.phases[0].end - 20_000.0 / 119_000.0).abs() < 1e-12);
    }

    #[test]
    fn single_moment_has_a_place() {
        assert!(clock(&[(5, 5)]).at(0, 5.0).is_finite());
        assert!(Clock::new(&[]).at(0, 1.0).is_nan());
    }
}
