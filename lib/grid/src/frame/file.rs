//! Files that are written beside standard output.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::process;

use crate::Error;

/// Makes a file and writes it. What fails is said of the file, not of standard output.
pub fn write_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Error>) -> Result<(), Error> {
    let made = File::create(path).map_err(Error::from);
    made.and_then(|file| fill(file, write)).map(drop).map_err(|e| of_file(path, e))
}

/// Writes a file whole, or leaves what was there: a new file beside it, of a name that no other has, takes its place when it
/// is on the disk. What a link leads to is replaced, not the link; what is no file, such as a pipe, is written as it is.
pub fn replace_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Error>) -> Result<(), Error> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let old = fs::metadata(&target).ok();
    if old.as_ref().is_some_and(|old| !old.is_file()) {
        return write_file(path, write);
    }
    let (new, file) = beside(&target).map_err(|e| Error::write(path.display(), &e))?;
    let replaced = fill(file, write).and_then(|file| {
        if let Some(old) = old {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()?;
        Ok(fs::rename(&new, &target)?)
    });
    if replaced.is_err() {
        // There is nothing to be done for one that cannot be removed.
        let _ = fs::remove_file(&new);
    }
    replaced.map_err(|e| of_file(path, e))
}

fn fill(file: File, write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Error>) -> Result<File, Error> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.into_inner().map_err(|e| Error::Output(e.into_error()))
}

/// A new file in the folder of another.
fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut number = 0;
    loop {
        let new = path.with_file_name(OsString::from(format!(".new-{}-{number}", process::id())));
        match File::create_new(&new) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => number += 1,
            made => return Ok((new, made?)),
        }
    }
}

/// What failed in writing is said of the file.
fn of_file(path: &Path, error: Error) -> Error {
    match error {
        Error::Output(e) => Error::write(path.display(), &e),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_told_with_the_file() {
        let full = |text: &str| write_file(Path::new("/dev/full"), |out| Ok(out.write_all(text.as_bytes())?));
        let said = "/dev/full: cannot write: no space left on device";
        assert_eq!(full("a").unwrap_err().to_string(), said);
        assert_eq!(full(&"a".repeat(1 << 20)).unwrap_err().to_string(), said);
        let nowhere = write_file(Path::new("/dev/null/a"), |_| Ok(())).unwrap_err();
        assert_eq!(nowhere.to_string(), "/dev/null/a: cannot write: not a directory");
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_beside_it_is_touched() {
        let folder = std::env::temp_dir().join(format!("strain-replace-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (file, other) = (folder.join("h.csv"), folder.join("h.new"));
        fs::write(&other, "mine").unwrap();
        let replace = |text: &str| replace_file(&file, |out| Ok(out.write_all(text.as_bytes())?));
        replace("one").unwrap();
        replace("two").unwrap();
        let refused = replace_file(&file, |out| {
            out.write_all(b"three")?;
            Err(Error::failed("no"))
        });
        assert_eq!(refused.unwrap_err().to_string(), "no");
        let texts = [&file, &other].map(|file| fs::read_to_string(file).unwrap());
        assert_eq!(texts, ["two", "mine"]);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn what_a_link_leads_to_is_replaced_and_a_device_is_written() {
        let folder = std::env::temp_dir().join(format!("strain-link-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let (file, link) = (folder.join("a"), folder.join("b"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace_file(&link, |out| Ok(out.write_all(b"new")?)).unwrap();
        assert!(link.is_symlink() && fs::read_to_string(&file).unwrap() == "new");
        replace_file(Path::new("/dev/null"), |out| Ok(out.write_all(b"new")?)).unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }
}
