//! What holds for the filter as a process: random grids in, laws out.
#![allow(clippy::unwrap_used)]

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use proptest::{collection::vec, option, prelude::*};

fn run(args: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peaks"));
    let mut child =
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A filter that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// What the filter prints when it ends with 0, cell by cell; `None` when it ends with 1.
fn rows(args: &[&str], input: &str) -> Option<Vec<Vec<String>>> {
    let output = run(args, input);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{args:?}: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect();
    output.status.success().then(|| text.lines().map(cells).collect())
}

/// A grid as CSV of columns a, b, c.
fn grids() -> impl Strategy<Value = String> {
    let cell = option::weighted(0.9, (-3_i32..9).prop_map(f64::from));
    (1_usize..4, vec(cell, 0..150), 1_i64..4).prop_map(|(columns, cells, step)| {
        let mut text = String::from("time") + [",a", ",a,b", ",a,b,c"][columns - 1];
        for (row, cells) in cells.chunks_exact(columns).enumerate() {
            text += &format!("\n{}", 1_700_000_000 + row as i64 * step);
            for cell in cells {
                text += &cell.map_or(",".to_owned(), |v| format!(",{v}"));
            }
        }
        text + "\n"
    })
}

fn conditions() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![
        Just(vec![]),
        Just(vec!["--distance", "4s", "--prominence", "2"]),
        Just(vec!["--height", "2,8", "--width", ",5"]),
        Just(vec!["--smooth", "3", "--missing", "split"]),
        Just(vec!["--valleys", "--wlen", "7", "--plateau-size", "1,2"]),
    ]
}

fn options() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
    let cut = prop_oneof![Just("2,3"), Just("4s"), Just("0,1"), Just("1s,0")];
    (cut, prop_oneof![Just("merge"), Just("keep")], prop_oneof![Just("pad"), Just("drop")])
}

/// The rows of each window, in order; each row without the column `window`.
fn windows(rows: &[Vec<String>]) -> Vec<Vec<Vec<String>>> {
    let mut windows: Vec<Vec<Vec<String>>> = Vec::new();
    for row in &rows[1..] {
        let number: usize = row[1].parse().unwrap();
        assert!(number == windows.len() || number == windows.len() + 1, "windows are numbered from 1");
        if number > windows.len() {
            windows.push(Vec::new());
        }
        let last = windows.len() - 1;
        windows[last].push([&row[..1], &row[2..]].concat());
    }
    windows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn peaks_lie_on_rows_of_the_grid(grid in grids(), conditions in conditions()) {
        let table = rows(&conditions, &grid).unwrap();
        prop_assert_eq!(table[0].join(","), "metric,time,index,height,prominence,width,left,right");
        let times: Vec<&str> = grid.lines().skip(1).map(|l| l.split(',').next().unwrap()).collect();
        for row in &table[1..] {
            let number = |k: usize| row[k].parse::<f64>().unwrap();
            prop_assert_eq!(&row[1], times[number(2) as usize]);
            prop_assert!(number(6) <= number(2) && number(2) <= number(7));
            prop_assert!(number(4) > 0.0 || conditions.contains(&"--wlen"));
        }
        let column = |name: &str| table[1..].iter().filter(|r| r[0] == name).map(|r| r[2].parse::<usize>().unwrap()).collect::<Vec<_>>();
        for name in ["a", "b", "c"] {
            prop_assert!(column(name).is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn both_forms_have_the_same_peaks(grid in grids(), conditions in conditions()) {
        // A cut of whole windows writes the grid in the other form.
        let cut = ["--on", "a", "--cut", "1", "--to", "jsonl"];
        let lines = run(&[&cut[..], &conditions].concat(), &grid);
        let text = run(&[&cut[..4], &conditions].concat(), &grid);
        prop_assert_eq!(lines.status.code(), text.status.code());
        prop_assume!(lines.status.success());
        let table = |bytes: Vec<u8>| rows(&conditions, &String::from_utf8(bytes).unwrap());
        prop_assert_eq!(table(lines.stdout), table(text.stdout));
    }

    #[test]
    fn windows_are_equally_long_and_of_rows_of_the_grid(
        grid in grids(), conditions in conditions(), (cut, overlap, edge) in options(),
    ) {
        let args = ["--on", "a", "--cut", cut, "--overlap", overlap, "--edge", edge];
        let found = rows(&[&["--on", "a"], &conditions[..]].concat(), &grid).unwrap().len() - 1;
        let Some(rows) = rows(&[&args[..], &conditions].concat(), &grid) else {
            prop_assert!(found == 0 || edge == "drop" || grid.lines().count() < 6);
            return Ok(());
        };
        let known: Vec<Vec<String>> = grid.lines().map(|l| l.split(',').map(str::to_owned).collect()).collect();
        let windows = windows(&rows);
        prop_assert!(!windows.is_empty() && windows.len() <= found);
        prop_assert!(overlap == "merge" || edge == "drop" || windows.len() == found);
        let mut seen = Vec::new();
        for window in &windows {
            prop_assert_eq!(window.len(), windows[0].len());
            for row in window {
                let padded = row[1..].iter().all(String::is_empty);
                prop_assert!(known.contains(row) || (edge == "pad" && padded), "{:?}", row);
                prop_assert!(overlap == "keep" || padded || !seen.contains(&row));
                seen.push(row);
            }
            let times: Vec<i64> = window.iter().map(|r| r[0].parse().unwrap()).collect();
            prop_assert!(times.windows(2).all(|t| t[1] - t[0] == times[1] - times[0]));
        }
    }

    #[test]
    fn peaks_cut_from_foot_to_foot_have_the_length_asked_for(grid in grids(), overlap in prop_oneof![Just("merge"), Just("keep")]) {
        let args = ["--on", "a", "--cut", "peak", "--length", "9", "--overlap", overlap];
        let Some(rows) = rows(&args, &grid) else { return Ok(()) };
        for window in windows(&rows) {
            prop_assert_eq!(window.len(), 9);
            let times: Vec<f64> = window.iter().map(|r| r[0].parse().unwrap()).collect();
            prop_assert!(times.is_sorted_by(|a, b| a < b));
            // The feet are rows of the grid.
            for foot in [&window[0], &window[8]] {
                prop_assert!(grid.lines().any(|l| l == foot.join(",")), "{:?}", foot);
            }
        }
    }
}
