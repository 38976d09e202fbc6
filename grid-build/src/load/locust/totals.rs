//! `PREFIX_stats.csv` and `PREFIX_failures.csv`: what the whole run came to, in one line.

use std::io::Read;

use grid::Error;

use crate::tables::Sheet;

/// What the whole run came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Totals {
    /// How many requests there were.
    pub requests: f64,
    /// Requests, failures, and the most frequent of these, in one line.
    pub text: String,
}

/// Reads the summary of a whole run.
pub fn read_totals(stats: impl Read, failures: Option<impl Read>) -> Result<Totals, Error> {
    let mut sheet = Sheet::open(stats)?;
    let name = sheet.column("Name")?;
    let requests = sheet.column_of(&["Request Count", "# requests"])?;
    let failed = sheet.column_of(&["Failure Count", "# failures"])?;
    let mut totals = Totals { requests: 0.0, text: "locust: no requests".to_string() };
    while sheet.next()? {
        if sheet.text(name) == "Aggregated" {
            totals.requests = sheet.number(requests)?;
            totals.text = format!("locust: {} requests, {} failures", sheet.text(requests), sheet.text(failed));
        }
    }
    if let Some(worst) = failures.map(worst_failure).transpose()?.flatten() {
        totals.text.push_str(&format!(", most often {worst}"));
    }
    Ok(totals)
}

fn worst_failure(failures: impl Read) -> Result<Option<String>, Error> {
    let mut sheet = Sheet::open(failures)?;
    let columns = (sheet.column("Method")?, sheet.column("Name")?, sheet.column("Error")?);
    let occurrences = sheet.column("Occurrences")?;
    let mut worst: Option<(f64, String)> = None;
    while sheet.next()? {
        let times = sheet.number(occurrences)?;
        if worst.as_ref().is_none_or(|(most, _)| times > *most) {
            let (method, name, error) = (sheet.text(columns.0), sheet.text(columns.1), sheet.text(columns.2));
            let error: String = error.chars().map(|c| if c.is_control() { ' ' } else { c }).take(60).collect();
            worst = Some((times, format!("{method} {name}: \"{error}\" ({times} times)")));
        }
    }
    Ok(worst.map(|(_, text)| text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_told_in_one_line() {
        let stats = "Type,Name,Request Count,Failure Count\r\nGET,/a,5,1\r\n,Aggregated,9,3\r\n";
        let failures = "Method,Name,Error,Occurrences\r\nGET,/a,\"x, y\",1\r\nGET,/b,z,2\r\n";
        let totals = read_totals(stats.as_bytes(), Some(failures.as_bytes())).unwrap();
        assert_eq!(totals.requests, 9.0);
        assert_eq!(totals.text, "locust: 9 requests, 3 failures, most often GET /b: \"z\" (2 times)");
    }
}
