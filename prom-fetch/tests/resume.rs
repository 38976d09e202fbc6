//! A fetch that was ended in the middle goes on where it was.
#![allow(clippy::unwrap_used)]

mod stub;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn append(url: &str, folder: &Path, arguments: &str) -> Output {
    let output = OpenOptions::new().append(true).create(true).open(folder.join("out.jsonl")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_prom-fetch"))
        .args(["--url", url, "--quiet", "--start", "0", "--end", "54999", "--step", "1", "--retries", "0"])
        .args(arguments.split_whitespace())
        .arg("--resume")
        .arg(folder.join("state"))
        .stdout(output)
        .output()
        .unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("resume-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The third of five requests is refused; a crash leaves half a line behind, which the next run takes back.
#[test]
fn a_fetch_goes_on_where_it_was() {
    let (stub, folder) = (stub::start(), folder("crash"));
    // What is called nearly so is another's.
    fs::write(folder.join("state.new"), "mine").unwrap();
    let broken = append(&format!("{stub}/third"), &folder, "");
    assert_eq!(broken.status.code(), Some(1));
    assert_eq!(fs::read_to_string(folder.join("state.new")).unwrap(), "mine");
    let text = fs::read_to_string(folder.join("out.jsonl")).unwrap();
    assert_eq!(text.lines().count(), 6);
    OpenOptions::new().append(true).open(folder.join("out.jsonl")).unwrap().write_all(b"{\"metric\":{\"__na").unwrap();

    let done = append(&format!("{stub}/third"), &folder, "");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(!folder.join("state").exists());
    let whole = Command::new(env!("CARGO_BIN_EXE_prom-fetch"))
        .args(["--url", &format!("{stub}/good"), "--quiet", "--start", "0", "--end", "54999", "--step", "1"])
        .output()
        .unwrap();
    assert_eq!(fs::read(folder.join("out.jsonl")).unwrap(), whole.stdout);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn another_fetch_is_not_gone_on_with() {
    let (stub, folder) = (stub::start(), folder("other"));
    assert_eq!(append(&format!("{stub}/third"), &folder, "").status.code(), Some(1));
    let other = append(&format!("{stub}/third"), &folder, "b");
    assert!(String::from_utf8_lossy(&other.stderr).contains("the state of another fetch"));
    fs::write(folder.join("out.jsonl"), "").unwrap();
    let lost = append(&format!("{stub}/third"), &folder, "");
    assert!(String::from_utf8_lossy(&lost.stderr).contains("append with >>"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_pipe_cannot_be_gone_on_with() {
    let output = Command::new(env!("CARGO_BIN_EXE_prom-fetch"))
        .args(["--url", &format!("{}/good", stub::start()), "--step", "1", "--resume", "state"])
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}
