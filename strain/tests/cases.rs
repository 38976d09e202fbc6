//! Whole processes with stand-ins for the filters: see `tests/cases` and `tests/at`. The real filters are tested by
//! `tests/pipe` at the root.

#[test]
fn cases() {
    grid::testing::run_cases(env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_strain"));
}

#[test]
fn the_short_help_of_its_commands_fits() {
    for command in ["compare", "show"] {
        grid::testing::short_help_fits(env!("CARGO_BIN_EXE_strain"), &[command]);
    }
}
