//! Timestamps that have been read before: series of one target repeat them to the byte.

use std::collections::HashMap;
use std::ops::Range;

use crate::store::Clock;

/// No more text than this is kept for comparison.
const MOST: usize = 32 << 20;
/// Shorter arrays are parsed sooner than looked up.
const LEAST: usize = 64;

type Known = (Box<[u8]>, Clock);

/// The texts of arrays of timestamps, and the clocks they stand for.
#[derive(Debug, Default)]
pub(crate) struct Stamps {
    /// By the length of what followed in the line: with the timestamps at its end, the array's own.
    known: HashMap<usize, Vec<Known>>,
    size: usize,
}

impl Stamps {
    /// The length of the array at the front of `rest`, without its closing bracket, and its clock.
    pub(super) fn find(&self, rest: &[u8]) -> Option<(usize, &Clock)> {
        let known = self.known.get(&rest.len())?;
        let (text, clock) = known.iter().find(|(text, _)| rest.starts_with(text))?;
        (rest.get(text.len()) == Some(&b']')).then_some((text.len(), clock))
    }

    /// Remembers the array that stood at `range` of `line`.
    pub(super) fn add(&mut self, line: &[u8], range: Range<usize>, clock: &Clock) {
        let length = line.len() - range.start;
        let Some(text) = line.get(range).filter(|text| text.len() >= LEAST) else { return };
        if self.size + text.len() > MOST || self.find(&line[line.len() - length..]).is_some() {
            return;
        }
        self.size += text.len();
        self.known.entry(length).or_default().push((text.into(), clock.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_has_the_same_clock() {
        let mut stamps = Stamps::default();
        let array: Vec<String> = (0..20).map(|i| (1_700_000_000_000i64 + i).to_string()).collect();
        let array = array.join(",");
        let line = format!("{{[{array}]}}");
        let clock: Clock = vec![1, 2].into();
        stamps.add(line.as_bytes(), 2..2 + array.len(), &clock);
        let found = stamps.find(format!("{array}]}}").as_bytes()).map(|(length, clock)| (length, clock.to_vec()));
        assert_eq!(found, Some((array.len(), vec![1, 2])));
        assert!(stamps.find(format!("{array}1}}").as_bytes()).is_none());
        assert!(stamps.find(format!("{array}]}}\n").as_bytes()).is_none());
    }
}
