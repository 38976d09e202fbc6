//! Pictures as files.

use std::path::Path;

use grid::Error;
use report::{Report, pictures};

/// Writes each picture to a file of the folder, which is made where it is not there; the files, a line each.
pub(crate) fn write(report: &Report, folder: &Path) -> Result<String, Error> {
    std::fs::create_dir_all(folder).map_err(|e| Error::write(folder.display(), &e))?;
    let mut names = String::new();
    for (name, picture) in pictures(report) {
        let path = folder.join(name);
        std::fs::write(&path, picture).map_err(|e| Error::write(path.display(), &e))?;
        names += &format!("{}\n", path.display());
    }
    Ok(names)
}
