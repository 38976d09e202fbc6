//! The command line: every folder of `cases` is a command, what it prints, what it complains.

#[test]
fn cases() {
    grid::testing::run_cases(env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_report"));
}
