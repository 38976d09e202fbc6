//! A real Prometheus on known samples.
#![allow(clippy::print_stderr)]

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

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

/// Starts Prometheus on the samples, with further options; `None` when it is not installed.
pub(crate) fn prometheus(name: &str, samples: &str, options: &[&str]) -> Option<Server> {
    if Command::new("prometheus").arg("--version").output().is_err() {
        eprintln!("NOT TESTED: no prometheus on the path (apt install prometheus)");
        return None;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (text, data, config) = (folder.join("samples.om"), folder.join("data"), folder.join("prometheus.yml"));
    fs::write(&text, samples).unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let scrape = format!(
        "scrape_configs:\n- job_name: self\n  scrape_interval: 3s\n  static_configs: [{{targets: ['{address}']}}]\n"
    );
    fs::write(&config, scrape).unwrap();
    let blocks = ["tsdb", "create-blocks-from", "openmetrics", "-q"];
    let made = Command::new("promtool").args(blocks).arg(&text).arg(&data).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let child = Command::new("prometheus")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", data.display()))
        .arg(format!("--web.listen-address={address}"))
        .args(["--storage.tsdb.retention.time=100y"])
        .args(options)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Some(Server { child, folder, url: format!("http://{address}") })
}
