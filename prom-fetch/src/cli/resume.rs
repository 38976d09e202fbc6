//! How far a fetch has come, kept in a file: after a crash it goes on from there.

use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use grid::Error;
use prom_fetch::fetch::Left;
use prom_fetch::plan::job::Job;
use prom_fetch::plan::range::Span;
use prom_fetch::plan::shard::Shard;
use prom_fetch::plan::split::Part;
use serde::{Deserialize, Serialize};

use super::settings::Settings;
use super::times::Moment;

/// What the file holds.
#[derive(Serialize, Deserialize)]
struct State {
    asked: Asked,
    span: Span,
    points: i64,
    parts: Vec<Vec<Part>>,
    /// How long the output was when only this was left.
    bytes: u64,
    left: Left,
}

/// What the command line must have in common with the one that began.
#[derive(PartialEq, Serialize, Deserialize)]
struct Asked {
    server: String,
    queries: Vec<String>,
    range: (Option<Moment>, Option<Moment>, Option<i64>),
    step_ms: Option<i64>,
    raw: bool,
    shard: Option<Shard>,
    /// The checksum of the packing.
    #[serde(default)]
    packed: Option<u32>,
    #[serde(default)]
    mimir: bool,
}

impl Asked {
    fn new(settings: &Settings, server: &str) -> Asked {
        let text = settings.packed.as_deref().and_then(|file| fs::read(file).ok());
        Asked {
            server: server.to_string(),
            queries: settings.queries.iter().map(|query| query.text.clone()).collect(),
            range: settings.range,
            step_ms: settings.step_ms,
            raw: settings.raw,
            shard: settings.shard,
            packed: text.map(|text| crc32fast::hash(&text)),
            mimir: settings.mimir,
        }
    }
}

/// Keeps the state of a fetch.
pub(crate) struct Keeper {
    file: PathBuf,
    output: File,
    state: State,
    kept: Option<Instant>,
}

/// Between two states that are kept.
const OFTEN: Duration = Duration::from_secs(1);

impl Keeper {
    /// Prepares to keep how far `job` has come; when the file holds a state already, `job` becomes what that
    /// one was, and the output is cut to the length it then had.
    pub(crate) fn open(file: &Path, settings: &Settings, server: &str, job: &mut Job) -> Result<Keeper, Error> {
        let place = |what: &str| Error::failed(what).at(&file.display().to_string());
        let mut output = output()?;
        let asked = Asked::new(settings, server);
        let length = output.metadata()?.len();
        let state = match fs::read(file) {
            Ok(text) => serde_json::from_slice::<State>(&text).map_err(|_| place("not the state of a fetch"))?,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let (span, points, parts) = (job.span, job.points, job.parts.clone());
                State { asked, span, points, parts, bytes: length, left: Left::all(job) }
            }
            Err(e) => return Err(place(&e.kind().to_string())),
        };
        if state.asked != Asked::new(settings, server) {
            return Err(place("it is the state of another fetch, give the same options or another file"));
        }
        if length < state.bytes {
            return Err(place("the output is shorter than it was, append with >>"));
        }
        output.set_len(state.bytes)?;
        output.seek(SeekFrom::End(0))?;
        (job.span, job.points, job.parts) = (state.span, state.points, state.parts.clone());
        Ok(Keeper { file: file.to_path_buf(), output, state, kept: None })
    }

    /// What is left to do.
    pub(crate) fn left(&self) -> Left {
        self.state.left.clone()
    }

    /// True when it is time to keep a state again.
    pub(crate) fn is_due(&self) -> bool {
        self.kept.is_none_or(|at| at.elapsed() > OFTEN)
    }

    /// Keeps what is left, now that all before it is in the output.
    pub(crate) fn keep(&mut self, left: Left) -> io::Result<()> {
        self.state.left = left;
        self.state.bytes = self.output.metadata()?.len();
        let state = serde_json::to_vec(&self.state)?;
        grid::replace_file(&self.file, |out| Ok(out.write_all(&state)?)).map_err(io::Error::other)?;
        self.kept = Some(Instant::now());
        Ok(())
    }

    /// Removes the file: there is nothing to go on with.
    pub(crate) fn finish(self) -> Result<(), Error> {
        match fs::remove_file(&self.file) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => {
                Err(Error::failed(e.kind()).at(&self.file.display().to_string()))
            }
            _ => Ok(()),
        }
    }
}

/// Standard output, which must be a file.
fn output() -> Result<File, Error> {
    let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    if output.metadata()?.is_file() {
        return Ok(output);
    }
    Err(Error::usage("--resume: standard output is not a file, append to one with >>"))
}
