//! The tables that are built in: CSV with a header, a row a line, `#` begins a comment.

use std::borrow::Cow;

/// The rows of a table, each with the cells of `columns` in that order; a cell that is not there is empty.
pub(crate) fn rows<const N: usize>(text: &str, columns: [&str; N]) -> Vec<[String; N]> {
    let mut lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut cells = Vec::new();
    split(lines.next().unwrap_or_default(), &mut cells);
    let places = columns.map(|column| cells.iter().position(|name| name == column));
    let mut row = |line| {
        split(line, &mut cells);
        places.map(|place| place.and_then(|p| cells.get(p)).map(|cell| cell.trim().to_string()).unwrap_or_default())
    };
    lines.map(&mut row).collect()
}

/// The cells of a line. A program reads all tables at its start: without a reader of any CSV, `rank` on two columns does 57 million
/// instructions, not 67.
fn split<'t>(line: &'t str, cells: &mut Vec<Cow<'t, str>>) {
    cells.clear();
    let mut rest = Some(line);
    while let Some(text) = rest {
        let (cell, behind) = match (text.strip_prefix('"'), text.split_once(',')) {
            (Some(quoted), _) => unquoted(quoted),
            (None, Some((cell, behind))) => (Cow::Borrowed(cell), Some(behind)),
            (None, None) => (Cow::Borrowed(text), None),
        };
        cells.push(cell);
        rest = behind;
    }
}

/// The cell that begins with a quote, and what stands behind it; a quote in it is doubled.
fn unquoted(text: &str) -> (Cow<'_, str>, Option<&str>) {
    let mut at = 0;
    while let Some(found) = text[at..].find('"') {
        let end = at + found;
        let behind = &text[end + 1..];
        if !behind.starts_with('"') {
            let cell = &text[..end];
            let cell = if at == 0 { Cow::Borrowed(cell) } else { Cow::Owned(cell.replace("\"\"", "\"")) };
            return (cell, behind.strip_prefix(','));
        }
        at = end + 2;
    }
    (Cow::Borrowed(text), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let rows = rows("a,b\n# no row\n1,\"2,3\"\n4\n\"5 \"\"6\"\"\",7\n", ["b", "a", "c"]);
        assert_eq!(rows, [["2,3", "1", ""], ["", "4", ""], ["7", "5 \"6\"", ""]]);
    }

    #[test]
    fn tables_are_read_as_any_reader_of_csv_does() {
        for path in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tables")).unwrap() {
            let text = std::fs::read_to_string(path.unwrap().path()).unwrap();
            let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
            let header = reader.headers().unwrap().clone();
            let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            for (at, column) in header.iter().enumerate() {
                let all: Vec<&str> = records.iter().map(|row| row.get(at).unwrap_or_default().trim()).collect();
                let own: Vec<String> = rows(&text, [column]).into_iter().flatten().collect();
                assert_eq!(own, all, "{column}");
            }
        }
    }
}
