//! Whole runs of the filter, byte for byte.

#[test]
fn cases() {
    grid::testing::run_cases(env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_rank"));
}
