//! Conditions on the columns of a row, such as `pct_change>50 and q<0.01`.

use std::fmt;

/// Alternatives of comparisons that must all hold: `a>1 and b<2 or c==3`.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    alternatives: Vec<Vec<Comparison>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Comparison {
    column: String,
    operator: &'static str,
    number: f64,
}

/// The operators, longest first so that `>=` is not read as `>`.
const OPERATORS: [&str; 6] = [">=", "<=", "==", "!=", ">", "<"];

impl Condition {
    /// Reads `<column><operator><number>`, joined by `and` and `or`; `and` binds closer.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = format!(" {} ", text.split_whitespace().collect::<Vec<_>>().join(" "));
        let all = |part: &str| part.split(" and ").map(comparison).collect::<Result<Vec<_>, _>>();
        let alternatives = words.split(" or ").map(all).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { alternatives })
    }

    /// The columns it looks at, in order of their first place.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let all: Vec<&str> = self.alternatives.iter().flatten().map(|c| c.column.as_str()).collect();
        let first: Vec<&str> =
            all.iter().enumerate().filter(|(i, c)| !all[..*i].contains(c)).map(|(_, c)| *c).collect();
        first.into_iter()
    }

    /// Whether a row fulfils it; a comparison with an empty cell does not hold.
    pub fn holds(&self, cell: impl Fn(&str) -> Option<f64>) -> bool {
        let holds = |c: &Comparison| cell(&c.column).is_some_and(|value| c.compare(value));
        self.alternatives.iter().any(|all| all.iter().all(holds))
    }
}

impl Comparison {
    fn compare(&self, value: f64) -> bool {
        match self.operator {
            ">=" => value >= self.number,
            "<=" => value <= self.number,
            "==" => value == self.number,
            "!=" => value != self.number,
            ">" => value > self.number,
            _ => value < self.number,
        }
    }
}

fn comparison(text: &str) -> Result<Comparison, String> {
    let text = text.trim();
    let wrong = || format!("expected <column><operator><number>: \"{text}\"");
    let at = text.find(['>', '<', '=', '!']).ok_or_else(wrong)?;
    let operator = OPERATORS.into_iter().find(|o| text[at..].starts_with(o)).ok_or_else(wrong)?;
    let number: f64 = text[at + operator.len()..].trim().parse().map_err(|_| wrong())?;
    let column = text[..at].trim().to_owned();
    if column.is_empty() || !number.is_finite() {
        return Err(wrong());
    }
    Ok(Comparison { column, operator, number })
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = |c: &Comparison| format!("{}{}{}", c.column, c.operator, c.number);
        let all = |cs: &Vec<Comparison>| cs.iter().map(one).collect::<Vec<_>>().join(" and ");
        f.write_str(&self.alternatives.iter().map(all).collect::<Vec<_>>().join(" or "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, row: &[(&str, f64)]) -> bool {
        Condition::parse(text).unwrap().holds(|name| row.iter().find(|(n, _)| *n == name).map(|(_, v)| *v))
    }

    #[test]
    fn and_binds_closer_than_or() {
        let row = [("a", 1.0), ("b", 2.0)];
        assert!(holds("a>=1 and b<3", &row) && holds("a>5 and b<3 or b==2", &row) && !holds("a>5 or b>2", &row));
    }

    #[test]
    fn empty_cells_fulfil_nothing() {
        assert!(!holds("q<0.01", &[]) && !holds("q!=1", &[]));
    }

    #[test]
    fn wrong_conditions_are_quoted() {
        assert_eq!(Condition::parse("q<").unwrap_err(), "expected <column><operator><number>: \"q<\"");
        assert!(Condition::parse("").is_err() && Condition::parse("q=1").is_err() && Condition::parse("<1").is_err());
    }

    #[test]
    fn conditions_print_as_they_are_read() {
        let text = "a>1 and b<=-2.5 or c!=0";
        assert_eq!(Condition::parse(text).unwrap().to_string(), text);
    }
}
