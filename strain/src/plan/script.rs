//! A plan as a shell script that runs by itself.

use std::borrow::Cow;
use std::path::Path;

use super::phases::METRICS;
use super::{Command, Plan, Step};

/// Ends with the verdict: 3 for worse, 1 for undecided or none. No cell in quotes, which may hold commas, is that of a verdict.
const VERDICT: &str = r#"awk -F, '{ gsub(/"[^"]*"/, "") }
FNR == 1 { for (at = NF; at > 1 && $at != "verdict"; at--); next }
{ rows[$at]++ }
END { exit rows["worse"] ? 3 : rows["undecided"] || !rows["quiet"] }'"#;

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
    let ranked: Vec<String> =
        plans.iter().map(|plan| word(&format!("{}/{METRICS}", plan.folder)).into_owned()).collect();
    text + &format!("\n# The verdict as exit status\n{VERDICT} {}\n", ranked.join(" "))
}

/// A step as a line of shell.
pub fn line(step: &Step) -> String {
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
