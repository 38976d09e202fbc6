//! What the command line asks for, checked.

use std::path::{Path, PathBuf};

use grid::{Error, Form, TableForm, TableOutput};
use pca::{Components, Missing, Options, Solver};

use super::args::{Args, Emit, MissingArg, SolverArg};

/// Work that makes sense.
pub(crate) struct Request {
    pub(crate) input: grid::Input,
    pub(crate) output: TableOutput,
    pub(crate) options: Options,
    /// The number of components, when it was asked for in words.
    pub(crate) asked: Option<Components>,
    pub(crate) work: Work,
}

/// What is made of what.
pub(crate) enum Work {
    /// A table or the scores, of the input's own components.
    Fit(Emit),
    /// The same of the input against the components of another grid.
    Baseline { path: PathBuf, emit: Emit },
    /// Fewer columns.
    Reduce(Reduction),
    /// The Gram matrix of the input's rows.
    Gram,
    /// What Gram matrices of parts give together.
    Sum { parts: Vec<PathBuf>, emit: Emit },
    /// A table of the input's columns by scores that are known.
    Known { scores: PathBuf, emit: Emit },
    /// One table of the contributions of parts.
    Merge(Vec<PathBuf>),
}

const SIMILAR: f64 = 0.9;
const CARRY: f64 = 0.95;

/// How columns are grouped.
pub(crate) struct Reduction {
    pub(crate) similar: f64,
    pub(crate) carry: f64,
    pub(crate) groups: Option<PathBuf>,
}

impl Request {
    /// Checks the arguments against each other; `has_top` where `--top` was given.
    pub(crate) fn check(args: Args, has_top: bool) -> Result<Self, Error> {
        let options = options(&args);
        let of_reduced = [
            ("--groups", args.groups.is_some()),
            ("--similar", args.similar.is_some()),
            ("--carry", args.carry.is_some()),
        ];
        if let Some((option, _)) = of_reduced.iter().find(|(_, given)| *given && args.emit != Some(Emit::Reduced)) {
            return Err(Error::usage(format!("{option} goes with --emit reduced")));
        }
        let read: Vec<&Path> = args.references().collect();
        let own = args.input.file.as_deref().unwrap_or(Path::new("-"));
        let alone = !args.gram.is_empty() || !args.contributions.is_empty();
        let standard = read.iter().filter(|path| **path == Path::new("-")).count();
        if standard + usize::from(!alone && own == Path::new("-")) > 1 {
            return Err(Error::usage(match args.baseline {
                Some(_) => "the grid and its baseline cannot both be standard input",
                None => "only one input can be standard input",
            }));
        }
        let (asked, work) = (args.components, work(&args, &options)?);
        work.refuse_idle(&args)?;
        let rows_or_columns = [("--top", has_top), ("--columns", !args.output.columns.is_empty())];
        let request = Request { input: args.input, output: args.output, options, asked, work };
        if request.work.writes_grid() {
            request.form(Form::Csv)?;
            if let Some((option, _)) = rows_or_columns.iter().find(|(_, given)| *given) {
                let what = "scores, reduced and gram are grids, which are printed whole";
                return Err(Error::usage(format!("{option}: {what}")));
            }
        }
        Ok(request)
    }

    /// The form of a grid that is written, when the input had the form `read`.
    pub(crate) fn form(&self, read: Form) -> Result<Form, Error> {
        match self.output.to {
            None => Ok(read),
            Some(TableForm::Csv) => Ok(Form::Csv),
            Some(TableForm::Jsonl) => Ok(Form::Jsonl),
            Some(TableForm::Table) => {
                let what = "--to: scores, reduced and gram are grids, csv or jsonl";
                Err(Error::usage(format!("{what}: \"table\"")))
            }
        }
    }
}

