//! The filters: their names, and where they are.

use std::env;
use std::path::{Path, PathBuf};

/// The filters, in the order of the pipe, with what each is for.
pub const FILTERS: [(&str, &str); 10] = [
    ("prom-fetch", "fetch every series of a Prometheus-compatible server"),
    ("spans", "turn traces into series and call graphs"),
    ("grid-build", "build one even grid: one row per timestamp, one column per series"),
    ("znorm", "z-normalise every column"),
    ("peaks", "find peaks, and cut windows around them"),
    ("dtw", "compare every column with a query by dynamic time warping"),
    ("faults", "name the known fault that a run resembles"),
    ("pca", "find the few directions in which the columns move"),
    ("rank", "rank metrics and services by how much worse they got"),
    ("report", "make a page of what was found"),
];

/// Where filters are looked for before PATH: the folder of this program, or `libexec/strain` beside that.
pub fn folders() -> Vec<PathBuf> {
    let own = env::current_exe().ok().and_then(|program| program.canonicalize().ok());
    let bin = own.as_deref().and_then(Path::parent).map(Path::to_path_buf);
    let libexec = bin.as_ref().map(|bin| bin.join("../libexec/strain"));
    env::var_os("STRAIN_LIBEXEC").map(PathBuf::from).into_iter().chain(bin).chain(libexec).collect()
}

/// The program of a filter; its bare name when it is to be found on PATH.
pub fn program(name: &str, folders: &[PathBuf]) -> PathBuf {
    let beside = folders.iter().map(|folder| folder.join(name)).find(|program| program.is_file());
    beside.unwrap_or_else(|| PathBuf::from(name))
}

/// All that may stand behind `strain`.
pub fn commands() -> impl Iterator<Item = &'static str> {
    FILTERS.iter().map(|(name, _)| *name).chain(["compare", "show"])
}
