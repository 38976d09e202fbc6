//! `PREFIX_stats.csv` and `PREFIX_failures.csv`: what the whole run came to, in one line.

use std::io::Read;

use grid::Error;

use super::sheet::Sheet;

/// One line about the whole run: how many requests, how many failures, and the most frequent one.
pub fn read_totals(stats: impl Read, failures: Option<impl Read>) -> Result<String, Error> {
    let mut sheet = Sheet::open(stats)?;
    let (name, requests) = (sheet.column("Name")?, sheet.column("Request Count")?);
    let failed = sheet.column("Failure Count")?;
    let mut text = "locust: no requests".to_string();
    while sheet.next()? {
        if sheet.text(name) == "Aggregated" {
            text = format!("locust: {} requests, {} failures", sheet.text(requests), sheet.text(failed));
        }
    }
    match failures.map(worst_failure).transpose()?.flatten() {
        Some(worst) => Ok(format!("{text}, most often {worst}")),
        None => Ok(text),
    }
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
        let text = read_totals(stats.as_bytes(), Some(failures.as_bytes())).unwrap();
        assert_eq!(text, "locust: 9 requests, 3 failures, most often GET /b: \"z\" (2 times)");
    }
}
