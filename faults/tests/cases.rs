//! The filter as a process: see the folders under `tests/cases`.

#[test]
fn cases() {
    grid::testing::run_cases(env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_faults"));
}
