//! Any bytes as a grid in either form: what is read is written, read again, and the same.
#![no_main]

use grid::{Form, Grid, Source};
use libfuzzer_sys::fuzz_target;

fn read(bytes: Vec<u8>) -> Option<Grid> {
    let source = Source::from_bytes(bytes).ok()?;
    match grid::read_grid(source, &mut grid::testing::silent_io()) {
        Ok(grid) => Some(grid),
        Err(e) => {
            assert!(!e.to_string().contains('\n') || e.to_string().contains('"'));
            None
        }
    }
}

fn write(grid: &Grid, form: Form) -> Vec<u8> {
    let mut out = Vec::new();
    assert!(grid::write_grid(grid, form, &mut out).is_ok());
    out
}

fuzz_target!(|bytes: &[u8]| {
    let Some(grid) = read(bytes.to_vec()) else { return };
    assert!(grid.columns.iter().all(|c| c.values.len() == grid.rows() && !c.values.iter().any(|v| v.is_infinite())));
    let csv = write(&grid, Form::Csv);
    let again = read(csv.clone());
    assert_eq!(again.map(|grid| write(&grid, Form::Csv)), Some(csv));
});
