//! A plan as a shell script that runs by itself.

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
    let words = command.words.iter().map(|text| word(text));
    std::iter::once(command.filter.to_string()).chain(words).collect::<Vec<_>>().join(" ")
}

/// Text as one word of a shell.
fn word(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-._/:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        return text.to_string();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(word("a/b.csv"), "a/b.csv");
        assert_eq!(word("{job=\"it's\"}"), r#"'{job="it'\''s"}'"#);
        assert_eq!(word(""), "''");
    }
}
