//! `--generate man|complete-bash|complete-zsh|complete-fish`: pages made from the arguments
//! themselves, so that they cannot drift from `--help`.

use std::io::{self, Write};

use clap::Command;
use clap_complete::Shell;

/// What stands behind `--generate`, when it is the first argument.
pub(crate) fn request() -> Option<String> {
    let mut words = std::env::args().skip(1);
    (words.next().as_deref() == Some("--generate")).then(|| words.next().unwrap_or_default())
}

/// Writes one page; an unknown kind answers false.
pub(crate) fn page(kind: &str, mut command: Command, out: &mut impl Write) -> io::Result<bool> {
    let shell = match kind {
        "man" => {
            clap_mangen::Man::new(command).render(out)?;
            return Ok(true);
        }
        "complete-bash" => Shell::Bash,
        "complete-zsh" => Shell::Zsh,
        "complete-fish" => Shell::Fish,
        _ => return Ok(false),
    };
    let name = command.get_name().to_string();
    // Written to memory first: the generator panics when its writer fails.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut text);
    out.write_all(&text)?;
    Ok(true)
}
