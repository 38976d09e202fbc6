//! What the command line asks for, checked, in the words of the library.

use std::path::{Path, PathBuf};

use dtw::{Band, Cost, Ends, Gaps, Plan, Settings, Step};
use grid::Error;

use super::args::{Args, CostArg, Measure, StepArg};
use super::band::BandArg;

pub(crate) use super::args::MissingArg;

/// What is compared with what.
pub(crate) enum Question {
    /// Every column with a query.
    Columns { query: String },
    /// Every group of columns with the query's, told apart by a label.
    Groups { query: String, label: String },
    /// Every column with every other.
    Matrix(Measure),
}

/// A comparison that makes sense.
pub(crate) struct Request {
    pub(crate) input: grid::Input,
    pub(crate) output: grid::TableOutput,
    pub(crate) question: Question,
    pub(crate) missing: MissingArg,
    pub(crate) derivative: bool,
    pub(crate) znorm: bool,
    pub(crate) either_sign: bool,
    /// How many rows are printed; 0: all.
    pub(crate) top: usize,
    pub(crate) path: Option<PathBuf>,
    band: Limits,
    cost: Cost,
    step: Step,
    ends: Ends,
    lag: bool,
}

/// Which cells a path may visit: a band may be given in time, and so waits for the grid's step.
enum Limits {
    Band(BandArg),
    Itakura(f64),
}

impl Request {
    /// Checks the arguments against each other.
    pub(crate) fn check(args: Args) -> Result<Request, Error> {
        let standard_input = Some(Path::new("-"));
        let reads_it = args.input.file.as_deref().is_none_or(|file| Some(file) == standard_input);
        if args.query.as_deref().map(Path::new) == standard_input && reads_it {
            return Err(Error::usage("the grid and its query cannot both be standard input"));
        }
        let ends = match (args.open_end, args.subsequence) {
            (true, _) => Ends::OpenEnd,
            (_, true) => Ends::Subsequence,
            _ => Ends::Closed,
        };
        let cost = match args.cost {
            CostArg::Squared => Cost::Squared,
            CostArg::Absolute => Cost::Absolute,
        };
        let step = match args.steps {
            StepArg::Symmetric1 => Step::Symmetric1,
            StepArg::Symmetric2 => Step::Symmetric2,
        };
        let query = args.query.unwrap_or_default();
        if args.no_lag && args.matrix == Some(Measure::Lag) {
            return Err(Error::usage("--matrix=lag: lags are wanted, but --no-lag leaves them out"));
        }
        Ok(Request {
            question: match (args.matrix, args.group) {
                (Some(measure), _) => Question::Matrix(measure),
                (None, Some(label)) => Question::Groups { query, label },
                (None, None) => Question::Columns { query },
            },
            input: args.input,
            output: args.output,
            missing: args.missing,
            derivative: args.derivative,
            znorm: args.znorm,
            either_sign: args.either_sign,
            top: args.top,
            path: args.path,
            band: args.itakura.map_or(Limits::Band(args.band), Limits::Itakura),
            cost,
            step,
            ends,
            lag: !args.no_lag && args.matrix.is_none_or(|measure| measure == Measure::Lag),
        })
    }

    /// What the library is asked to do on a grid with this step.
    pub(crate) fn plan(&self, step_ms: Option<i64>) -> Plan {
        let band = match self.band {
            Limits::Band(band) => band.band(step_ms),
            Limits::Itakura(slope) => Band::Itakura(slope),
        };
        let gaps = match self.missing {
            MissingArg::Free => Gaps::Free,
            MissingArg::Zero => Gaps::Zero,
            MissingArg::Skip | MissingArg::Refuse => Gaps::Skip,
        };
        let settings = Settings { cost: self.cost, step: self.step, band, ends: self.ends };
        Plan { settings, gaps, dims: 1, lag: self.lag, keep_path: self.path.is_some() }
    }

    /// Whether the distance depends on which of the two series is the query.
    pub(crate) fn is_one_way(&self) -> bool {
        self.ends != Ends::Closed || matches!(self.band, Limits::Itakura(_))
    }
}
