//! `--generate man|complete-bash|complete-zsh|complete-fish`: pages made from the arguments
//! themselves, so that they cannot drift from `--help`; and `candidates`, which the shells' scripts ask for.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::complete;

/// What stands behind `--generate`, when it is the first argument, and the words behind that.
pub(crate) fn request() -> Option<(String, Vec<String>)> {
    let mut words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    (words.next().as_deref() == Some("--generate")).then(|| (words.next().unwrap_or_default(), words.collect()))
}

/// Writes one page; an unknown kind answers false.
pub(crate) fn page(kind: &str, words: &[String], command: Command, out: &mut impl Write) -> io::Result<bool> {
    match kind {
        "man" => man(command, out)?,
        "candidates" | "candidates-bash" => complete::answer(kind, words, command, out)?,
        _ => match complete::script(kind, command) {
            Some(script) => out.write_all(script.as_bytes())?,
            None => return Ok(false),
        },
    }
    Ok(true)
}

/// What an exit status means, of every command (FORMATS.md).
const STATUS: [(&str, &str); 4] = [
    ("0", "The result is there and whole, or the reader of standard output left."),
    ("1", "The input or the machine failed; a message says where and why."),
    ("2", "The command line is wrong."),
    ("3", "The verdict that was asked for is a refusal."),
];

/// The command over the filters, and the filters.
pub(super) const ALSO: [&str; 11] =
    ["strain", "prom-fetch", "spans", "grid-build", "znorm", "peaks", "dtw", "faults", "pca", "rank", "report"];

/// The manual page: what clap knows, then the parts of the help text, and what holds for all commands.
fn man(command: Command, out: &mut dyn Write) -> io::Result<()> {
    let page = page_name(command.get_name());
    // A filter is called by way of `strain`, which is the one name on PATH (and its page is named as git's are).
    let called = page.replacen('-', " ", 1);
    let mut command = command.display_name(page).bin_name(called);
    command.build();
    let man = Man::new(command.clone());
    man.render_title(out)?;
    man.render_name_section(out)?;
    man.render_synopsis_section(out)?;
    man.render_description_section(out)?;
    man.render_options_section(out)?;
    let mut page = Roff::default();
    for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
        options(&mut page, &command, part);
    }
    let all = std::iter::once(&command).chain(command.get_subcommands());
    let help = all.filter_map(|part| part.get_after_long_help().or(part.get_after_help()));
    let texts: Vec<String> = help.map(ToString::to_string).collect();
    help_parts(&mut page, &texts.join("\n\n"));
    page.control("SH", ["EXIT STATUS"]);
    STATUS.iter().for_each(|(status, meaning)| entry(&mut page, status, meaning));
    environment(&mut page, &command);
    page.control("SH", ["SEE ALSO"]);
    let others = ALSO.iter().filter(|name| **name != command.get_name()).map(|name| format!("{}(1)", page_name(name)));
    page.text([roman(others.collect::<Vec<_>>().join(", "))]);
    page.to_writer(out)
}

/// What the manual page of a command is called.
fn page_name(name: &str) -> String {
    if name == ALSO[0] { name.to_string() } else { format!("{}-{name}", ALSO[0]) }
}

fn entry(page: &mut Roff, name: &str, meaning: &str) {
    page.control("TP", []);
    page.text([bold(name)]);
    page.text([roman(meaning)]);
}

/// A subcommand: what it is for, and its options.
fn options(page: &mut Roff, command: &Command, part: &Command) {
    page.control("SH", [format!("{} {}", command.get_name(), part.get_name()).to_uppercase().as_str()]);
    let about = part.get_long_about().or(part.get_about());
    page.text([roman(about.map(ToString::to_string).unwrap_or_default())]);
    for argument in part.get_arguments().filter(|argument| !argument.is_hide_set()) {
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        entry(page, argument.to_string().as_str(), &help);
    }
}

/// The parts of a help text: a line that ends with a colon is a heading, and what is indented below it stands as it is.
fn help_parts(page: &mut Roff, text: &str) {
    let mut last = String::new();
    for part in text.split("\n\n").filter(|part| !part.trim().is_empty()) {
        let (first, rest) = part.split_once('\n').unwrap_or((part, ""));
        let heading = first.strip_suffix(':').filter(|heading| !heading.starts_with(' ')).map(str::to_uppercase);
        let lines = if heading.is_some() { rest } else { part };
        match heading {
            Some(heading) if heading != last => {
                page.control("SH", [heading.as_str()]);
                last = heading;
            }
            _ => _ = page.control("PP", []),
        }
        paragraph(page, lines);
    }
}

/// Lines of text; those that are indented stand as they are.
fn paragraph(page: &mut Roff, lines: &str) {
    let mut open = false;
    for line in lines.lines() {
        let indented = line.starts_with(' ');
        if indented != open {
            page.control(if indented { "nf" } else { "fi" }, []);
            open = indented;
        }
        page.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    if open {
        page.control("fi", []);
    }
}

fn environment(page: &mut Roff, command: &Command) {
    let all = std::iter::once(command).chain(command.get_subcommands());
    let variables: Vec<_> = all
        .flat_map(Command::get_arguments)
        .filter_map(|argument| Some((argument.get_env()?.to_string_lossy().into_owned(), argument.to_string())))
        .collect();
    if variables.is_empty() {
        return;
    }
    page.control("SH", ["ENVIRONMENT"]);
    for (name, argument) in variables {
        entry(page, &name, &format!("Stands in for {argument}."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Arg;

    #[test]
    fn a_manual_page_has_the_parts_that_people_look_for() {
        let help = "Example:\n  rank a.csv |\n    head\n\nMemory: 8 bytes per cell.";
        let url = Arg::new("url").long("url").value_name("URL");
        let command = Command::new("rank").about("Rank").after_help(help).arg(url);
        let mut text = Vec::new();
        man(command, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        for expected in [
            ".SH EXAMPLE\n.nf\nrank a.csv |\n",
            ".SH \"EXIT STATUS\"",
            ".SH \"SEE ALSO\"",
            "strain(1), strain\\-prom\\-fetch(1)",
            "strain\\-rank \\- Rank",
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
        assert!(!text.contains("EXTRA") && !text.contains("rank(1)"), "{text}");
    }
}
