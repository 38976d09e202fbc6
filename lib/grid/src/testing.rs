//! Runs the case directories of a filter: `cmd` is a line of shell; `out`, `err` and `code` are what it
//! must print and return, byte for byte. `BLESS=1` writes them anew: the diff is the review.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs every case under `tests/cases` of a crate, with the filter first on the path by its name; its short help fits the
/// terminals there are.
///
/// # Panics
/// When a case fails, with its command and both texts.
#[allow(clippy::expect_used)]
pub fn run_cases(crate_dir: &str, binary: &str) {
    short_help_fits(binary, &[]);
    let mut cases: Vec<_> = fs::read_dir(Path::new(crate_dir).join("tests/cases"))
        .expect("tests/cases is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.join("cmd").exists())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "no cases under {crate_dir}/tests/cases");
    let failed: Vec<String> = cases.iter().filter_map(|case| run_case(case, Path::new(binary)).err()).collect();
    let (bad, all) = (failed.len(), cases.len());
    assert!(failed.is_empty(), "{bad} of {all} cases failed (BLESS=1 writes them anew)\n\n{}", failed.join("\n"));
}

/// The short help, `-h`, of a filter or of one of its commands: at 80 columns and at 100 no line is longer, its first sentence is
/// one line, and a sentence of an option goes on only behind a comma, a semicolon or a colon, or before a bracket.
///
/// # Panics
/// When a line is broken, with that line.
#[allow(clippy::expect_used)]
pub fn short_help_fits(binary: &str, words: &[&str]) {
    for columns in [80, 100] {
        let mut command = Command::new(binary);
        let output = command.args(words).arg("-h").env("COLUMNS", columns.to_string()).output();
        let help = String::from_utf8(output.expect("the filter runs").stdout).expect("help is text");
        let lines: Vec<&str> = help.lines().collect();
        assert!(
            lines.len() > 5 && lines[1].is_empty(),
            "{words:?} -h at {columns}: the first line goes on: {:?}",
            lines[1]
        );
        for pair in lines.windows(2) {
            assert!(pair[1].chars().count() <= columns, "{words:?} -h at {columns}: too long: {:?}", pair[1]);
            let [is_text, goes_on] = [pair[0], pair[1]].map(|line| line.starts_with("          "));
            let cut = pair[0].ends_with([',', ';', ':']) || pair[1].trim_start().starts_with(['(', '[']);
            let broken = is_text && goes_on && !cut;
            assert!(!broken, "{words:?} -h at {columns}: a sentence is broken: {:?} {:?}", pair[0], pair[1].trim());
        }
    }
}

#[allow(clippy::expect_used)]
fn run_case(case: &Path, binary: &Path) -> Result<(), String> {
    let command = fs::read_to_string(case.join("cmd")).expect("cmd is readable");
    let tools = binary.parent().expect("a binary has a folder").display().to_string();
    let path = format!("{tools}:{}", std::env::var("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .args(["-c", &format!("set -o pipefail\n{command}")])
        .current_dir(case)
        .env("PATH", path)
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .expect("bash is there");
    let code = format!("{}\n", output.status.code().unwrap_or(-1));
    let got = [("out", output.stdout), ("err", output.stderr), ("code", code.into_bytes())];
    if std::env::var_os("BLESS").is_some() {
        for (name, bytes) in &got {
            fs::write(case.join(name), bytes).expect("the case is writable");
        }
        return Ok(());
    }
    let mut report = String::new();
    for (name, bytes) in &got {
        let expected = fs::read(case.join(name)).unwrap_or_default();
        if expected != *bytes {
            let (expected, bytes) = (String::from_utf8_lossy(&expected), String::from_utf8_lossy(bytes));
            report += &format!("--- {name}, expected:\n{expected}--- {name}, got:\n{bytes}");
        }
    }
    match report.is_empty() {
        true => Ok(()),
        false => Err(format!("=== {}\n$ {}\n{report}", case.display(), command.trim())),
    }
}

/// An `Io` that says nothing, for tests that call readers directly.
///
/// # Panics
/// When standard output cannot be duplicated.
#[allow(clippy::expect_used)]
pub fn silent_io() -> crate::Io {
    let mut io = crate::Io::new("test").expect("standard output is there");
    io.quiet(true);
    io
}
