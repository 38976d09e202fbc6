//! A real Prometheus, or VictoriaMetrics, on known samples. The variables PROMETHEUS, PROMTOOL and VICTORIA_METRICS name
//! programs other than those on the path.
#![allow(clippy::print_stderr)]
#![allow(dead_code, reason = "each test needs one or the other")]

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A server on a free port; it is ended when this goes out of scope, also when a test fails.
pub(crate) struct Server {
    child: Child,
    folder: PathBuf,
    pub(crate) url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The program that a variable names, or else this one; `None`, with a word, when it is not there.
fn program(variable: &str, usual: &str, version: &str) -> Option<String> {
    let name = std::env::var(variable).unwrap_or(usual.to_string());
    if Command::new(&name).arg(version).output().is_err() {
        eprintln!("NOT TESTED: no {name} on the path (apt install {usual})");
        return None;
    }
    Some(name)
}

/// A folder of a test's own, and a free address.
fn place(name: &str) -> (PathBuf, String) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    (folder, TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string())
}

fn start(command: &mut Command, folder: PathBuf, address: &str) -> Server {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    Server { child, folder, url: format!("http://{address}") }
}

/// Starts Prometheus on the samples, with further options; `None` when it is not installed.
pub(crate) fn prometheus(name: &str, samples: &str, options: &[&str]) -> Option<Server> {
    let (server, tool) = (program("PROMETHEUS", "prometheus", "--version")?, std::env::var("PROMTOOL"));
    let (folder, address) = place(name);
    let (text, data, config) = (folder.join("samples.om"), folder.join("data"), folder.join("prometheus.yml"));
    fs::write(&text, samples).unwrap();
    let scrape = format!(
        "scrape_configs:\n- job_name: self\n  scrape_interval: 3s\n  static_configs: [{{targets: ['{address}']}}]\n"
    );
    fs::write(&config, scrape).unwrap();
    let blocks = ["tsdb", "create-blocks-from", "openmetrics", "-q"];
    let made = Command::new(tool.as_deref().unwrap_or("promtool")).args(blocks).arg(&text).arg(&data).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut command = Command::new(server);
    command
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", data.display()))
        .arg(format!("--web.listen-address={address}"))
        .args(["--storage.tsdb.retention.time=100y"])
        .args(options);
    Some(start(&mut command, folder, &address))
}

/// Starts VictoriaMetrics and gives it series lines; `None` when it is not installed.
pub(crate) fn victoria_metrics(name: &str, lines: &str, options: &[&str]) -> Option<Server> {
    let server = program("VICTORIA_METRICS", "victoria-metrics", "-version")?;
    let (folder, address) = place(name);
    let mut command = Command::new(server);
    command
        .arg(format!("-storageDataPath={}", folder.join("data").display()))
        .arg(format!("-httpListenAddr={address}"))
        .args(["-retentionPeriod=100y", "-loggerLevel=ERROR"])
        .args(options);
    let server = start(&mut command, folder, &address);
    let ready = |_: &u32| ureq::get(format!("{}/health", server.url)).call().is_ok();
    (0..600).inspect(|_| thread::sleep(Duration::from_millis(100))).find(ready).unwrap();
    ureq::post(format!("{}/api/v1/import", server.url)).send(lines).unwrap();
    // What was taken in can be searched for from now on.
    ureq::get(format!("{}/internal/force_flush", server.url)).call().unwrap();
    Some(server)
}
