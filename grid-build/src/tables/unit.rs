//! One unit for all cells of a column or a series.

use super::suffix::CORES;

/// What is said of thousandths of a core where no processor is meant.
const NO_CPU: &str = "\"m\" is a thousandth of a core, in what is called a cpu alone";

/// True for a name with a word of processors: their use, or a limit of it.
fn is_of_cpu(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is =
        |word: &str| word.contains("cpu") || ["core", "millicore", "processor"].iter().any(|own| word.starts_with(own));
    name.split(|c: char| !c.is_alphanumeric()).any(is)
}

/// The base unit of the numbers so far, told by the first of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OneUnit<'a> {
    first: Option<(u64, &'a str, &'static str)>,
}

impl<'a> OneUnit<'a> {
    /// Takes a number with the unit of its cell. Refused where the first one has another, or one of them has none: `980` below
    /// `950 ms` may be either. Zero is zero in every unit, and a word of the short scale (`1.2K`) is none.
    pub(super) fn add(
        &mut self,
        (line, text): (u64, &'a str),
        number: f64,
        unit: Option<&'static str>,
    ) -> Result<(), String> {
        let unit = unit.unwrap_or_default();
        if number == 0.0 && unit.is_empty() {
            return Ok(());
        }
        let (line, text, own) = *self.first.get_or_insert((line, text, unit));
        if own == unit { Ok(()) } else { Err(format!("not in the unit of line {line}, \"{text}\"")) }
    }

    /// The base unit, where they have one; refused where it is none of what has this name.
    pub(super) fn of(&self, name: &str) -> Result<Option<&'static str>, ((u64, &'a str), &'static str)> {
        match self.first {
            Some((line, text, CORES)) if !is_of_cpu(name) => Err(((line, text), NO_CPU)),
            first => Ok(first.map(|(_, _, unit)| unit).filter(|unit| !unit.is_empty())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_the_unit_of_the_others_is_refused() {
        let mut latency = OneUnit::default();
        assert_eq!(latency.add((2, "950 ms"), 0.95, Some("seconds")), Ok(()));
        assert_eq!((latency.add((3, "0"), 0.0, None), latency.of("latency")), (Ok(()), Ok(Some("seconds"))));
        let refused = Err("not in the unit of line 2, \"950 ms\"".to_string());
        assert_eq!(latency.add((4, "980"), 980.0, None), refused);
        assert_eq!(latency.add((4, "1 MB"), 1e6, Some("bytes")), refused);
        let mut requests = OneUnit::default();
        assert_eq!(requests.add((2, "980"), 980.0, None), Ok(()));
        assert_eq!((requests.add((3, "1.2K"), 1200.0, Some("")), requests.of("requests")), (Ok(()), Ok(None)));
    }

    #[test]
    fn thousandths_of_a_core_are_of_a_cpu() {
        let mut cores = OneUnit::default();
        assert_eq!(cores.add((2, "5m"), 0.005, Some(CORES)), Ok(()));
        assert_eq!(cores.of("carts_cpu"), Ok(Some(CORES)));
        assert_eq!(cores.of("limit{resource=\"cpu\"}"), Ok(Some(CORES)));
        assert_eq!(cores.of("score"), Err(((2, "5m"), NO_CPU)));
    }
}
