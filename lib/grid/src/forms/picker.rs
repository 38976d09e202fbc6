//! Picking columns: `--select` and `--drop`.

use names::Selector;

use crate::text::near::likeness;
use crate::{Error, quote};

/// Reads a selector; one that makes no sense is wrong usage.
pub fn selector(text: &str) -> Result<Selector, Error> {
    Selector::parse(text).map_err(|what| Error::usage(format!("selector: {what}: {}", quote(text))))
}

/// `--select` and `--drop` together.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    select: Vec<Selector>,
    drop: Vec<Selector>,
    used: Vec<Use>,
}

/// What a selector has picked, or the column most like it so far.
#[derive(Clone, Debug, Default)]
struct Use {
    used: bool,
    likeness: f64,
    nearest: String,
}

impl Picker {
    /// Reads the selectors of both options.
    pub fn new(select: &[String], drop: &[String]) -> Result<Self, Error> {
        let parse = |texts: &[String]| texts.iter().map(|t| selector(t)).collect::<Result<Vec<_>, _>>();
        Ok(Picker { select: parse(select)?, drop: parse(drop)?, used: vec![Use::default(); select.len()] })
    }

    /// True when a column is used: selected by any of `--select` (or there is none) and by no `--drop`.
    pub fn keeps(&mut self, header: &str) -> bool {
        let mut selected = self.select.is_empty();
        for (selector, used) in self.select.iter().zip(&mut self.used) {
            if selector.matches(header) {
                used.used = true;
                selected = true;
            } else if !used.used {
                used.compare(selector.text(), header);
            }
        }
        selected && !self.drop.iter().any(|s| s.matches(header))
    }

    /// A selector that picked nothing is an error: it is most likely misspelt.
    pub fn check_used(&self) -> Result<(), Error> {
        match self.select.iter().zip(&self.used).find(|(_, used)| !used.used) {
            Some((selector, Use { nearest, .. })) => {
                let near = if nearest.is_empty() { String::new() } else { format!(", did you mean {nearest}?") };
                Err(Error::failed(format!("--select: no column matches: {}{near}", quote(selector.text()))))
            }
            None => Ok(()),
        }
    }
}

impl Use {
    /// Keeps the header, or its metric's name, that is most like the text.
    fn compare(&mut self, text: &str, header: &str) {
        if let Some((likeness, name)) = likeness(text, header).filter(|(likeness, _)| *likeness > self.likeness) {
            (self.likeness, self.nearest) = (likeness, name.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_select_that_matches_nothing_is_an_error() {
        let mut picker = Picker::new(&["up".into()], &[]).unwrap();
        assert!(!picker.keeps("down"));
        assert_eq!(picker.check_used().unwrap_err().to_string(), "--select: no column matches: \"up\"");
    }

    #[test]
    fn a_misspelt_name_is_told_the_nearest() {
        let mut picker = Picker::new(&["queue_lenght".into()], &[]).unwrap();
        for header in ["up", "queue_length{job=\"a\"}", "quantile", "queue_size"] {
            assert!(!picker.keeps(header));
        }
        let refused = picker.check_used().unwrap_err().to_string();
        assert_eq!(refused, "--select: no column matches: \"queue_lenght\", did you mean queue_length?");
    }
}
