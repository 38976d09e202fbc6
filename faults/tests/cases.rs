//! The filter as a process: see the folders under `tests/cases`.

#[test]
fn cases() {
    grid::testing::run_cases(env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_faults"));
}

#[test]
fn the_short_help_of_its_commands_fits() {
    grid::testing::short_help_fits(env!("CARGO_BIN_EXE_faults"), &["add"]);
}
