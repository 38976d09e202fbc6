//! The process' own metrics, read from /proc/self when the page is asked for.

use std::fmt;
use std::fs;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::{MetricType, TypedMetric};

/// Clock ticks a second in /proc/self/stat: 100 for every user program on Linux.
const TICKS_A_SECOND: f64 = 100.0;

/// Processor time, memory, open files and threads, by the names that Prometheus' client libraries use.
#[derive(Debug)]
pub(crate) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        if let Some(seconds) = fs::read_to_string("/proc/self/stat").ok().and_then(|t| cpu_seconds(&t)) {
            let counter = ConstCounter::new(seconds);
            let metric =
                encoder.encode_descriptor("process_cpu_seconds", "Processor time used", None, MetricType::Counter)?;
            counter.encode(metric)?;
        }
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let files = fs::read_dir("/proc/self/fd").map(Iterator::count).ok();
        let gauges = [
            ("process_resident_memory_bytes", "Resident memory", status_field(&status, "VmRSS:").map(|kib| kib * 1024)),
            ("process_threads", "Threads", status_field(&status, "Threads:")),
            ("process_open_fds", "Open files", files.and_then(|n| i64::try_from(n).ok())),
        ];
        for (name, help, value) in gauges {
            if let Some(value) = value {
                let gauge = ConstGauge::new(value);
                gauge.encode(encoder.encode_descriptor(name, help, None, ConstGauge::<i64>::TYPE)?)?;
            }
        }
        Ok(())
    }
}

/// User and system time of /proc/self/stat: the 12th and 13th field after the command's closing bracket.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_ascii_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_A_SECOND)
}

fn status_field(status: &str, name: &str) -> Option<i64> {
    let line = status.lines().find_map(|l| l.strip_prefix(name))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_user_and_system_time() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 1 0 1 1 1";
        assert_eq!(cpu_seconds(stat), Some(3.0));
        assert_eq!(cpu_seconds("7 (a"), None);
    }

    #[test]
    fn a_status_field_is_its_first_number() {
        assert_eq!(status_field("Name:\tshop\nVmRSS:\t  120 kB\n", "VmRSS:"), Some(120));
        assert_eq!(status_field("Name:\tshop\n", "Threads:"), None);
    }
}
