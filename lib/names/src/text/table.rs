//! The tables that are built in: CSV with a header, `#` begins a comment.

/// The rows of a table, each with the cells of `columns` in that order; a cell that is not there is empty.
pub(crate) fn rows<const N: usize>(text: &str, columns: [&str; N]) -> Vec<[String; N]> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let places = columns.map(|column| header.iter().position(|name| name == column));
    let row = |record: csv::StringRecord| {
        places.map(|place| place.and_then(|p| record.get(p)).unwrap_or_default().trim().to_string())
    };
    reader.records().filter_map(Result::ok).map(row).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_found_by_name() {
        let rows = super::rows("a,b\n# no row\n1,\"2,3\"\n4\n", ["b", "a", "c"]);
        assert_eq!(rows, [["2,3", "1", ""], ["", "4", ""]]);
    }
}
