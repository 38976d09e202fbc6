//! One query, or several, against the columns of a grid.

use std::borrow::Cow;
use std::ops::Range;

use dtw::{Band, Cost, Ends, Holes, Plan, Settings, Step, Timed, derivative, normalise, one_to_many};
use grid::{Error, Grid, Io};

use crate::args::{Args, CostArg, HolesArg, StepArg};
use crate::query::{Origin, Query};
use crate::rows::{Row, Window};

impl Args {
    /// What the library is asked to do on a grid with this step.
    pub(crate) fn plan(&self, step_ms: Option<i64>) -> Plan {
        let band = self.itakura.map_or_else(|| self.band.band(step_ms), Band::Itakura);
        let ends = match (self.open_end, self.subsequence) {
            (true, _) => Ends::OpenEnd,
            (_, true) => Ends::Subsequence,
            _ => Ends::Closed,
        };
        let cost = match self.cost {
            CostArg::Squared => Cost::Squared,
            CostArg::Absolute => Cost::Absolute,
        };
        let step = match self.steps {
            StepArg::Symmetric1 => Step::Symmetric1,
            StepArg::Symmetric2 => Step::Symmetric2,
        };
        let holes = match self.holes {
            HolesArg::Free => Holes::Free,
            HolesArg::Zero => Holes::Zero,
            HolesArg::Skip | HolesArg::Refuse => Holes::Skip,
        };
        Plan {
            settings: Settings { cost, step, band, ends },
            holes,
            dims: 1,
            lag: !self.no_lag,
            keep_path: self.path.is_some(),
        }
    }
}

/// A grid, and how its columns are compared.
pub(crate) struct Job<'a> {
    pub(crate) args: &'a Args,
    pub(crate) grid: &'a Grid,
    pub(crate) plan: Plan,
    spans: Vec<grid::Span>,
}

impl<'a> Job<'a> {
    /// Settles the plan on this grid; says no to holes where they are refused.
    pub(crate) fn new(args: &'a Args, grid: &'a Grid) -> Result<Self, Error> {
        let step_ms = grid.step_ms();
        if args.holes == HolesArg::Refuse {
            refuse_holes(grid)?;
        }
        Ok(Job { args, grid, plan: args.plan(step_ms), spans: grid.spans() })
    }

    /// A row for every column but the query itself, in the order of the grid.
    pub(crate) fn rows(&self, query: &Query) -> Vec<Row> {
        let own = |c: &usize| matches!(query.origin, Origin::Column(q) if q == *c);
        let columns: Vec<usize> = (0..self.grid.columns.len()).filter(|c| !own(c)).collect();
        let signs: &[f64] = if self.args.either_sign { &[1.0, -1.0] } else { &[1.0] };
        let mut best: Vec<Option<Row>> = columns.iter().map(|_| None).collect();
        for &sign in signs {
            let windows: Vec<_> = self.spans.iter().map(|span| self.window(query, sign, &columns, span)).collect();
            for (k, &c) in columns.iter().enumerate() {
                let of_column = windows.iter().map(|w| w.pick(k)).collect();
                let row = Row::new(&self.grid.columns[c].name, &query.name, sign, of_column, &self.plan.settings);
                if best[k].as_ref().is_none_or(|b| row.is_nearer(b)) {
                    best[k] = Some(row);
                }
            }
        }
        best.into_iter().flatten().collect()
    }

    /// Compares the query with some columns in one window.
    fn window(&self, query: &Query, sign: f64, columns: &[usize], span: &grid::Span) -> Window {
        let times_ms = since_first(&self.grid.times_ms[span.rows.clone()]);
        let (values, query_ms) = match &query.origin {
            Origin::Column(c) => (&self.grid.columns[*c].values[span.rows.clone()], times_ms.clone()),
            Origin::File { values, times_ms } => (&values[..], since_first(times_ms)),
        };
        let mut values = self.shaped(values).into_owned();
        values.iter_mut().for_each(|x| *x *= sign);
        let shaped: Vec<Cow<'_, [f64]>> = columns.iter().map(|&c| self.column(c, &span.rows)).collect();
        let series: Vec<&[f64]> = shaped.iter().map(|s| &s[..]).collect();
        let query = Timed { values: &values[..], times_ms: &query_ms };
        let found = one_to_many(query, Timed { values: &series[..], times_ms: &times_ms }, &self.plan);
        Window {
            id: span.window,
            start_ms: self.grid.times_ms.get(span.rows.start).copied().unwrap_or(0),
            times_ms,
            query_ms,
            found,
        }
    }

    fn column(&self, c: usize, rows: &Range<usize>) -> Cow<'_, [f64]> {
        self.shaped(&self.grid.columns[c].values[rows.clone()])
    }

    /// A series as it is compared.
    fn shaped<'b>(&self, values: &'b [f64]) -> Cow<'b, [f64]> {
        match (self.args.derivative, self.args.znorm) {
            (false, false) => Cow::Borrowed(values),
            (true, false) => Cow::Owned(derivative(values)),
            (false, true) => Cow::Owned(normalise(values)),
            (true, true) => Cow::Owned(derivative(&normalise(values))),
        }
    }
}

fn since_first(times_ms: &[i64]) -> Vec<i64> {
    times_ms.iter().map(|t| t - times_ms[0]).collect()
}

fn refuse_holes(grid: &Grid) -> Result<(), Error> {
    for column in &grid.columns {
        if let Some(row) = column.values.iter().position(|x| x.is_nan()) {
            let (name, time) = (&column.name, grid::format_time(grid.times_ms[row]));
            return Err(Error::failed(format!(
                "column \"{name}\": a missing cell, and --holes refuse, at time: \"{time}\""
            )));
        }
    }
    Ok(())
}

/// Runs the comparison that the arguments ask for.
pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    let grid = grid::read_grid(io.input(&crate::query::keep(&args.query, &args.input))?, io)?;
    let job = Job::new(args, &grid)?;
    let queries = crate::query::find(&args.query, &grid, io)?;
    let mut rows: Vec<Row> = queries.iter().flat_map(|query| job.rows(query)).collect();
    rows.sort_by(Row::order);
    if args.top > 0 {
        rows.truncate(args.top);
    }
    if let Some(path) = &args.path {
        crate::rows::write_paths(&rows, path)?;
    }
    let form = args.output.form(io);
    crate::rows::table(&rows).write(form, io)
}
