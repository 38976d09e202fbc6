//! Whole processes against the stub server: see `tests/cases`. The commands find it through `tests/at`.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod stub;

use std::env;
use std::process::Command;

/// Starts the server, then runs itself again with the server's address in the environment.
#[test]
fn cases() {
    if env::var_os("STUB").is_some() {
        return grid::testing::run_cases(env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_prom-fetch"));
    }
    let mut again = Command::new(env::current_exe().unwrap());
    let again = again.args(["--exact", "cases", "--nocapture"]).env("STUB", stub::start()).env_remove("PROM_URL");
    assert!(again.status().unwrap().success());
}
