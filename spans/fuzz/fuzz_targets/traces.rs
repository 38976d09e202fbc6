//! Any bytes as traces in any form, through to the series.
#![no_main]

use libfuzzer_sys::fuzz_target;
use spans::{Noted, OpenTraces, Services, Tally, examine, read, read_protobuf};

fuzz_target!(|bytes: &[u8]| {
    let (mut services, mut noted, mut spans) = (Services::default(), Noted::default(), Vec::new());
    if let Err(fault) = read_protobuf(bytes, &mut services, &mut noted, &mut spans) {
        assert!(!fault.to_string().contains('\n'));
    }
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Err(fault) = read(line, &mut services, &mut noted, &mut spans) {
            assert!(!fault.to_string().contains('\n'));
        }
    }
    let (mut open, mut tally) = (OpenTraces::new(1_000_000_000), Tally::new(1_000_000_000));
    for span in spans {
        assert!(span.start_ns <= span.end_ns);
        tally.record(&span);
        open.add(span, &mut noted);
        while let Some(mut trace) = open.advance(span.end_ns) {
            tally.add(&examine(&mut trace, &mut noted));
        }
    }
    while let Some(mut trace) = open.close() {
        tally.add(&examine(&mut trace, &mut noted));
    }
    let rows = tally.times_ns().len();
    let taken = tally.series(&services, 1.0, |one| if one.values.len() == rows { Ok(()) } else { Err(one) });
    assert!(taken.is_ok());
});
