//! What the command line asks for, checked.

use std::path::{Path, PathBuf};

use grid::Error;

use super::args::{Act, Args};
use super::table::NONE;

/// A request that makes sense.
pub(crate) struct Request {
    pub(crate) library: PathBuf,
    /// The kind that the run is to be filed as; nothing when its kind is asked for.
    pub(crate) add: Option<String>,
    pub(crate) input: grid::Input,
    pub(crate) output: grid::TableOutput,
    pub(crate) baseline: Option<PathBuf>,
    pub(crate) rank: Option<PathBuf>,
    pub(crate) service: Option<String>,
    pub(crate) services: Option<PathBuf>,
}

impl Request {
    /// Checks the arguments against each other; `has_top` where `--top` was given.
    pub(crate) fn check(args: Args, has_top: bool) -> Result<Request, Error> {
        let quiet = args.input.quiet;
        let (add, mut input) = match args.act {
            Some(Act::Add { kind, input }) => {
                refuse_before_add(&args.input, &args.output, has_top)?;
                (Some(folder(kind)?), input)
            }
            None => (None, args.input),
        };
        input.quiet |= quiet;
        let Some(library) = args.library else {
            return Err(Error::usage("--library: expected the folder of known faults"));
        };
        let Args { output, baseline, rank, service, services, .. } = args;
        let main = Some(input.file.as_deref().unwrap_or(Path::new("-")));
        let files = [main, baseline.as_deref(), rank.as_deref(), services.as_deref()];
        if files.into_iter().filter(|file| *file == Some(Path::new("-"))).count() > 1 {
            return Err(Error::usage("only one of the inputs can be standard input"));
        }
        Ok(Request { library, add, input, output, baseline, rank, service, services })
    }
}

/// What stands before `add` and would be passed over: it reads what stands behind it, and prints nothing.
fn refuse_before_add(input: &grid::Input, output: &grid::TableOutput, has_top: bool) -> Result<(), Error> {
    let prints = [("--to", output.to.is_some()), ("--columns", !output.columns.is_empty()), ("--top", has_top)];
    if let Some((option, _)) = prints.iter().find(|(_, given)| *given) {
        return Err(Error::usage(format!("{option}: add prints no table")));
    }
    let reads = [("--select", !input.select.is_empty()), ("--drop", !input.drop.is_empty())];
    if let Some((option, _)) = reads.iter().find(|(_, given)| *given) {
        return Err(Error::usage(format!("{option}: expected after add, not before it")));
    }
    match &input.file {
        Some(file) => {
            Err(Error::usage(format!("the input is expected after add, not before it: \"{}\"", file.display())))
        }
        None => Ok(()),
    }
}

fn folder(kind: String) -> Result<String, Error> {
    let plain = !kind.is_empty() && !kind.starts_with('.') && !kind.contains(['/', '\\', '\0']);
    match (plain, kind == NONE) {
        (_, true) => Err(Error::usage(format!("add: \"{NONE}\" says that a fault is of no kind, expected one"))),
        (false, _) => Err(Error::usage(format!("add: expected the name of a folder: \"{kind}\""))),
        _ => Ok(kind),
    }
}
