//! When a target was scraped, by the samples at which its series change.

/// Even scrapes, of which each was seen by the first sample at or after it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scrapes {
    /// The time of one of them, in milliseconds since 1970.
    at_ms: f64,
    /// The time between them, in milliseconds.
    pub(super) every_ms: f64,
}

/// A change: the scrape that brought it was after the sample before and not after its own, and is the `number`th.
#[derive(Clone, Copy, Debug)]
struct Change {
    after_ms: f64,
    until_ms: f64,
    number: f64,
}

/// Changes that even scrapes would make by chance, at most so often, are taken for those of scrapes.
const CHANCE: f64 = 0.1;

/// Where scrapes may bring no change, so many changes at least say how often there were some.
const CHANGES: usize = 5;

impl Scrapes {
    /// The scrapes that made changes at these samples, if even ones did. First each scrape is taken to have made a change; if
    /// they do not fit, then the most of them, the others being whole intervals apart.
    ///
    /// Scrapes at `t + k S` fit where each is within its change's bounds, `after < t + k S <= until`: some S is between all
    /// `(after_j - until_i) / (j - i)` and `(until_j - after_i) / (j - i)`, as for the points of a digital line (Reveilles,
    /// 1991). Quadratic in the changes; one change or none fits nothing.
    pub(super) fn of(places: &[usize], times_ms: &[i64]) -> Option<Scrapes> {
        let (first, last) = (*places.first()?, *places.last()?);
        let gaps: Vec<usize> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let spacing_ms = (times_ms[last] - times_ms[first]) as f64 / (last - first) as f64;
        let every = || {
            let scrapes = Scrapes::fit(&changes(places, times_ms, |_| 1))?;
            let is_even = gaps.windows(2).all(|pair| pair[0] == pair[1]);
            let length = scrapes.every_ms / spacing_ms;
            // The first gap may be any; a further one is the same by chance once in so many, or next to it.
            let chance = if is_even { 1.0 } else { 3.0 } / length.powi(gaps.len() as i32 - 1);
            (length > 1.0 && gaps.len() > 1 && chance <= CHANCE).then_some(scrapes)
        };
        let most = || {
            let mut sorted = gaps.clone();
            sorted.sort_unstable();
            let usual = *sorted.get(gaps.len() / 2)?;
            let intervals = |gap: usize| ((gap + usual / 2) / usual).max(1);
            let single = gaps.iter().filter(|gap| intervals(**gap) == 1).count();
            let sure = usual > 1 && places.len() >= CHANGES && 2 * single > gaps.len();
            sure.then(|| Scrapes::fit(&changes(places, times_ms, intervals))).flatten()
        };
        every().or_else(most)
    }

    /// Scrapes within the bounds of all changes.
    fn fit(changes: &[Change]) -> Option<Scrapes> {
        let (mut low, mut high) = (0.0_f64, f64::INFINITY);
        for (at, a) in changes.iter().enumerate() {
            for b in &changes[at + 1..] {
                let numbers = b.number - a.number;
                low = low.max((b.after_ms - a.until_ms) / numbers);
                high = high.min((b.until_ms - a.after_ms) / numbers);
            }
            if low >= high {
                return None;
            }
        }
        let every_ms = Some(roundest(low, high)).filter(|every| every.is_finite())?;
        let at_ms = changes.iter().map(|change| change.until_ms - change.number * every_ms).reduce(f64::min)?;
        Some(Scrapes { at_ms, every_ms })
    }

    /// The same scrapes, at a time within the bounds of all these changes; none where a change is off them. Linear.
    pub(super) fn through(self, places: &[usize], times_ms: &[i64]) -> Option<Scrapes> {
        let (mut after_ms, mut until_ms) = (f64::NEG_INFINITY, f64::INFINITY);
        for &place in places {
            let [after, until] = [times_ms[place - 1], times_ms[place]].map(|time| time as f64 - self.at_ms);
            let passed_ms = ((after + until) / 2.0 / self.every_ms).round() * self.every_ms;
            (after_ms, until_ms) = (after_ms.max(after - passed_ms), until_ms.min(until - passed_ms));
        }
        (after_ms < until_ms && until_ms.is_finite()).then_some(Scrapes { at_ms: self.at_ms + until_ms, ..self })
    }

    /// Which samples see a scrape first, and when that was.
    pub(super) fn seen(&self, times_ms: &[i64]) -> (Vec<usize>, Vec<i64>) {
        let number = |time_ms: i64| ((time_ms as f64 - self.at_ms) / self.every_ms + 1e-9).floor();
        let (mut kept, mut scraped_ms) = (Vec::new(), Vec::new());
        // A first sample that sees the scrape of its own time sees a new one; any other may only repeat.
        let mut last = times_ms.first().map_or(0.0, |first| number(first - 1));
        for (at, time_ms) in times_ms.iter().enumerate() {
            let now = number(*time_ms);
            if now > last {
                kept.push(at);
                scraped_ms.push((self.at_ms + now * self.every_ms).round() as i64);
                last = now;
            }
        }
        (kept, scraped_ms)
    }

