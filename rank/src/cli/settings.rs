//! What the command line asks for, checked.

use std::path::PathBuf;

use grid::{Error, TableForm, TableOutput};
use names::Catalogue;
use rank::condition::Condition;
use rank::scale::usl::Fit;
use rank::suspects::ranking::Order;

use crate::cli::args::{Args, FitArg};
use crate::cli::calls;
use crate::cli::tables::catalogue;

/// Everything that is asked for.
pub(crate) struct Settings {
    pub(crate) task: Task,
    pub(crate) catalogue: Catalogue,
    /// When the exit status is that of a refusal.
    pub(crate) fail_on: Option<Condition>,
    pub(crate) output: TableOutput,
    /// Whether a table for people lists every aspect.
    pub(crate) aspects: bool,
}

/// What is to be done.
pub(crate) enum Task {
    /// Measure, and write the measures in this form.
    Emit(Grids, TableForm),
    /// Measure, or read measures, and rank.
    Compare(Comparison),
    /// Rank by growth with load.
    Sweep(Sweep),
}

/// Grids of the two states.
pub(crate) struct Grids {
    pub(crate) steady: Vec<PathBuf>,
    pub(crate) overload: Vec<PathBuf>,
    pub(crate) select: Vec<String>,
    pub(crate) drop: Vec<String>,
}

/// Tables of measures.
pub(crate) struct Shards {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) select: Vec<String>,
    pub(crate) drop: Vec<String>,
}

/// What is ranked.
pub(crate) enum Input {
    Grids(Grids),
    Measures(Shards),
}

/// How two states are compared and ranked.
pub(crate) struct Comparison {
    pub(crate) input: Input,
    /// The label that metrics are grouped by.
    pub(crate) by: String,
    pub(crate) order: Order,
    pub(crate) evidence: Vec<PathBuf>,
    pub(crate) calls: Vec<PathBuf>,
    pub(crate) when: Option<String>,
    pub(crate) explain: Option<Explain>,
}

/// What is explained instead of ranked.
pub(crate) enum Explain {
    /// What was read from each name.
    Names,
    /// Every number behind the place of one metric.
    Metric(String),
}

impl Explain {
    /// The metric that is asked for.
    pub(crate) fn metric(&self) -> Option<&str> {
        match self {
            Explain::Names => None,
            Explain::Metric(metric) => Some(metric),
        }
    }
}

/// How growth over a sweep is ranked.
pub(crate) struct Sweep {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) select: Vec<String>,
    pub(crate) drop: Vec<String>,
    /// The column of the load.
    pub(crate) load: String,
    /// Whether each service is listed once.
    pub(crate) by_service: bool,
    pub(crate) list: List,
    /// How the scalability law is fitted.
    pub(crate) fit: Fit,
}

/// What is listed of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    /// One row per metric.
    Growth,
    /// A row each time a metric left its line.
    Steps,
    /// One row per metric and load.
    Points,
}

impl Settings {
    /// Checks the arguments against each other and reads the tables of names.
    pub(crate) fn check(args: Args) -> Result<Self, Error> {
        check_inputs(&args)?;
        let fail_on = args.fail_on.as_deref().map(Condition::parse).transpose();
        let fail_on = fail_on.map_err(|e| Error::usage(format!("--fail-on: {e}")))?;
        let catalogue = catalogue(&args)?;
        let (output, aspects) = (args.output.clone(), args.aspects);
        Ok(Settings { task: task(args)?, catalogue, fail_on, output, aspects })
    }
}

fn check_inputs(args: &Args) -> Result<(), Error> {
    if args.baseline.is_empty() && args.load.is_none() && !args.measures {
        return Err(Error::usage("--baseline: a grid of the steady state is needed"));
    }
    // clap asks for no option that conflicts with one that is there, as --load does with --baseline.
    let of_load = [("--steps", args.steps), ("--points", args.points), ("--fit", args.fit.is_some())];
    if let (None, Some((option, _))) = (&args.load, of_load.into_iter().find(|(_, given)| *given)) {
        return Err(Error::usage(format!("{option}: expected --load COLUMN as well")));
    }
    if args.load.is_some() && !["metric", "service"].contains(&args.by.as_str()) {
        return Err(Error::usage(format!("--by: with --load, expected metric or service: \"{}\"", args.by)));
    }
    if !args.calls.is_empty() && args.score != Order::Fused {
        return Err(Error::usage("--calls: callees go before their callers by --score fused alone"));
    }
    let tables = args.evidence.iter().chain(&args.kinds).chain(&args.services).chain(calls::files(&args.calls));
    let named = args.files.iter().chain(&args.baseline).chain(tables);
    match named.filter(|path| path.as_os_str() == "-").count() + usize::from(args.files.is_empty()) {
        0 | 1 => Ok(()),
        _ => Err(Error::usage("standard input can be read only once: give a file")),
    }
}

fn task(args: Args) -> Result<Task, Error> {
    let files = if args.files.is_empty() { vec![PathBuf::from("-")] } else { args.files };
    let (select, drop) = (args.select, args.drop);
    if let Some(load) = args.load {
        let list = match (args.points, args.steps) {
            (true, _) => List::Points,
            (_, true) => List::Steps,
            _ => List::Growth,
        };
        let fit = match args.fit {
            None | Some(FitArg::Relative) => Fit::Relative,
            Some(FitArg::LeastSquares) => Fit::LeastSquares,
        };
        return Ok(Task::Sweep(Sweep { files, select, drop, load, by_service: args.by == "service", list, fit }));
    }
    let input = match args.measures {
        true => Input::Measures(Shards { files, select, drop }),
        false => Input::Grids(Grids { steady: args.baseline, overload: files, select, drop }),
    };
    match (args.emit, input) {
        (Some(_), Input::Grids(grids)) => match args.output.to {
            Some(TableForm::Table) => {
                Err(Error::usage("--emit: measures are for programs: expected --to csv or jsonl"))
            }
            form => Ok(Task::Emit(grids, form.unwrap_or(TableForm::Csv))),
        },
        (_, input) => Ok(Task::Compare(Comparison {
            input,
            by: args.by,
            order: args.score,
            evidence: args.evidence,
            calls: args.calls,
            when: args.when,
            explain: args.explain.map(|text| if text.is_empty() { Explain::Names } else { Explain::Metric(text) }),
        })),
    }
}
