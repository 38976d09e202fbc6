//! Pictures as files.

use std::path::Path;

use grid::Error;
use report::{Report, pictures};

/// Writes each picture to a file of the folder, which is made where it is not there; the files, a line each.
pub(crate) fn write(report: &Report, folder: &Path) -> Result<String, Error> {
    let pictures = pictures(report);
    if pictures.is_empty() {
        return Err(Error::usage("--to svg: nothing to draw: expected --grid, --points or --edges as well"));
    }
    std::fs::create_dir_all(folder).map_err(|e| Error::write(folder.display(), &e))?;
    let mut names = String::new();
    for (name, picture) in pictures {
        let path = folder.join(name);
        std::fs::write(&path, picture).map_err(|e| Error::write(path.display(), &e))?;
        names += &format!("{}\n", path.display());
    }
    Ok(names)
}
