//! Any bytes as series in any form, through to the grid.
#![no_main]

use grid::Source;
use grid_build::{Agg, Counters, Histograms, Load, Options, Store, Wish, assemble, read_series};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((&flags, text)) = bytes.split_first() else { return };
    let Ok(source) = Source::from_bytes(text.to_vec()) else { return };
    let mut store = Store::new();
    if let Err(e) = read_series(source, &mut store) {
        assert!(!e.to_string().contains('\n'));
        return;
    }
    let bit = |n: u8| flags >> n & 1 == 1;
    let options = Options {
        wish: Wish {
            step_ms: bit(0).then_some(1_000),
            start_ms: bit(1).then_some(0),
            end_ms: bit(2).then_some(100_000),
        },
        lookback_ms: bit(3).then_some(5_000),
        interval_ms: None,
        like: Default::default(),
        counters: if bit(4) { Counters::Delta } else { Counters::Auto },
        histograms: if bit(5) { Histograms::Quantiles } else { Histograms::Raw },
        quantiles: vec![0.5, 0.99],
        by: bit(6).then(|| vec!["a".to_string()]),
        agg: if bit(7) { Agg::Max } else { Agg::Mean },
        fill: None,
        max_gap_ms: None,
    };
    if let Ok(built) = assemble(store, &Load::default(), &options) {
        assert!(built.grid.times_ms.is_sorted_by(|a, b| a < b));
        assert!(built.grid.columns.iter().all(|c| c.values.len() == built.grid.rows()));
    }
});
