//! Picking columns: `--select` and `--drop`.

use names::Selector;

use crate::Error;

/// Reads a selector; one that makes no sense is wrong usage.
pub fn selector(text: &str) -> Result<Selector, Error> {
    Selector::parse(text).map_err(|what| Error::usage(format!("selector: {what}: \"{text}\"")))
}

/// `--select` and `--drop` together.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    select: Vec<Selector>,
    drop: Vec<Selector>,
    used: Vec<bool>,
}

impl Picker {
    /// Reads the selectors of both options.
    pub fn new(select: &[String], drop: &[String]) -> Result<Self, Error> {
        let parse = |texts: &[String]| texts.iter().map(|t| selector(t)).collect::<Result<Vec<_>, _>>();
        Ok(Picker { select: parse(select)?, drop: parse(drop)?, used: vec![false; select.len()] })
    }

    /// True when a column is used: selected by any of `--select` (or there is none) and by no `--drop`.
    pub fn keeps(&mut self, header: &str) -> bool {
        let mut selected = self.select.is_empty();
        for (selector, used) in self.select.iter().zip(&mut self.used) {
            if selector.matches(header) {
                *used = true;
                selected = true;
            }
        }
        selected && !self.drop.iter().any(|s| s.matches(header))
    }

    /// A selector that picked nothing is an error: it is most likely misspelt.
    pub fn check_used(&self) -> Result<(), Error> {
        match self.select.iter().zip(&self.used).find(|(_, used)| !**used) {
            Some((selector, _)) => Err(Error::failed(format!("--select: no column matches: \"{}\"", selector.text()))),
            None => Ok(()),
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
}
