//! What the command line asks for, checked, in the words of the library.

use std::path::PathBuf;

use grid::{Error, Form, Io, Picker};
use grid_build::{Dialect, Histograms, Load, Long, Options, Phase, Pivot, Wish};
use jiff::tz::TimeZone;

use super::args::Args;

/// A grid that can be built.
pub(crate) struct Request {
    /// The inputs in their order; none where only a load generator's files are meant.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) reading: Reading,
    pub(crate) load: Generator,
    /// How the grid is made, but for what the grid of `--like` decides.
    pub(crate) options: Options,
    pub(crate) picker: Picker,
    pub(crate) like: Option<PathBuf>,
    pub(crate) drop_empty: bool,
    pub(crate) drop_constant: bool,
    /// New names, with `{label}` for labels.
    pub(crate) template: Option<String>,
    /// A table in place of the grid.
    pub(crate) pivot: Option<Pivot>,
    pub(crate) to: Form,
    pub(crate) explain: bool,
    pub(crate) quiet: bool,
}

/// How inputs are read.
pub(crate) struct Reading {
    pub(crate) dialect: Dialect,
    pub(crate) long: Option<Long>,
    /// True where an input without samples is no mistake.
    pub(crate) may_be_empty: bool,
    /// True where native histograms are refused.
    pub(crate) strict: bool,
}

impl Reading {
    /// True where it was said how a table is written.
    pub(crate) fn is_of_tables(&self) -> bool {
        self.dialect.is_said() || self.long.is_some()
    }
}

/// The files of a load generator, and what is known of the load without them.
pub(crate) struct Generator {
    pub(crate) locust: Option<PathBuf>,
    pub(crate) requests: Vec<PathBuf>,
    pub(crate) run: Option<PathBuf>,
    /// The load that was wanted throughout.
    pub(crate) always: Option<Phase>,
    pub(crate) offset_ms: Option<i64>,
    /// Of the times of logs without one.
    pub(crate) zone: Option<TimeZone>,
    pub(crate) by_name: bool,
    pub(crate) quantiles: Vec<f64>,
}

impl Request {
    /// Checks the arguments against each other.
    pub(crate) fn check(args: Args, io: &mut Io) -> Result<Request, Error> {
        let picker = io.picker(&args.select, &args.drop)?;
        let options = options(&args);
        let twice = |at: &usize| options.quantiles[..*at].contains(&options.quantiles[*at]);
        if let Some(at) = (0..options.quantiles.len()).find(twice) {
            return Err(Error::usage(format!("--quantiles: {} is there twice", options.quantiles[at])));
        }
        if args.agg.is_some() && args.by.is_none() && args.pivot.is_none() {
            return Err(Error::usage("--agg goes with --by or --pivot"));
        }
        let load = Generator::of(&args, options.quantiles.clone());
        let joins_load = load.locust.is_some() || !load.requests.is_empty();
        let standard_input = || match joins_load && std::io::IsTerminal::is_terminal(&std::io::stdin()) {
            true => Vec::new(),
            false => vec![PathBuf::from("-")],
        };
        let (delimiter, decimal, zone) = (args.delimiter, args.decimal, args.tz);
        let time = grid::time_column().map(str::to_string);
        if let (Some(time), Some(_)) = (&time, &args.long) {
            return Err(Error::usage(format!("--time: the first column of --long is that of times: \"{time}\"")));
        }
        Ok(Request {
            files: if args.files.is_empty() { standard_input() } else { args.files },
            reading: Reading {
                dialect: Dialect { delimiter, decimal, time, zone },
                long: args.long,
                // An empty shard is an empty part of the times that were asked for.
                may_be_empty: joins_load || args.start.is_some() && args.end.is_some(),
                strict: args.strict,
            },
            load,
            options,
            picker,
            like: args.like,
            drop_empty: args.drop_empty,
            drop_constant: args.drop_constant,
            template: args.name,
            pivot: args.pivot,
            to: args.to,
            explain: args.explain,
            quiet: args.quiet,
        })
    }
}

impl Generator {
    fn of(args: &Args, quantiles: Vec<f64>) -> Generator {
        let (users, rate) = (args.locust_users_target, args.locust_spawn_rate);
        Generator {
            locust: args.locust.clone(),
            requests: args.requests.clone(),
            run: args.locust_run.clone(),
            always: (users.is_some() || rate.is_some()).then(|| Phase::always(users, rate)),
            offset_ms: args.locust_offset,
            zone: args.tz.clone(),
            by_name: args.locust_by_name,
            quantiles,
        }
    }

    /// Moves the clock of all that was read, logs among the inputs as well. What is asked of a load that is not there is refused.
    pub(crate) fn settle(&self, load: &mut Load) -> Result<(), Error> {
        let options = [("--locust-offset", self.offset_ms.is_some()), ("--locust-by-name", self.by_name)];
        match options.into_iter().find(|(_, given)| *given) {
            Some((option, _)) if !load.is_measured() => {
                Err(Error::usage(format!("{option} goes with --locust, --requests or a log of requests as input")))
            }
            _ => {
                load.shift(self.offset_ms.unwrap_or_default());
                Ok(())
            }
        }
    }
}

fn options(args: &Args) -> Options {
    let wanted = if args.quantiles.is_empty() { Histograms::Raw } else { Histograms::Quantiles };
    let by_instance = args.pivot.map(|_| vec!["instance".to_string()]);
    Options {
        wish: Wish { step_ms: args.step, start_ms: args.start, end_ms: args.end },
        lookback_ms: args.lookback,
        interval_ms: args.interval,
        counters: args.counters,
        histograms: args.histograms.unwrap_or(wanted),
        quantiles: if args.quantiles.is_empty() { vec![0.5, 0.95, 0.99] } else { args.quantiles.clone() },
        by: args.by.clone().or(by_instance),
        agg: args.agg.unwrap_or_default(),
        fill: args.fill,
        max_gap_ms: args.max_gap,
        ..Options::default()
    }
}
