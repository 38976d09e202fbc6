//! Any bytes as a table of another program: wide, long, rows in JSON, OpenMetrics text.
#![no_main]

use grid_build::{Dialect, Input, Load, Options, Store, Wish, assemble, read_rows, read_samples, read_table};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Input::of(bytes);
    let dialect = Dialect::default();
    for kind in 0..3 {
        let mut store = Store::new();
        let read = match kind {
            0 => read_table(bytes, &dialect, None, &mut store).map(drop),
            1 => read_rows(bytes, &dialect, None, &mut store).map(drop),
            _ => read_samples(bytes, &mut store),
        };
        if read.is_err() {
            continue;
        }
        let wish = Wish { step_ms: Some(1_000), start_ms: Some(0), end_ms: Some(100_000) };
        if let Ok(built) = assemble(store, &Load::default(), &Options { wish, ..Options::default() }) {
            assert!(built.grid.columns.iter().all(|c| c.values.len() == built.grid.rows()));
        }
    }
});
