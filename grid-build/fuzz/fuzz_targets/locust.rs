//! Any bytes as each of Locust's files, through to the grid.
#![no_main]

use grid_build::{
    Load, Options, Store, Wish, assemble, read_history, read_phases, read_requests, read_totals,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_totals(bytes, Some(bytes));
    let load = Load {
        history: read_history(bytes).ok(),
        logs: read_requests(bytes).ok().into_iter().collect(),
        totals: read_totals(bytes, None::<&[u8]>).ok(),
        phases: read_phases(bytes).unwrap_or_default(),
        by_name: true,
        quantiles: vec![0.95],
    };
    let wish = Wish { step_ms: Some(1_000), start_ms: Some(1_700_000_000_000), end_ms: Some(1_700_000_100_000) };
    let options = Options { wish, ..Options::default() };
    if let Ok(built) = assemble(Store::new(), &load, &options) {
        assert!(built.grid.columns.iter().all(|c| c.values.len() == built.grid.rows()));
    }
});
