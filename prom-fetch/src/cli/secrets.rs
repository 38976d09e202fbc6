//! Files that hold secrets. No message shows what is in them.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use grid::Error;

/// The header for the bearer token in a file.
pub(crate) fn bearer(file: &Path) -> Result<(String, String), Error> {
    let token = one_line(file, "token")?;
    if !token.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Error::failed("the token has spaces or letters that a header cannot hold").at(&name(file)));
    }
    Ok((String::from("Authorization"), format!("Bearer {token}")))
}

/// The header for a user and the password in a file.
pub(crate) fn basic(user: &str, file: &Path) -> Result<(String, String), Error> {
    let password = one_line(file, "password")?;
    Ok((String::from("Authorization"), format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))))
}

/// The bytes of a file.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(file).map_err(|e| Error::open(name(file), &e))
}

fn one_line(file: &Path, what: &str) -> Result<String, Error> {
    let failed = |text: String| Error::failed(text).at(&name(file));
    let text = String::from_utf8(read(file)?).map_err(|_| failed(String::from("not a text in UTF-8")))?;
    let line = text.trim_end_matches(['\r', '\n']);
    if line.trim().is_empty() {
        return Err(failed(format!("there is no {what} in it")));
    }
    match line.lines().count() {
        1 => Ok(line.to_string()),
        lines => Err(failed(format!("expected the {what} on one line, found {lines} lines"))),
    }
}

fn name(file: &Path) -> String {
    file.display().to_string()
}
