//! Which results in a folder are strain's own: a later run removes these first, and nobody else's.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use grid::{Error, reason};

use super::{JUNIT, SUMMARY};
use crate::plan::phases::{FAULTS, METRICS, PAGE, SERVICES, WORDS};

/// The file that names them, relative to the folder, one a line.
pub const MARK: &str = ".strain";

/// Where the results of a phase may stand: of a comparison in time in the folder itself, of two runs in one for each phase.
const PLACES: [&str; 3] = ["", "steady/", "overload/"];

/// The results of a folder that tell a verdict, and were made there by strain.
#[derive(Debug)]
pub struct Made {
    folder: PathBuf,
}

impl Made {
    /// Removes what earlier runs made: should this one fail, nobody must take their verdict for its own. What no run is
    /// known to have made stays. A folder that is not there has nothing.
    pub fn forget(folder: &Path) -> Result<Made, Error> {
        let mark = folder.join(MARK);
        let made = match fs::read_to_string(&mark) {
            Ok(made) => made,
            Err(e) if is_absent(&e) => String::new(),
            Err(e) => return Err(Error::read(mark.display(), &e)),
        };
        // Only what has the name of a result: the mark is a file like any other.
        let own = results().filter(|name| made.lines().any(|line| line == name));
        for file in own.map(|name| folder.join(name)).chain([mark]) {
            match fs::remove_file(&file) {
                Err(e) if !is_absent(&e) => {
                    let text = format!("cannot remove: {}", reason(&e));
                    return Err(Error::failed(text).at(&file.display().to_string()));
                }
                _ => {}
            }
        }
        Ok(Made { folder: folder.to_path_buf() })
    }

    /// Remembers a file of the folder that has just been made, and what is made with it; any but a result is passed over.
    pub fn add(&self, name: &str) -> Result<(), Error> {
        // `report` writes its words as it makes the page.
        let with = name.strip_suffix(PAGE).map(|place| format!("{place}{WORDS}"));
        let made: Vec<String> = with.into_iter().chain([name.to_string()]).collect();
        let lines: String = results().filter(|result| made.contains(result)).map(|result| result + "\n").collect();
        if lines.is_empty() {
            return Ok(());
        }
        let mark = self.folder.join(MARK);
        let file = OpenOptions::new().create(true).append(true).open(&mark);
        file.and_then(|mut file| file.write_all(lines.as_bytes())).map_err(|e| Error::write(mark.display(), &e))
    }
}

/// All that may be made and tells a verdict.
fn results() -> impl Iterator<Item = String> {
    let of_phases = PLACES.iter().flat_map(|place| [PAGE, WORDS, METRICS, SERVICES, FAULTS].map(|name| (*place, name)));
    [("", SUMMARY), ("", JUNIT)].into_iter().chain(of_phases).map(|(place, name)| format!("{place}{name}"))
}

fn is_absent(e: &std::io::Error) -> bool {
    matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}
