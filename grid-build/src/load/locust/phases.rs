//! How many users were wanted: from the record of a run, since Locust's files do not say it.

use grid::{Error, parse_time_ms};
use serde_json::Value;

use crate::lattice::{Laid, Lattice};

/// A stretch of a run with its load.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// From this time on.
    pub start_ms: i64,
    /// Up to and with this time.
    pub end_ms: i64,
    /// The target number of users.
    pub users: Option<f64>,
    /// Users started a second.
    pub spawn_rate: Option<f64>,
}

impl Phase {
    /// The same load at all times.
    pub fn always(users: Option<f64>, spawn_rate: Option<f64>) -> Self {
        Phase { start_ms: i64::MIN, end_ms: i64::MAX, users, spawn_rate }
    }
}

/// Reads `phases` of a `run.json`: a list of objects with start, end (Unix seconds or RFC 3339),
/// users and spawn_rate.
pub fn read_phases(text: &[u8]) -> Result<Vec<Phase>, Error> {
    let run: Value = serde_json::from_slice(text).map_err(|e| Error::failed(format!("not JSON: {e}")))?;
    let Some(phases) = run.get("phases").and_then(Value::as_array) else {
        return Err(Error::failed("no list \"phases\" at the top"));
    };
    phases.iter().enumerate().map(|(at, phase)| read_phase(phase, at + 1)).collect()
}

fn read_phase(phase: &Value, number: usize) -> Result<Phase, Error> {
    let time = |key: &str| {
        let value = phase.get(key).cloned().unwrap_or_default();
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
        let refused = || Error::failed(format!("phase {number}: {key}: not a time: \"{text}\""));
        parse_time_ms(&text).ok_or_else(refused)
    };
    let number = |key: &str| phase.get(key).and_then(Value::as_f64);
    Ok(Phase {
        start_ms: time("start")?,
        end_ms: time("end")?,
        users: number("users"),
        spawn_rate: number("spawn_rate"),
    })
}

/// The target users and the spawn rate at every tick; where phases meet, the later one counts.
pub(crate) fn columns(phases: &[Phase], lattice: Lattice) -> Vec<Laid> {
    let column = |name: &str, load: fn(&Phase) -> Option<f64>| {
        phases.iter().any(|p| load(p).is_some()).then(|| {
            let at = |tick| {
                let time = lattice.time_ms(tick);
                let mut now = phases.iter().filter(|p| (p.start_ms..=p.end_ms).contains(&time));
                now.next_back().and_then(load).unwrap_or(f64::NAN)
            };
            Laid { name: name.to_string(), adds: false, values: (0..lattice.ticks).map(at).collect() }
        })
    };
    let users = column("locust_target_users", |p| p.users);
    let spawn_rate = column("locust_spawn_rate", |p| p.spawn_rate);
    users.into_iter().chain(spawn_rate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_say_the_wanted_load() {
        let text = r#"{"phases":[{"name":"steady","start":10,"end":12,"users":20,"spawn_rate":5},
                       {"start":"1970-01-01T00:00:12Z","end":13,"users":80}]}"#;
        let phases = read_phases(text.as_bytes()).unwrap();
        let lattice = Lattice { start_ms: 9_000, step_ms: 1_000, ticks: 6 };
        let columns = columns(&phases, lattice);
        let users: Vec<Option<f64>> = columns[0].values.iter().map(|v| (!v.is_nan()).then_some(*v)).collect();
        assert_eq!(users, [None, Some(20.0), Some(20.0), Some(80.0), Some(80.0), None]);
        assert_eq!(columns[1].name, "locust_spawn_rate");
        assert!(columns[1].values[3].is_nan());
    }

    #[test]
    fn a_phase_without_times_is_refused() {
        let error = read_phases(br#"{"phases":[{"start":1}]}"#).unwrap_err();
        assert_eq!(error.to_string(), "phase 1: end: not a time: \"null\"");
    }
}
