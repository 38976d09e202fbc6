//! Whole processes: see `tests/cases`.

#[test]
fn cases() {
    grid::testing::run_cases(env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_spans"));
}
