//! The short help, `-h`: the text of each option stands under it and fits a terminal of 80 columns; it goes on in another line
//! only behind a comma, a semicolon or a colon, or before a bracket. Wide tables and examples behind the options are left to
//! `--help`.

use clap::{Arg, Command};

/// A terminal as narrow as they are.
const TERMINAL: usize = 80;

/// What a terminal leaves for a text that stands under its option, indented by ten.
const TEXT: usize = TERMINAL - 10;

const MORE: &str = "See --help for what is read and written, and for examples.";

/// True where the command line asks for the short help.
pub(crate) fn is_asked() -> bool {
    let first = std::env::args_os().skip(1).find(|word| word == "-h" || word == "--help");
    first.is_some_and(|word| word == "-h")
}

/// A command whose help is short.
pub(crate) fn command(command: Command) -> Command {
    let command = command.next_line_help(true).mut_args(brief).mut_subcommands(self::command);
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let fits = after.lines().all(|line| line.chars().count() <= TERMINAL);
    if fits { command } else { command.after_help(MORE) }
}

/// An option whose help, with its default and its possible values, is cut into lines.
fn brief(arg: Arg) -> Arg {
    let text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    if !arg.get_action().takes_values() {
        return arg.help(lines(&clauses(&text)));
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let values: Vec<_> = arg.get_possible_values().iter().map(|value| value.get_name().to_string()).collect();
    let quoted = |value: &String| if value.contains(' ') { format!("{value:?}") } else { value.clone() };
    let default = !defaults.is_empty() && !arg.is_hide_default_value_set();
    let one_of = !values.is_empty() && !arg.is_hide_possible_values_set();
    let default = default.then(|| format!("[default: {}]", defaults.iter().map(quoted).collect::<Vec<_>>().join(" ")));
    let mut parts = clauses(&text);
    parts.extend(default.into_iter().chain(one_of.then(|| format!("[{}]", values.join(", ")))));
    arg.help(lines(&parts)).hide_default_value(true).hide_possible_values(true)
}

/// A text cut where it may go on in another line: behind a comma, a semicolon or a colon, before a bracket.
fn clauses(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_note = false;
    for word in text.split(' ') {
        let ended = parts.last().is_some_and(|part| part.ends_with([',', ';', ':'])) && !is_note;
        let opens = word.starts_with(['(', '[']);
        match parts.last_mut() {
            Some(part) if part.is_empty() => part.push_str(word),
            Some(part) if !ended && !opens => *part = format!("{part} {word}"),
            _ => parts.push(word.to_string()),
        }
        is_note = (is_note || word.starts_with('[')) && !word.ends_with(']');
    }
    parts
}

/// The parts in as few lines as hold them.
fn lines(parts: &[String]) -> String {
    parts.iter().fold(String::new(), |lines, part| {
        let last = lines.lines().last().map_or(0, |line| line.chars().count());
        match last {
            0 => part.clone(),
            _ if last + 1 + part.chars().count() <= TEXT => format!("{lines} {part}"),
            _ => format!("{lines}\n{part}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_clauses() {
        let cut = |text: &str| lines(&clauses(text));
        let text = "Use only these columns: an exact name, or a selector such as '{job=\"carts\"}' (repeatable)";
        assert_eq!(cut(text), text.replace("name, or", "name,\nor"));
        let text = "How long a sample is valid [default: two scrape intervals, one before a failed scrape]";
        assert_eq!(cut(text), text.replace("valid [", "valid\n["));
        assert_eq!(cut("Short: all of it, in one line (so)"), "Short: all of it, in one line (so)");
    }

    #[test]
    fn what_does_not_fit_behind_a_text_stands_beneath_it() {
        let text = "Sixty letters, so that there is no room for anything behind";
        let arg = Arg::new("x").long("x").help(text).default_value("a").value_parser(["a", "b"]);
        let help = brief(arg).get_help().map(ToString::to_string).unwrap_or_default();
        assert_eq!(help, format!("{text}\n[default: a] [a, b]"));
        let arg = Arg::new("x").long("x").help("Short").default_value("a").value_parser(["a", "b"]);
        assert_eq!(brief(arg).get_help().map(ToString::to_string).unwrap_or_default(), "Short [default: a] [a, b]");
    }

    #[test]
    fn a_wide_text_behind_the_options_is_left_to_the_long_help() {
        let of = |after: &str| {
            let made = command(Command::new("x").after_help(after.to_string()));
            made.get_after_help().map(ToString::to_string).unwrap_or_default()
        };
        assert_eq!(of("narrow"), "narrow");
        assert_eq!(of(&"wide ".repeat(17)), MORE);
    }
}
