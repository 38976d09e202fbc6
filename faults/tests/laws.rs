//! Laws that must hold for any series.

use faults::{Example, Observed, classify, movement, signature};
use proptest::prelude::*;

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

proptest! {
    #[test]
    fn how_far_a_run_moved_is_its_distance_from_one_that_did_not(
        cpu in prop::collection::vec(-1e4..1e4f64, 0..90), memory in prop::collection::vec(-1e4..1e4f64, 0..90)
    ) {
        let run = |signature: Vec<f64>| Observed { service: "a".into(), first_kind: "cpu".into(), signature };
        let moved = run(signature(&[(&cpu, 1.0), (&memory, 0.25)]));
        let still = Example { kind: "still".into(), seen: run(signature(&[(&[], 1.0), (&[0.0], 1.0)])) };
        let found = classify(&moved, &[still]);
        prop_assert!(found.iter().all(|f| close(f.distance, movement(&moved.signature))));
    }

    #[test]
    fn a_gap_is_worth_the_value_after_it(z in prop::collection::vec(-1e4..1e4f64, 1..90), at in 0..90usize) {
        let at = at % z.len();
        let (mut holed, mut filled) = (z.clone(), z.clone());
        holed[at] = f64::NAN;
        filled[at] = z.get(at + 1).copied().unwrap_or(0.0);
        prop_assert_eq!(signature(&[(&holed, 1.0)]), signature(&[(&filled, 1.0)]));
    }
}
