//! Which filters run, with which words, and what they write.

mod phase;
pub mod phases;
mod script;

pub use script::{line, script};

/// A filter and its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name.
    pub filter: &'static str,
    /// Its options and files.
    pub words: Vec<String>,
}

impl Command {
    /// A filter with some words.
    pub fn new(filter: &'static str, words: &[&str]) -> Command {
        Command { filter, words: words.iter().map(ToString::to_string).collect() }
    }

    /// Adds words.
    #[must_use]
    pub fn with(mut self, words: &[&str]) -> Command {
        self.words.extend(words.iter().map(ToString::to_string));
        self
    }

    /// Adds an option and its value, where there is one.
    #[must_use]
    pub fn option(self, name: &str, value: Option<&str>) -> Command {
        match value {
            Some(value) => self.with(&[name, value]),
            None => self,
        }
    }
}

/// Commands joined by a pipe, and the file that the last one writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is for.
    pub about: String,
    /// At least one.
    pub pipe: Vec<Command>,
    /// Its result.
    pub output: String,
}

impl Step {
    /// One command.
    pub fn new(about: &str, command: Command, output: String) -> Step {
        Step { about: about.to_string(), pipe: vec![command], output }
    }
}

/// Steps, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The folder that holds all results.
    pub folder: String,
    /// What is done.
    pub steps: Vec<Step>,
}

impl Plan {
    /// All that runs.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.steps.iter().flat_map(|step| &step.pipe)
    }

    /// Gives further words to a filter, wherever it runs. A word `--option=value` takes the place of a value that a
    /// plan gives by default; all others stand before the words it has.
    pub fn extend(&mut self, filter: &str, words: &[String]) {
        let commands = self.steps.iter_mut().flat_map(|step| &mut step.pipe);
        for command in commands.filter(|command| command.filter == filter) {
            let fresh: Vec<String> = words.iter().filter(|word| !command.replace(word)).cloned().collect();
            command.words.splice(0..0, fresh);
        }
    }
}

/// Options that a plan gives by default, and a user may want otherwise.
const DEFAULTS: [&str; 4] = ["--histograms", "--prominence", "--cut", "--no-peak"];

impl Command {
    /// Puts the value of `--option=value` in the place of a default one; false when there is none.
    fn replace(&mut self, word: &str) -> bool {
        let Some((option, value)) = word.split_once('=').filter(|(option, _)| DEFAULTS.contains(option)) else {
            return false;
        };
        let place = self.words.iter().position(|word| word == option);
        let old = place.and_then(|place| self.words.get_mut(place + 1));
        old.map(|old| *old = value.to_string()).is_some()
    }
}
