//! Completion: what may stand at the cursor, as the arguments themselves and the grids on the line tell it.

mod columns;
mod line;
mod scripts;

use std::ffi::OsStr;
use std::io::{self, Write};

use clap::{Arg, Command};

use super::generate::ALSO;
use line::Line;

pub(crate) use scripts::script;

/// What may stand at the cursor, and what it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Candidate {
    text: String,
    help: String,
}

/// The words of a line behind the program's name.
struct Words {
    before: Vec<String>,
    /// The word at the cursor, so far.
    current: String,
    after: Vec<String>,
}

/// Answers `candidates N WORD…` (the word number N is at the cursor; each candidate and its help behind a tab) and
/// `candidates-bash BEFORE AFTER BREAKS` (the line before and behind the cursor; as bash is to insert them).
pub(crate) fn answer(kind: &str, words: &[String], command: Command, out: &mut dyn Write) -> io::Result<()> {
    if kind == "candidates" {
        let Some((at, words)) = words.split_first() else { return Ok(()) };
        let at = at.parse().unwrap_or(0_usize).clamp(1, words.len().max(1)) - 1;
        let (before, rest) = words.split_at(at.min(words.len()));
        let (current, after) = rest.split_first().map(|(word, rest)| (word.clone(), rest.to_vec())).unwrap_or_default();
        let found = candidates(command, &Words { before: before.to_vec(), current, after });
        return found.iter().try_for_each(|found| match found.help.as_str() {
            "" => writeln!(out, "{}", found.text),
            help => writeln!(out, "{}\t{help}", found.text),
        });
    }
    let [before, after, breaks] = words else { return Ok(()) };
    let line = Line::read(before, breaks);
    let after = Line::read(&format!("_ {after} "), breaks).before;
    let words = Words { before: line.before.clone(), current: line.current.clone(), after };
    let found = candidates(command, &words).into_iter().map(|found| found.text);
    line.inserted(&found.collect::<Vec<_>>()).iter().try_for_each(|text| writeln!(out, "{text}"))
}

/// What may stand at the cursor; nothing where that is a file, which the shell knows best. No candidate has a control
/// character.
fn candidates(mut command: Command, words: &Words) -> Vec<Candidate> {
    command.build();
    let (mut part, mut waiting, mut ended, mut operands) = (&command, None, false, 0);
    for word in &words.before {
        if waiting.take().is_some() {
            continue;
        }
        if ended || !word.starts_with('-') || word == "-" {
            match part.find_subcommand(word).filter(|_| operands == 0) {
                Some(found) => part = found,
                None => operands += 1,
            }
        } else if word == "--" {
            ended = true;
        } else {
            waiting = option(part, word).filter(|_| !word.contains('=')).filter(|arg| takes_a_word(arg));
        }
    }
    let files = || words.before.iter().chain(&words.after);
    let found = match (waiting, words.current.split_once('=')) {
        (Some(arg), _) => values(arg, &words.current, files()),
        (None, Some((name, value))) if name.starts_with("--") && !ended => {
            let found = option(part, name).map(|arg| values(arg, value, files())).unwrap_or_default();
            found.into_iter().map(|one| Candidate { text: format!("{name}={}", one.text), ..one }).collect()
        }
        _ if words.current.starts_with('-') && !ended => options(part),
        _ if operands == 0 => subcommands(part),
        _ => Vec::new(),
    };
    found.into_iter().filter(|found| !found.text.contains(char::is_control)).collect()
}

/// The option that a word is, `--on`, `--on=x` or `-b`.
fn option<'a>(command: &'a Command, word: &str) -> Option<&'a Arg> {
    let name = word.split('=').next().unwrap_or_default();
    command.get_arguments().find(|arg| match name.strip_prefix("--") {
        Some(long) => arg.get_long_and_visible_aliases().is_some_and(|names| names.contains(&long)),
        None => arg.get_short().is_some_and(|short| name.chars().skip(1).eq([short])),
    })
}

/// Whether the next word is its value.
fn takes_a_word(arg: &Arg) -> bool {
    arg.get_action().takes_values() && !arg.is_require_equals_set()
}

/// The options, each with the first sentence of its help.
fn options(command: &Command) -> Vec<Candidate> {
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let named = shown.filter_map(|arg| Some((arg.get_long()?, arg.get_help())));
    let one = |(name, help): (&str, Option<&clap::builder::StyledStr>)| Candidate {
        text: format!("--{name}"),
        help: help.map(|help| first_line(&help.to_string())).unwrap_or_default(),
    };
    named.map(one).collect()
}