impl Work {
    /// Refuses options that this work has no use for.
    fn refuse_idle(&self, args: &Args) -> Result<(), Error> {
        let (name, reads_columns, solves) = match self {
            Work::Fit(_) | Work::Baseline { .. } | Work::Reduce(_) => return Ok(()),
            Work::Gram => ("--emit gram", true, false),
            Work::Known { .. } => ("--scores", true, false),
            Work::Sum { emit: Emit::Gram, .. } => ("--gram and --emit gram", false, false),
            Work::Sum { .. } => ("--gram", false, true),
            Work::Merge(_) => ("--contributions", false, false),
        };
        let options = [
            ("--components", args.components.is_some(), solves),
            ("--solver", args.solver.is_some(), false),
            ("--scale", args.scale, reads_columns),
            ("--missing", args.missing.is_some(), reads_columns),
            ("--select", !args.input.select.is_empty(), reads_columns),
            ("--drop", !args.input.drop.is_empty(), reads_columns),
        ];
        match options.iter().find(|(_, given, used)| *given && !used) {
            Some((option, ..)) => Err(Error::usage(format!("{option} has no effect with {name}"))),
            None => Ok(()),
        }
    }

    fn writes_grid(&self) -> bool {
        match self {
            Work::Fit(emit) | Work::Baseline { emit, .. } | Work::Sum { emit, .. } | Work::Known { emit, .. } => {
                matches!(emit, Emit::Scores | Emit::Gram)
            }
            Work::Reduce(_) | Work::Gram => true,
            Work::Merge(_) => false,
        }
    }
}

fn work(args: &Args, options: &Options) -> Result<Work, Error> {
    let refuse = |what: &str| Err(Error::usage(what.to_string()));
    let emit = args.emit.unwrap_or(Emit::Contributions);
    if !args.contributions.is_empty() {
        return Ok(Work::Merge(args.contributions.clone()));
    }
    if !args.gram.is_empty() {
        return match args.emit.unwrap_or(Emit::Scores) {
            emit @ (Emit::Scores | Emit::Variance | Emit::Gram) => Ok(Work::Sum { parts: args.gram.clone(), emit }),
            _ => refuse("--gram gives variance, scores or gram; for contributions give the scores to --scores"),
        };
    }
    if (emit == Emit::Gram || args.scores.is_some()) && options.missing == Missing::Em {
        return refuse("--missing em needs all columns at once: mean or refuse");
    }
    match (&args.baseline, &args.scores) {
        (_, Some(scores)) => match emit {
            Emit::Contributions | Emit::Loadings => Ok(Work::Known { scores: scores.clone(), emit }),
            _ => refuse("--scores gives contributions or loadings"),
        },
        (Some(_), None) if emit == Emit::Reduced => refuse("--emit reduced does not go with --baseline"),
        (Some(_), None) if emit == Emit::Gram => refuse("--emit gram does not go with --baseline"),
        (Some(path), None) => Ok(Work::Baseline { path: path.clone(), emit }),
        (None, None) => Ok(match emit {
            Emit::Reduced => {
                let (similar, carry) = (args.similar.unwrap_or(SIMILAR), args.carry.unwrap_or(CARRY));
                Work::Reduce(Reduction { similar, carry, groups: args.groups.clone() })
            }
            Emit::Gram => Work::Gram,
            emit => Work::Fit(emit),
        }),
    }
}

/// What the library is asked for.
fn options(args: &Args) -> Options {
    Options {
        components: args.components.unwrap_or(Components::Count(10)),
        scale: args.scale,
        missing: match args.missing {
            None | Some(MissingArg::Mean) => Missing::Mean,
            Some(MissingArg::Em) => Missing::Em,
            Some(MissingArg::Refuse) => Missing::Refuse,
        },
        solver: match args.solver {
            None | Some(SolverArg::Auto) => Solver::Auto,
            Some(SolverArg::Svd) => Solver::Svd,
            Some(SolverArg::Gram) => Solver::Gram,
            Some(SolverArg::Randomised) => Solver::Randomised,
        },
    }
}
