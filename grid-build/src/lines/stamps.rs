//! Timestamps that have been read before: series of one target repeat them to the byte.

use std::collections::HashMap;
use std::ops::Range;

use crate::series::Clock;

/// No more text than this is kept for comparison.
const MOST: usize = 24 << 20;
/// No more arrays than this are compared in turn.
const ALIKE: usize = 4;
/// Shorter arrays are parsed sooner than looked up.
const LEAST: usize = 64;

type Known = (Range<usize>, Clock);

/// The texts of arrays of timestamps, and the clocks they stand for.
#[derive(Debug, Default)]
pub(crate) struct Stamps {
    /// By the digest of what followed in the line: with the timestamps at its end, of the array.
    known: HashMap<u64, Vec<Known>>,
    /// All texts. One large piece of memory goes back to the system when the input has been read;
    /// many small ones would not.
    texts: Vec<u8>,
}

impl Stamps {
    /// The length of the array at the front of `rest`, without its closing bracket, and its clock.
    pub(super) fn find(&self, rest: &[u8]) -> Option<(usize, &Clock)> {
        let known = self.known.get(&digest(rest))?;
        let mut known = known.iter().map(|(range, clock)| (&self.texts[range.clone()], clock));
        let (text, clock) = known.find(|(text, _)| rest.starts_with(text))?;
        (rest.get(text.len()) == Some(&b']')).then_some((text.len(), clock))
    }

    /// Remembers the array that stood at `range` of `line`.
    pub(super) fn add(&mut self, line: &[u8], range: Range<usize>, clock: &Clock) {
        let Some(text) = line.get(range.clone()).filter(|text| text.len() >= LEAST) else { return };
        let rest = &line[range.start..];
        if self.texts.len() + text.len() > MOST || self.find(rest).is_some() {
            return;
        }
        let alike = self.known.entry(digest(rest)).or_default();
        // Without memory for it nothing is remembered: the array is parsed each time.
        if alike.len() < ALIKE && self.texts.try_reserve_exact(MOST - self.texts.len()).is_ok() {
            let start = self.texts.len();
            self.texts.extend_from_slice(text);
            alike.push((start..self.texts.len(), clock.clone()));
        }
    }
}

/// Tells most arrays apart by their length and up to 64 places in them.
fn digest(text: &[u8]) -> u64 {
    let step = (text.len() / 64).max(8);
    text.chunks(step).fold(text.len() as u64, |digest, part| {
        let word = part.first_chunk().map_or(0, |word| u64::from_le_bytes(*word));
        (digest ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
    })
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
