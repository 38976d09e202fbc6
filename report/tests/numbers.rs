//! The page's script writes numbers as the page itself does: both are tested against one table (`tests/browser/run`).
#![allow(clippy::unwrap_used)]

use report::words::number;

#[test]
fn numbers_are_those_of_the_script() {
    let rows: Vec<&str> = include_str!("numbers.csv").lines().skip(1).collect();
    assert!(rows.len() > 400);
    for row in rows {
        let cells: Vec<&str> = row.splitn(3, ',').collect();
        assert_eq!(number(cells[0].parse().unwrap(), cells[1]), cells[2].trim_matches('"'), "{row}");
    }
}
