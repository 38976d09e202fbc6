//! Picking columns: `--select` and `--drop`.

use std::sync::{Arc, Mutex, PoisonError};

use names::Selector;

use super::canonical::canonical;
use crate::text::near::likeness;
use crate::{Column, Error, did_you_mean, quote};

/// Reads a selector; one that makes no sense is wrong usage.
pub fn selector(text: &str) -> Result<Selector, Error> {
    Selector::parse(text).map_err(|what| Error::usage(format!("selector: {what}: {}", quote(text))))
}

/// Where the one column stands that the text of an option names, with its labels in any order, or else selects.
pub fn one_column(option: &str, columns: &[Column], text: &str) -> Result<usize, Error> {
    let name = canonical(text);
    if let Some(exact) = columns.iter().position(|column| column.name == name) {
        return Ok(exact);
    }
    let selector = selector(text)?;
    let mut matching = columns.iter().enumerate().filter(|(_, column)| selector.matches(&column.name));
    let found = quote(text);
    match (matching.next(), matching.next()) {
        (Some((only, _)), None) => Ok(only),
        (None, _) => {
            let near = did_you_mean(text, columns.iter().map(|column| column.name.as_str()));
            Err(Error::failed(format!("{option}: no column matches: {found}{near}")))
        }
        (Some((_, a)), Some((_, b))) => {
            let both = format!("{} and {}", a.name, b.name);
            Err(Error::failed(format!("{option}: more than one column matches, {both}: {found}")))
        }
    }
}

/// `--select` and `--drop` together. Clones, one for each input, select by themselves, and share what `--drop` has found:
/// a column that one of several grids has may be dropped of all.
#[derive(Clone, Debug, Default)]
pub struct Picker {
    select: Vec<Use>,
    drop: Arc<Mutex<Vec<Use>>>,
    pub(crate) beside: bool,
}

/// A selector, whether it has picked a column, and the column most like it so far.
#[derive(Clone, Debug)]
struct Use {
    selector: Selector,
    used: bool,
    likeness: f64,
    nearest: String,
}

impl Picker {
    /// Reads the selectors of both options.
    pub fn new(select: &[String], drop: &[String]) -> Result<Self, Error> {
        let parse = |texts: &[String]| texts.iter().map(|text| Use::new(text)).collect::<Result<Vec<_>, _>>();
        Ok(Picker { select: parse(select)?, drop: Arc::new(Mutex::new(parse(drop)?)), beside: false })
    }

    /// True when a column is used: selected by any of `--select` (or there is none) and by no `--drop`.
    pub fn keeps(&mut self, header: &str) -> bool {
        let selected = any(&mut self.select, header) || self.select.is_empty();
        let mut drop = self.drop.lock().unwrap_or_else(PoisonError::into_inner);
        !any(&mut drop, header) && selected
    }

    /// A selector that picked nothing is an error: it is most likely misspelt.
    pub fn check_used(&self) -> Result<(), Error> {
        match self.select.iter().find(|one| !one.used) {
            Some(unused) => Err(Error::failed(format!("--select: {}", unused.complaint()))),
            None => Ok(()),
        }
    }

    /// A note on each `--drop` that has dropped nothing of any input.
    pub(crate) fn idle_drops(&self) -> Vec<String> {
        let drop = self.drop.lock().unwrap_or_else(PoisonError::into_inner);
        drop.iter().filter(|one| !one.used).map(|unused| format!("--drop: {}", unused.complaint())).collect()
    }
}

/// True when any of them matches; all are told of the header.
fn any(uses: &mut [Use], header: &str) -> bool {
    let mut any = false;
    for one in uses {
        any |= one.matches(header);
    }
    any
}

impl Use {
    fn new(text: &str) -> Result<Self, Error> {
        Ok(Use { selector: selector(text)?, used: false, likeness: 0.0, nearest: String::new() })
    }

    /// Whether it picks this column. Until it has picked one it keeps the header, or its metric's name, that is most like it;
    /// of equals the first in the alphabet, as inputs may be read side by side.
    fn matches(&mut self, header: &str) -> bool {
        let matches = self.selector.matches(header);
        self.used |= matches;
        if !self.used
            && let Some((likeness, name)) = likeness(self.selector.text(), header)
            && (likeness > self.likeness || likeness == self.likeness && *name < *self.nearest)
        {
            (self.likeness, self.nearest) = (likeness, name.to_string());
        }
        matches
    }

    fn complaint(&self) -> String {
        let near = if self.nearest.is_empty() { String::new() } else { format!(", did you mean {}?", self.nearest) };
        format!("no column matches: {}{near}", quote(self.selector.text()))
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

    #[test]
    fn one_column_is_named_in_any_order_of_labels_or_selected() {
        let names = [r#"up{a="1",b="2"}"#, r#"up{a="1",b="2",c="3"}"#, "down"];
        let columns = names.map(|name| Column { name: name.to_string(), values: Vec::new() });
        let found = |text: &str| one_column("--on", &columns, text).map_err(|e| e.to_string());
        assert_eq!(found(r#"up{b="2",a="1"}"#), Ok(0));
        assert_eq!(found(r#"{c="3"}"#), Ok(1));
        assert_eq!(found("x").unwrap_err(), "--on: no column matches: \"x\"");
        assert!(found("up").unwrap_err().starts_with("--on: more than one column matches, up{a="));
    }

    #[test]
    fn a_drop_that_no_input_has_is_told() {
        let mut first = Picker::new(&[], &["up".into(), "queue_lenght".into()]).unwrap();
        let mut second = first.clone();
        assert!(first.keeps("queue_size") && first.keeps("queue_length") && !second.keeps("up"));
        assert_eq!(first.idle_drops(), ["--drop: no column matches: \"queue_lenght\", did you mean queue_length?"]);
    }
}
