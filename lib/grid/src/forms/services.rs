//! The user's table of services: which series are whose. What of it and of the user's other tables says nothing.

use std::path::Path;

use names::{Catalogue, Name, Selector};

use crate::{Error, Table, quote, strange_names};

/// Reads a table `selector,service`; of several selectors that pick a series the first decides.
pub fn read_services(path: &Path) -> Result<Vec<(Selector, String)>, Error> {
    let table = Table::read_file(path)?;
    let place = path.display();
    let column = |name: &str| {
        let missing = || Error::failed(format!("{place}: no column \"{name}\": expected selector, service"));
        table.column(name).ok_or_else(missing)
    };
    let (selector, service) = (column("selector")?, column("service")?);
    let row = |(at, row): (usize, &Vec<crate::Cell>)| {
        let text = row[selector].text();
        let wrong = |what: &str| Error::failed(format!("{place}: line {}: selector: {what}: \"{text}\"", at + 2));
        Ok((Selector::parse(&text).map_err(wrong)?, row[service].text()))
    };
    table.rows.iter().enumerate().map(row).collect()
}

/// Notes on the user's patterns and selectors that match none of these metrics; the headers are asked for if there are any.
pub fn idle_notes(catalogue: &Catalogue, headers: impl FnOnce() -> Vec<String>) -> Vec<String> {
    if !catalogue.has_own() {
        return Vec::new();
    }
    let headers = headers();
    let names = || headers.iter().map(String::as_str);
    let idle = catalogue.idle(names().map(Name::parse));
    let kinds: Vec<&str> = idle.kinds.iter().map(|pattern| pattern.as_str()).collect();
    let services: Vec<&str> = idle.services.iter().map(|selector| selector.text()).collect();
    let strange = |what: &str, texts: &[&str]| Some(format!("{what}: {}", strange_names(texts, names())?));
    let kinds = strange("--kinds: patterns that match no metric", &kinds);
    let services = strange("--services: selectors that match no metric", &services);
    let pattern =
        idle.pattern.map(|pattern| format!("--service-regex: matches no metric: {}", quote(pattern.as_str())));
    [kinds, services, pattern].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Vec<(Selector, String)>, String> {
        let path = std::env::temp_dir().join(format!("strain-services-{}-{name}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let found = read_services(&path).map_err(|e| e.to_string().replace(&path.display().to_string(), "table"));
        std::fs::remove_file(&path).unwrap();
        found
    }

    #[test]
    fn a_table_says_whose_series_are() {
        let rows = read("good", "selector,service\n\"{job=~\"\"cart.*\"\"}\",carts\nup,7\n").unwrap();
        assert_eq!((rows[0].1.as_str(), rows[1].1.as_str()), ("carts", "7"));
        assert!(rows[0].0.matches("cpu{job=\"carts\"}"));
    }

    #[test]
    fn what_is_no_such_table_is_refused() {
        let no_column = "table: no column \"service\": expected selector, service";
        assert_eq!(read("column", "selector\nup\n").unwrap_err(), no_column);
        let bad = "table: line 2: selector: not of the form {label=\"value\",...}: \"{job\"";
        assert_eq!(read("selector", "selector,service\n{job,a\n").unwrap_err(), bad);
    }
}
