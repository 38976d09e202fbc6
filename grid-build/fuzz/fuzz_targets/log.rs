//! Any bytes as the log of a load generator: of Locust, k6, JMeter, Gatling and vegeta, through to the grid.
#![no_main]

use grid_build::{Load, Log, Options, Store, Wish, assemble};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    // The one that its beginning tells, and any that the first byte chooses.
    let told = Log::of(bytes).ok().flatten();
    let chosen = bytes.first().map(|first| Log::ALL[usize::from(*first) % Log::ALL.len()]);
    for log in told.into_iter().chain(chosen) {
        let Ok(requests) = log.read(bytes, None) else { continue };
        let load = Load { logs: vec![requests], by_name: true, quantiles: vec![0.5, 0.99], ..Load::default() };
        let wish = Wish { step_ms: Some(1_000), start_ms: Some(1_700_000_000_000), end_ms: Some(1_700_000_100_000) };
        if let Ok(built) = assemble(Store::new(), &load, &Options { wish, ..Options::default() }) {
            assert!(built.grid.columns.iter().all(|c| c.values.len() == built.grid.rows()));
            assert!(built.grid.columns.iter().flat_map(|c| &c.values).all(|value| !value.is_infinite()));
        }
    }
});
