//! Round moments on the axis.

use super::Phase;

/// Steps between ticks, in milliseconds.
const STEPS: [i64; 22] = [
    100,
    200,
    500,
    1000,
    2000,
    5000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    604_800_000,
];

/// At most about `count` round moments of a phase, in Unix milliseconds.
pub(crate) fn ticks(phase: &Phase, count: usize) -> Vec<i64> {
    let length = phase.to_ms - phase.from_ms;
    let rough = length / (count.max(1) as i64);
    let step = STEPS.into_iter().find(|step| *step >= rough).unwrap_or(rough.max(1));
    let first = phase.from_ms.div_euclid(step) * step;
    let inside = |tick: &i64| (phase.from_ms..=phase.to_ms).contains(tick);
    (0..=count as i64 + 2).map(|i| first + i * step).filter(inside).collect()
}

/// `17:24:05` in UTC, with milliseconds where there are any.
pub fn time_of_day(ms: i64) -> String {
    let of_day = ms.rem_euclid(86_400_000);
    let (seconds, rest) = (of_day / 1000, of_day % 1000);
    let rest = if rest == 0 { String::new() } else { format!(".{rest:03}") };
    format!("{:02}:{:02}:{:02}{rest}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_moments_inside() {
        let phase = Phase { from_ms: 1_000, to_ms: 61_000, ..Phase::default() };
        assert_eq!(ticks(&phase, 3), [30_000, 60_000]);
        assert_eq!(ticks(&phase, 4), [15_000, 30_000, 45_000, 60_000]);
        assert!(ticks(&Phase { from_ms: 5, to_ms: 5, ..Phase::default() }, 3).is_empty());
    }

    #[test]
    fn time_of_day_has_milliseconds_only_where_needed() {
        assert_eq!(time_of_day(1_795_368_228_000), "17:23:48");
        assert_eq!(time_of_day(-500), "23:59:59.500");
    }
}
