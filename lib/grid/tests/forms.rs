//! What the readers accept, refuse and say; and that both forms carry the same grid.

#![allow(clippy::unwrap_used)]

use grid::{Column, Form, Grid, Picker, Source, Table, TableForm};
use proptest::prelude::*;

fn io() -> grid::Io {
    grid::testing::silent_io()
}

fn read(text: &str) -> Result<Grid, String> {
    let source = Source::from_bytes(text.as_bytes().to_vec()).unwrap();
    grid::read_grid(source, &mut io()).map_err(|e| e.to_string())
}

fn write(grid: &Grid, form: Form) -> String {
    let mut out = Vec::new();
    grid::write_grid(grid, form, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn refusal(text: &str) -> String {
    read(text).unwrap_err()
}

#[test]
fn a_grid_is_read_and_written_unchanged() {
    let text =
        "time,\"up{instance=\"\"carts:80\"\",job=\"\"carts\"\"}\",locust_users\n1700000000,12.5,100\n1700000001,,100\n";
    let grid = read(text).unwrap();
    assert_eq!(grid.times_ms, [1_700_000_000_000, 1_700_000_001_000]);
    assert!(grid.columns[0].values[1].is_nan());
    assert_eq!(write(&grid, Form::Csv), text);
}

#[test]
fn other_spellings_of_time_and_missing_are_read() {
    let expected = write(&read("time,a,b\n1700000000,1,\n1700000060,,2\n").unwrap(), Form::Csv);
    for text in [
        "\u{feff}Timestamp,a,b\r\n1700000000,1,NaN\r\n1700000060,N/A,2\r\n",
        "_time,a,b\n2023-11-14T22:13:20Z,1,inf\n2023-11-14T22:14:20Z,null,2",
        "TS,a,b\n2023-11-14 22:13:20,\"1\",na\n\n2023-11-14 22:14:20, ,2\n",
        "time,a,b\n1700000000000,1,\n1700000060000,,2\n",
        "time,a,b\n1700000060,,2\n1700000000,1,\n",
    ] {
        assert_eq!(write(&read(text).unwrap(), Form::Csv), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_line_and_column() {
    assert_eq!(
        refusal("time,a\n1,2\n2,x y\n"),
        "line 3: column \"a\": not a number: \"x y\", expected one or an empty cell (long tables: grid-build --long)"
    );
    assert_eq!(refusal("time,a\n1,2,3\n"), "line 2: 3 cells, expected 2 as in the header");
    assert_eq!(refusal("time,a,b\n1,2\n"), "line 2: 2 cells, expected 3 as in the header");
    assert_eq!(refusal("time,a,a\n1,2,3\n"), "line 1: two columns have one name: \"a\"");
    assert_eq!(refusal("time,time,a\n1,2,3\n"), "line 1: two columns have one name: \"time\"");
    assert_eq!(
        refusal("time,a,,\n3,1,,5\n1,2,,\n"),
        "line 2: column 4: a value in a column without a name, expected one in the header: \"5\""
    );
    assert_eq!(refusal("{\"time\":1,\"\":2}\n"), "row 1: a key without a name, expected one");
    assert!(refusal("cpu,a\n1,2\n").starts_with("line 1: the first column is not a time column"));
    assert!(refusal("time,a\nnoon,2\n").starts_with("line 2: column \"time\": not a time"));
    assert!(refusal("time,a\n20231114221320,2\n").starts_with("line 2: column \"time\": not a time"));
    assert!(refusal("time,a\n1700000000,2\n1700000001000,2\n").contains("seconds and milliseconds are mixed"));
    assert!(refusal("time,a\n1,2\n1,3\n").contains("two rows have one time"));
    assert!(refusal("").starts_with("the input is empty"));
    assert!(refusal("time,a\n1,\"2\n").contains("a quote is not closed"));
}

#[test]
fn series_lines_that_share_their_times_are_a_grid() {
    let text = concat!(
        "{\"metric\":{\"__name__\":\"up\",\"job\":\"a\"},\"values\":[1,null],\"timestamps\":[1000,2000]}\n",
        "{\"metric\":{\"__name__\":\"down\"},\"type\":\"gauge\",\"values\":[\"NaN\", 2.5],\"timestamps\":[1000, 2000]}\n"
    );
    let grid = read(text).unwrap();
    assert_eq!(write(&grid, Form::Csv), "time,\"up{job=\"\"a\"\"}\",down\n1,1,\n2,,2.5\n");
}

#[test]
fn series_lines_that_do_not_share_their_times_are_refused() {
    let line = |t: &str| format!("{{\"metric\":{{\"__name__\":\"a{t}\"}},\"values\":[1],\"timestamps\":[{t}]}}\n");
    assert!(refusal(&(line("1") + &line("2"))).starts_with("line 2: timestamps differ"));
    let far = line("2222222222222222222222100290900");
    assert_eq!(refusal(&far), "line 1: timestamps: not a time in milliseconds: \"9223372036854775807\"");
    assert!(refusal("{\"metric\":{}}").starts_with("line 1: column 13: not a line of a grid"));
}

#[test]
fn windows_stand_one_under_the_other() {
    let text = "time,window,a\n1,1,5\n2,1,6\n1,2,7\n2,2,8\n";
    let grid = read(text).unwrap();
    assert_eq!(grid.spans().len(), 2);
    assert_eq!(write(&read(&write(&grid, Form::Jsonl)).unwrap(), Form::Csv), text);
    assert!(refusal("time,window,a\n1,0,5\n").contains("not a whole number from 1"));
}

#[test]
fn compressed_input_is_read() {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(b"time,a\n1,2\n").unwrap();
    let zstd = zstd::encode_all(&b"time,a\n1,2\n"[..], 1).unwrap();
    for bytes in [gzip.finish().unwrap(), zstd] {
        let grid = grid::read_grid(Source::from_bytes(bytes).unwrap(), &mut io()).unwrap();
        assert_eq!(grid.columns[0].values, [2.0]);
    }
}

#[test]
fn what_is_packed_otherwise_is_named_with_the_way_out() {
    let refused = |bytes: &[u8]| Source::from_bytes(bytes.to_vec()).err().map(|e| e.to_string()).unwrap_or_default();
    let expected = "compressed with xz, expected plain, gzip or zstd (xz -dc)";
    assert_eq!(refused(b"\xfd7zXZ\0\0\x04"), expected);
    assert!(refused(b"BZh91AY&SY\0").contains("bzip2 -dc") && refused(b"PK\x03\x04").contains("unzip -p"));
    assert_eq!(refused(b"BZh_bytes,time\n"), "");
}

#[test]
fn lines_that_end_in_cr_alone_are_named() {
    let refused = read("time,a\r1700000000,1\r1700000015,2\r").unwrap_err().to_string();
    assert!(refused.starts_with("line 1: lines that end in CR alone, expected LF or CR LF"), "{refused}");
    assert!(read("time,\"a\rb\"\r\n1,2\r\n").is_ok() && read("time,a\r\r\n1,2\n").is_ok());
}

#[test]
fn columns_are_picked() {
    let source = Source::from_bytes(b"time,a,b,c\n1,2,x,4\n".to_vec()).unwrap();
    let source = source.pick(Picker::new(&["a".into(), "b".into(), "c".into()], &["b".into()]).unwrap());
    let grid = grid::read_grid(source, &mut io()).unwrap();
    assert_eq!(write(&grid, Form::Csv), "time,a,c\n1,2,4\n");
}

#[test]
fn tables_are_written_for_programs_and_for_people() {
    let mut table = Table::new(&["metric", "score", "note"]);
    table.push(vec!["a,b".into(), 1.23456789.into(), None::<f64>.into()]);
    table.push(vec!["c".into(), f64::NAN.into(), "x".into()]);
    let written = |form| {
        let mut out = Vec::new();
        table.write(form, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(TableForm::Csv), "metric,score,note\n\"a,b\",1.23456789,\nc,,x\n");
    let jsonl =
        "{\"metric\":\"a,b\",\"score\":1.23456789,\"note\":null}\n{\"metric\":\"c\",\"score\":null,\"note\":\"x\"}\n";
    assert_eq!(written(TableForm::Jsonl), jsonl);
    assert_eq!(written(TableForm::Table), "metric   score  note\na,b     1.2346\nc               x\n");
}

#[test]
fn what_looks_like_a_number_keeps_its_text_in_a_table() {
    let text = "service,release,load\n007,1.10,1e3\n7,1.1,0.10\n,-0,1e-7\n";
    let table = Table::read(Source::from_bytes(text.as_bytes().to_vec()).unwrap()).unwrap();
    let written = |form| {
        let mut out = Vec::new();
        table.write(form, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(TableForm::Csv), text);
    assert!(written(TableForm::Jsonl).starts_with("{\"service\":\"007\",\"release\":1.10,\"load\":1e3}\n"));
    let loads: Vec<f64> = table.rows.iter().filter_map(|row| row[2].number()).collect();
    assert_eq!(loads, [1000.0, 0.1, 1e-7]);
    let whole = b"{\"run\":12345678901234567890,\"load\":100.0}\n".to_vec();
    let table = Table::read(Source::from_bytes(whole).unwrap()).unwrap();
    assert_eq!(table.rows[0].iter().map(|cell| cell.text()).collect::<Vec<_>>(), ["12345678901234567890", "100"]);
}

#[test]
fn columns_of_a_table_are_chosen_and_long_names_shortened_for_people_only() {
    let name = "x".repeat(60) + &"y".repeat(60);
    let mut table = Table::new(&["rank", "metric", "score"]);
    table.push(vec![1_i64.into(), name.as_str().into(), 2.0.into()]);
    let chosen = table.choose(&["score".into(), "metric".into()]).unwrap();
    let written = |form| {
        let mut out = Vec::new();
        chosen.write(form, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(TableForm::Csv), format!("score,metric\n2,{name}\n"));
    let shortened = "x".repeat(50) + "…" + &"y".repeat(49);
    assert!(written(TableForm::Table).contains(&shortened));
    let error = table.choose(&["size".into()]).unwrap_err();
    assert_eq!(error.to_string(), "--columns: expected some of rank,metric,score: \"size\"");
}

#[test]
fn people_are_not_told_twice_which_service_a_series_is_of() {
    let mut table = Table::new(&["metric", "service"]);
    table.push(vec!["up{instance=\"carts\",job=\"carts\",zone=\"b\"}".into(), "carts".into()]);
    table.push(vec!["up{job=\"carts\"}".into(), "carts".into()]);
    let mut out = Vec::new();
    table.write(TableForm::Table, &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap(), "metric        service\nup{zone=\"b\"}  carts\nup            carts\n");
}

proptest! {
    #[test]
    fn both_forms_carry_the_same_grid(
        cells in proptest::collection::vec(proptest::collection::vec(proptest::option::of(-1e9..1e9f64), 4), 0..40),
    ) {
        let times_ms = (0..cells.len() as i64).map(|k| 1_700_000_000_000 + 500 * k).collect();
        let column = |j: usize| Column {
            name: format!("m{{i=\"{j}\"}}"),
            values: cells.iter().map(|row| row[j].unwrap_or(f64::NAN)).collect(),
        };
        let grid = Grid { times_ms, windows: None, columns: (0..4).map(column).collect() };
        let csv = write(&grid, Form::Csv);
        prop_assert_eq!(&write(&read(&csv).unwrap(), Form::Csv), &csv);
        if !cells.is_empty() {
            prop_assert_eq!(write(&read(&write(&grid, Form::Jsonl)).unwrap(), Form::Csv), csv);
        }
    }

    #[test]
    fn what_is_read_is_written_and_read_the_same(
        names in "(,(a|b\"\"|\"c,\"| )?){0,3}",
        rows in proptest::collection::vec("[1-9](,(7|-2.5| |nan)?){0,3}", 1..4),
    ) {
        if let Ok(grid) = read(&format!("time{names}\n{}\n", rows.join("\n"))) {
            let csv = write(&grid, Form::Csv);
            prop_assert_eq!(read(&csv).map(|again| write(&again, Form::Csv)), Ok(csv));
        }
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in "(time|ts|\\{\"metric\":\\{|[a-z0-9,.\"\\n\\[\\]{}:-]){0,60}") {
        let _ = read(&text);
    }
}
