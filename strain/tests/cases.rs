//! Whole processes with stand-ins for the filters: see `tests/cases` and `tests/at`. The real filters are tested by
//! `tests/pipe` at the root.

#[test]
fn cases() {
    grid::testing::run_cases(env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_strain"));
}