    /// What tells it from others.
    pub(super) fn bits(&self) -> [u64; 2] {
        [self.at_ms.to_bits(), self.every_ms.to_bits()]
    }
}

/// The changes with the numbers of their scrapes; so many intervals are in a gap.
fn changes(places: &[usize], times_ms: &[i64], intervals: impl Fn(usize) -> usize) -> Vec<Change> {
    let (mut number, mut before) = (0, places[0]);
    let change = |&place: &usize| {
        number += if place > before { intervals(place - before) } else { 0 };
        before = place;
        let [after_ms, until_ms] = [times_ms[place - 1], times_ms[place]].map(|time| time as f64);
        Change { after_ms, until_ms, number: number as f64 }
    };
    places.iter().map(change).collect()
}

/// The time between two bounds that a configuration most likely has: a part of a minute or a multiple of one, else the roundest in
/// seconds; of equals the nearest to the middle, which it is where all are less round.
fn roundest(low: f64, high: f64) -> f64 {
    let middle = (low + high) / 2.0;
    let nearest = |a: &f64, b: &f64| (a - middle).abs().total_cmp(&(b - middle).abs());
    // A day has enough of them for any interval.
    let inside = |unit: f64| {
        let (first, last) = ((low / unit).floor().max(0.0) as i64, (high / unit).ceil().min(86_400.0) as i64);
        (first..=last).map(move |count| count as f64 * unit).filter(move |ms| *ms > low && *ms < high)
    };
    let is_of_a_minute = |ms: &f64| 60_000.0 % ms == 0.0 || ms % 60_000.0 == 0.0;
    let of_a_minute = inside(1e3).filter(is_of_a_minute).min_by(nearest);
    let round = || [1e3, 500.0, 100.0, 10.0].into_iter().find_map(|unit| inside(unit).min_by(nearest));
    of_a_minute.or_else(round).unwrap_or(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The changes of samples every `step` seconds of scrapes every `interval`, seen from `phase` on.
    fn changes_of(step: i64, interval: i64, phase: i64, samples: i64) -> (Vec<usize>, Vec<i64>) {
        let times: Vec<i64> = (0..samples).map(|at| at * step).collect();
        let count = |time: &i64| (time - phase).div_euclid(interval);
        let places = (1..times.len()).filter(|&at| count(&times[at]) > count(&times[at - 1])).collect();
        (places, times.iter().map(|time| time * 1000).collect())
    }

    #[test]
    fn samples_that_are_no_part_of_the_scrape_interval_show_a_pattern() {
        for (interval, step) in [
            (15, 1),
            (15, 2),
            (15, 4),
            (15, 6),
            (15, 7),
            (15, 8),
            (15, 10),
            (15, 12),
            (30, 1),
            (30, 4),
            (30, 7),
            (10, 3),
            (10, 4),
            (10, 6),
            (10, 7),
            (60, 7),
            (60, 25),
            (60, 20),
            (5, 2),
            (5, 3),
            (5, 4),
            (25, 10),
        ] {
            for phase in 0..interval {
                let (places, times_ms) = changes_of(step, interval, phase, 120);
                let scrapes =
                    Scrapes::of(&places, &times_ms).unwrap_or_else(|| panic!("{interval}/{step} from {phase}"));
                assert_eq!(scrapes.every_ms, interval as f64 * 1e3, "{interval}/{step} from {phase}");
                let (kept, scraped_ms) = scrapes.seen(&times_ms);
                assert!(scraped_ms.windows(2).all(|pair| pair[1] - pair[0] == interval * 1000));
                assert!(places.iter().all(|place| kept.contains(place)));
            }
        }
    }

    #[test]
    fn a_minute_is_enough_where_chance_is_not() {
        for (interval, step, samples) in [(15, 1, 61), (5, 1, 21), (15, 2, 31), (30, 1, 91)] {
            let (places, times_ms) = changes_of(step, interval, 3, samples);
            let found = Scrapes::of(&places, &times_ms).map(|scrapes| scrapes.every_ms);
            assert_eq!(found, Some(interval as f64 * 1e3), "{interval}/{step}");
        }
        let seconds: Vec<i64> = (0..60).map(|at| at * 1000).collect();
        for places in [vec![], vec![7], vec![7, 22], vec![3, 5, 7], vec![10, 20, 41], vec![4, 5, 9, 10, 14, 15]] {
            assert_eq!(Scrapes::of(&places, &seconds), None, "{places:?}");
        }
    }

    #[test]
    fn scrapes_without_a_change_are_scrapes() {
        let seconds: Vec<i64> = (0..60).map(|at| at * 1000).collect();
        let scrapes = Scrapes::of(&[5, 10, 15, 30, 35, 40, 55], &seconds).unwrap();
        assert_eq!((scrapes.every_ms, scrapes.seen(&seconds).0.len()), (5e3, 12));
    }
}
