//! Files that are written beside standard output.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::Error;

/// Makes a file and writes it. What fails is said of the file, not of standard output.
pub fn write_file(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<(), Error>) -> Result<(), Error> {
    let made = File::create(path).map(BufWriter::new).map_err(Error::from);
    let written = made.and_then(|mut out| {
        write(&mut out)?;
        Ok(out.flush()?)
    });
    written.map_err(|e| match e {
        Error::Output(e) => Error::write(path.display(), &e),
        other => other,
    })
}

#[cfg(test)]
mod tests {
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
}
