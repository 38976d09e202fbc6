//! What the command line asks for, checked.

use grid::{Error, Form, Input, TableForm, TableOutput};
use peaks::Interval;

use super::args::{Args, Edge, Missing, NoPeak, Overlap, Unit};
use super::measure::{Cut, Extents, Points, Range};

/// Peaks that can be sought, and what is printed of them.
pub(crate) struct Request {
    pub(crate) input: Input,
    pub(crate) output: TableOutput,
    pub(crate) wanted: Wanted,
    pub(crate) unit: Unit,
    pub(crate) question: Question,
}

/// What is printed.
pub(crate) enum Question {
    /// The peaks of every column.
    Columns,
    /// Those of one.
    Column(String),
    /// Windows around those of one.
    Windows { on: String, cutting: Cutting },
}

/// The peaks that are wanted, lengths in points or in time.
pub(crate) struct Wanted {
    pub(crate) height: Range,
    pub(crate) threshold: Range,
    pub(crate) distance: Option<Points>,
    pub(crate) prominence: Range,
    pub(crate) width: Extents,
    pub(crate) wlen: Option<Points>,
    pub(crate) rel_height: f64,
    pub(crate) plateau_size: Extents,
    pub(crate) valleys: bool,
    pub(crate) znorm: bool,
    pub(crate) smooth: usize,
    pub(crate) missing: Missing,
}

/// How windows are cut.
#[derive(Clone, Copy)]
pub(crate) struct Cutting {
    pub(crate) cut: Cut,
    /// Resampled to so many points.
    pub(crate) length: Option<usize>,
    pub(crate) overlap: Overlap,
    pub(crate) edge: Edge,
    pub(crate) no_peak: NoPeak,
}

impl Request {
    /// Checks the arguments against each other; `has_top` where `--top` was given.
    pub(crate) fn check(args: Args, has_top: bool) -> Result<Request, Error> {
        let wanted = Wanted::of(&args);
        let question = match (args.cut, args.on) {
            (Some(cut), Some(on)) => {
                let length = args.length.map(|n| n as usize);
                if cut == Cut::Peak && length.is_none() {
                    return Err(Error::usage("--cut peak needs --length, for peaks are unequally wide"));
                }
                check_output(&args.output, has_top)?;
                let (overlap, edge, no_peak) = (args.overlap, args.edge, args.no_peak);
                Question::Windows { on, cutting: Cutting { cut, length, overlap, edge, no_peak } }
            }
            (_, Some(on)) => Question::Column(on),
            _ => Question::Columns,
        };
        Ok(Request { input: args.input, output: args.output, wanted, unit: args.unit, question })
    }

    /// The form of a grid of windows.
    pub(crate) fn grid_form(&self, read: Form) -> Form {
        match self.output.to {
            Some(TableForm::Jsonl) => Form::Jsonl,
            Some(_) => Form::Csv,
            None => read,
        }
    }
}

/// Refuses what a grid of windows cannot have.
fn check_output(output: &TableOutput, has_top: bool) -> Result<(), Error> {
    if output.to == Some(TableForm::Table) {
        return Err(Error::usage("--to table: windows are a grid: csv or jsonl"));
    }
    if !output.columns.is_empty() {
        return Err(Error::usage("--columns: windows are a grid: --select chooses its columns"));
    }
    if has_top {
        return Err(Error::usage("--top: windows are a grid, which is printed whole"));
    }
    Ok(())
}

impl Wanted {
    fn of(args: &Args) -> Wanted {
        let any = Interval::default();
        Wanted {
            height: args.height.unwrap_or(any),
            threshold: args.threshold.unwrap_or(any),
            distance: args.distance,
            prominence: args.prominence.unwrap_or(any),
            width: args.width.unwrap_or_default(),
            wlen: args.wlen,
            rel_height: args.rel_height,
            plateau_size: args.plateau_size.unwrap_or_default(),
            valleys: args.valleys,
            znorm: args.znorm,
            smooth: args.smooth,
            missing: args.missing,
        }
    }
}
