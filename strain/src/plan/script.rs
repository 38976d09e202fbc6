//! A plan as a shell script that runs by itself.

use std::borrow::Cow;
use std::path::Path;

use super::{Command, Plan, Step};

/// The script of several plans; `filters` is the folder that holds the filters when they are not on PATH.
pub fn script(plans: &[Plan], title: &str, filters: Option<&Path>) -> String {
    let mut text = format!("#!/usr/bin/env bash\n# {}\nset -euo pipefail\n", title.replace(char::is_control, " "));
    if let Some(folder) = filters {
        text += &format!("PATH={}:$PATH\n", word(&folder.display().to_string()));
    }
    for plan in plans {
        text += &format!("mkdir -p {}\n", word(&plan.folder));
    }
    for step in plans.iter().flat_map(|plan| &plan.steps) {
        text += &format!("\n# {}\n{}\n", step.about, line(step));
    }
    text
}

/// A step as a line of shell.
pub(crate) fn line(step: &Step) -> String {
    let commands: Vec<String> = step.pipe.iter().map(command).collect();
    format!("{} > {}", commands.join(" | "), word(&step.output))
}

fn command(command: &Command) -> String {
    let words = command.words.iter().map(|text| word(text).into_owned());
    std::iter::once(command.filter.to_string()).chain(words).collect::<Vec<_>>().join(" ")
}

/// Text as one word of a shell.
fn word(text: &str) -> Cow<'_, str> {
    shlex::Quoter::new().allow_nul(true).quote(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_words_that_were_meant() {
        assert_eq!(word("a/b.csv"), "a/b.csv");
        for text in ["", "~/b.csv", "{job=\"it's\"}", "$(x) `y` !z ^ \\"] {
            assert_eq!(shlex::split(&word(text)), Some(vec![text.to_string()]));
        }
    }
}
