//! Series that several inputs bring at the same times.

use grid::Error;

use super::Tidied;

/// What the series with different values at the same times are: one thing, measured or asked twice, or two under one name.
#[derive(Debug, Default)]
pub(super) struct Overlap {
    /// Series with any difference.
    differ: usize,
    /// Series that are two.
    apart: usize,
    /// The first of these by name.
    first: Option<String>,
}

/// Fewer samples of the same times say nothing.
const SHARED: usize = 5;

impl Overlap {
    /// Notes a series. It is two where values of the same times are more than a tenth apart in nine of ten, or more.
    pub(super) fn add(&mut self, name: &str, tidied: Tidied) {
        let shared = tidied.repeated + tidied.conflicting;
        self.differ += usize::from(tidied.conflicting > 0);
        if shared >= SHARED && 10 * tidied.far >= 9 * shared {
            self.apart += 1;
            let earlier = self.first.as_ref().is_none_or(|first| name < first.as_str());
            self.first = if earlier { Some(name.to_string()) } else { self.first.take() };
        }
    }

    /// Refuses where most of the series that differ are two: of one thing that was measured twice, by a pair of servers, most scarcely do.
    pub(super) fn check(self) -> Result<(), Error> {
        let Some(first) = self.first.filter(|_| 2 * self.apart > self.differ) else { return Ok(()) };
        let more = if self.apart > 1 { format!(" and {} more", self.apart - 1) } else { String::new() };
        let what = "one name has other values at the same times in another answer";
        let way_out =
            "name each (label_replace(rate(…), \"__name__\", \"requests\", \"\", \"\")), or make a grid of each";
        Err(Error::failed(format!("{what}: \"{first}\"{more}: {way_out}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(series: &[(usize, usize, usize)]) -> Option<String> {
        let mut overlap = Overlap::default();
        for (at, &(repeated, conflicting, far)) in series.iter().enumerate() {
            overlap.add(&format!("s{at}"), Tidied { unsorted: 0, repeated, conflicting, far });
        }
        overlap.check().err().map(|e| e.to_string())
    }

    #[test]
    fn two_things_under_one_name_differ_by_far_nearly_always() {
        assert!(refused(&[(1, 9, 9), (10, 0, 0), (0, 20, 20)]).is_some_and(|text| text.contains("\"s0\" and 1 more")));
        for one_thing in [
            vec![(0, 4, 4)],
            vec![(0, 10, 8)],
            vec![(2, 8, 8)],
            // A pair of servers: their counters are close, a gauge of the servers' own is not.
            vec![(0, 10, 0), (0, 10, 10)],
            vec![],
        ] {
            assert_eq!(refused(&one_thing), None, "{one_thing:?}");
        }
    }
}
