//! What holds for the filter as a process: random grids in, laws out.
#![allow(clippy::unwrap_used)]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use proptest::{collection::vec, option, prelude::*};

/// Runs the filter; what it prints when it ends with 0.
fn znorm(args: &[&str], input: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_znorm"));
    let mut child =
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{args:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// A grid as CSV, some with windows; names that need quotes, cells that are missing.
fn grids() -> impl Strategy<Value = String> {
    let cell = option::weighted(0.85, prop_oneof![-1e3..1e3_f64, Just(0.0), Just(7.0), -1e300..1e300_f64]);
    (1_usize..5, any::<bool>(), vec(cell, 0..120)).prop_map(|(columns, windows, cells)| {
        let mut text = String::from(if windows { "time,window" } else { "time" });
        for k in 0..columns {
            text += &format!(",\"m{{a=\"\"{k},\"\"}}\"");
        }
        for (row, cells) in cells.chunks_exact(columns).enumerate() {
            text += &format!("\n{}", 1_700_000_000 + row);
            if windows {
                text += &format!(",{}", 1 + row / 7);
            }
            for cell in cells {
                text += &cell.map_or(",".to_owned(), |v| format!(",{v}"));
            }
        }
        text + "\n"
    })
}

fn methods() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![
        Just(vec![]),
        Just(vec!["--robust"]),
        Just(vec!["--min-max"]),
        Just(vec!["--ddof", "0", "--floor", "0.01"])
    ]
}

/// Lines cut at commas outside of quotes.
fn cells(text: &str) -> Vec<Vec<&str>> {
    let line = |line| {
        let mut quoted = false;
        str::split(line, move |c| {
            quoted ^= c == '"';
            c == ',' && !quoted
        })
        .collect()
    };
    text.lines().map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn times_names_and_gaps_stay(grid in grids(), method in methods()) {
        let (before, after) = (cells(&grid), znorm(&method, &grid));
        let after = cells(&after);
        prop_assert_eq!(before.len(), after.len());
        prop_assert_eq!(&before[0], &after[0]);
        let fixed = if before[0][1] == "window" { 2 } else { 1 };
        for (b, a) in before.iter().zip(&after).skip(1) {
            prop_assert_eq!(&b[..fixed], &a[..fixed]);
            prop_assert_eq!(b.len(), a.len());
            for (b, a) in b[fixed..].iter().zip(&a[fixed..]) {
                prop_assert_eq!(b.is_empty(), a.is_empty());
                prop_assert!(a.is_empty() || a.parse::<f64>().is_ok_and(f64::is_finite), "{}", a);
            }
        }
    }

    #[test]
    fn both_forms_say_the_same(grid in grids(), method in methods()) {
        let lines = znorm(&["--to", "jsonl", "--floor", "0"], &grid);
        let twice = |input: &str| znorm(&[&method[..], &["--to", "csv"]].concat(), input);
        let text = znorm(&["--to", "csv", "--floor", "0"], &grid);
        prop_assert_eq!(twice(&lines), twice(&text));
    }

    #[test]
    fn normalised_twice_is_normalised_once(grid in grids()) {
        let once = znorm(&[], &grid);
        let twice = znorm(&[], &once);
        let numbers = |text: &str| -> Vec<Option<f64>> {
            cells(text).iter().skip(1).flat_map(|row| row.iter().map(|v| v.parse().ok()).collect::<Vec<_>>()).collect()
        };
        for (a, b) in numbers(&once).into_iter().zip(numbers(&twice)) {
            prop_assert_eq!(a.is_some(), b.is_some());
            prop_assert!(a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-9));
        }
    }
}