/// The subcommands, and the filters behind `strain`.
fn subcommands(command: &Command) -> Vec<Candidate> {
    let about = |part: &Command| part.get_about().map(|about| first_line(&about.to_string())).unwrap_or_default();
    let own = command.get_subcommands().map(|part| Candidate { text: part.get_name().to_string(), help: about(part) });
    let filters = ALSO[1..].iter().filter(|_| command.is_allow_external_subcommands_set());
    own.chain(filters.map(|name| Candidate { text: (*name).to_string(), ..Candidate::default() })).collect()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().replace('\t', " ")
}

/// The values of an option: those that it has, and what its value's name says, of the grids on the line.
fn values<'a>(arg: &Arg, current: &str, files: impl Iterator<Item = &'a String>) -> Vec<Candidate> {
    let possible = arg.get_possible_values();
    if !possible.is_empty() {
        let help = |value: &clap::builder::PossibleValue| value.get_help().map(|help| first_line(&help.to_string()));
        let shown = possible.iter().filter(|value| !value.is_hide_set());
        let one = |value| Candidate {
            text: clap::builder::PossibleValue::get_name(value).to_string(),
            help: help(value).unwrap_or_default(),
        };
        return shown.map(one).collect();
    }
    let wanted = arg.get_value_names().and_then(<[_]>::first).map(|name| name.to_string()).unwrap_or_default();
    let files: Vec<&OsStr> =
        files.map(|word| OsStr::new(word.rsplit_once('=').map_or(&word[..], |(_, file)| file))).collect();
    let texts = match arg.get_id().as_str() {
        "time" => columns::headers(&files),
        _ => wanted.split('|').flat_map(|kind| of_kind(kind, current, &files)).collect(),
    };
    texts.into_iter().map(|text| Candidate { text, ..Candidate::default() }).collect()
}

/// What the name of a value stands for; a word in lower case is itself.
fn of_kind(kind: &str, current: &str, files: &[&OsStr]) -> Vec<String> {
    match kind {
        "COLUMN" | "METRIC" => columns::names(files),
        "SELECTOR" => columns::selectors(files, current.find('{').is_some_and(|at| at > 0)),
        "LABEL" => columns::labels(files),
        "LABELS" => {
            let listed = current.rfind(',').map_or("", |at| &current[..=at]);
            columns::labels(files).into_iter().map(|label| format!("{listed}{label}")).collect()
        }
        literal if !literal.is_empty() && literal.chars().all(|c| c.is_ascii_lowercase()) => vec![literal.to_string()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ArgAction;

    fn texts(before: &[&str], current: &str) -> Vec<String> {
        let by = Arg::new("by").long("by").value_name("metric|LABEL");
        let on = Arg::new("on").long("on").short('o').value_name("COLUMN");
        let to = Arg::new("to").long("to").value_parser(["csv", "table"]);
        let quiet = Arg::new("quiet").long("quiet").action(ArgAction::SetTrue);
        let select = Arg::new("select").long("select").value_name("SELECTOR");
        let file = Arg::new("file");
        let command = Command::new("rank").args([by, on, to, quiet, select, file]);
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let words = Words { before: words(before), current: current.to_string(), after: Vec::new() };
        candidates(command, &words).into_iter().map(|found| found.text).collect()
    }

    fn grid() -> String {
        let path = std::env::temp_dir().join(format!("strain-complete-{}.csv", std::process::id()));
        std::fs::write(&path, "time,up,\"cpu{job=\"\"a\"\"}\",\"cpu{job=\"\"b\"\"}\"\n1,1,2,3\n").unwrap();
        path.display().to_string()
    }

    #[test]
    fn columns_and_labels_are_those_of_the_grid_on_the_line() {
        let grid = &grid()[..];
        let columns = ["up", "cpu{job=\"a\"}", "cpu{job=\"b\"}"];
        assert_eq!(texts(&[grid, "--on"], ""), columns);
        assert_eq!(texts(&[grid, "-o"], "u"), columns);
        assert_eq!(texts(&[grid, "--by"], ""), ["metric", "job"]);
        assert_eq!(texts(&[grid], "--by=j"), ["--by=metric", "--by=job"]);
        assert_eq!(texts(&[grid, "--select"], ""), ["up", "cpu", "{job=\"a\"}", "{job=\"b\"}"]);
        assert_eq!(texts(&[grid, "--select"], "cpu{")[4..], columns[1..]);
        assert_eq!(texts(&["nofile", "--on"], ""), [""; 0]);
    }

    #[test]
    fn options_and_their_values_are_those_of_the_help() {
        assert_eq!(texts(&["--quiet"], "--"), ["--by", "--on", "--to", "--quiet", "--select", "--help"]);
        assert_eq!(texts(&["--to"], ""), ["csv", "table"]);
        assert_eq!(texts(&["--", "a"], "--"), [""; 0]);
        assert_eq!(texts(&["a"], ""), [""; 0]);
    }
}
