//! One grid, window by window, against a query.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use dtw::{Plan, Timed, derivative, nearest, normalise, one_to_many};
use grid::{Error, Grid, Span};

use super::query::{Origin, Query};
use super::request::{MissingArg, Request};
use super::rows::{Row, Window};

/// Some columns of the grid that are compared with the query together: one, or a group.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) name: String,
    pub(crate) columns: Vec<usize>,
}

/// A grid, and how its columns are compared.
pub(crate) struct Comparison<'a> {
    request: &'a Request,
    grid: &'a Grid,
    pub(crate) plan: Plan,
    spans: Vec<Span>,
}

/// Both sides of a comparison in one window, as they are compared.
struct Sides<'a> {
    start_ms: i64,
    times_ms: Vec<i64>,
    query_ms: Vec<i64>,
    query: Vec<f64>,
    series: Vec<Cow<'a, [f64]>>,
}

impl<'a> Comparison<'a> {
    /// Settles the plan on this grid; refuses missing cells if that was asked for.
    pub(crate) fn new(request: &'a Request, grid: &'a Grid) -> Result<Self, Error> {
        if request.missing == MissingArg::Refuse {
            refuse_missing(grid)?;
        }
        Ok(Comparison { request, grid, plan: request.plan(grid.step_ms()), spans: grid.spans() })
    }

    /// A row for every candidate, or at least for those among which the nearest are.
    pub(crate) fn rows(&self, query: &Query, candidates: &[Candidate]) -> Vec<Row> {
        let signs: &[f64] = if self.request.either_sign { &[1.0, -1.0] } else { &[1.0] };
        let near = self.among(query, signs, candidates);
        let mut best: Vec<Option<Row>> = near.iter().map(|_| None).collect();
        for &sign in signs {
            let windows: Vec<Window> = self.spans.iter().map(|span| self.window(query, sign, &near, span)).collect();
            for (k, candidate) in near.iter().enumerate() {
                let of_candidate = windows.iter().map(|w| w.pick(k)).collect();
                let row = Row::new(&candidate.name, &query.name, sign, of_candidate, &self.plan.settings);
                if best[k].as_ref().is_none_or(|b| row.is_nearer(b)) {
                    best[k] = Some(row);
                }
            }
        }
        best.into_iter().flatten().collect()
    }

    /// The candidates among which the nearest are; all of them when too few can be compared, or
    /// when several windows make a distance.
    fn among(&self, query: &Query, signs: &[f64], candidates: &[Candidate]) -> Vec<Candidate> {
        let [span] = &self.spans[..] else {
            return candidates.to_vec();
        };
        if !(1..candidates.len()).contains(&self.request.top) {
            return candidates.to_vec();
        }
        let mut near = BTreeSet::new();
        for &sign in signs {
            let sides = self.sides(query, sign, candidates, span);
            let series = sides.series();
            near.extend(nearest(sides.query(), sides.timed(&series), &self.plan_for(query), self.request.top));
        }
        match near.len() < self.request.top {
            true => candidates.to_vec(),
            false => near.into_iter().map(|k| candidates[k].clone()).collect(),
        }
    }

    fn plan_for(&self, query: &Query) -> Plan {
        Plan { dims: query.columns.len(), ..self.plan }
    }

    /// Compares the query with some candidates in one window.
    fn window(&self, query: &Query, sign: f64, candidates: &[Candidate], span: &Span) -> Window {
        let sides = self.sides(query, sign, candidates, span);
        let series = sides.series();
        let found = one_to_many(sides.query(), sides.timed(&series), &self.plan_for(query));
        let Sides { start_ms, times_ms, query_ms, .. } = sides;
        Window { id: span.window, start_ms, times_ms, query_ms, found }
    }

    fn sides(&self, query: &Query, sign: f64, candidates: &[Candidate], span: &Span) -> Sides<'a> {
        let times_ms = since_first(&self.grid.times_ms[span.rows.clone()]);
        let (rows, query_ms) = match &query.origin {
            Origin::Grid => (span.rows.clone(), times_ms.clone()),
            Origin::File(own) => (0..own.len(), since_first(own)),
        };
        let mut values = interleave(&query.columns.iter().map(|c| self.shaped(&c[rows.clone()])).collect::<Vec<_>>());
        values.iter_mut().for_each(|x| *x *= sign);
        Sides {
            start_ms: self.grid.times_ms.get(span.rows.start).copied().unwrap_or(0),
            times_ms,
            query_ms,
            query: values,
            series: candidates.iter().map(|c| self.together(&c.columns, &span.rows)).collect(),
        }
    }

    /// The numbers of some columns, interleaved where there are several.
    fn together(&self, columns: &[usize], rows: &Range<usize>) -> Cow<'a, [f64]> {
        let shaped = |&c: &usize| self.shaped(&self.grid.columns[c].values[rows.clone()]);
        match columns {
            [one] => shaped(one),
            all => Cow::Owned(interleave(&all.iter().map(shaped).collect::<Vec<_>>())),
        }
    }

    /// A series as it is compared.
    fn shaped<'b>(&self, values: &'b [f64]) -> Cow<'b, [f64]> {
        match (self.request.derivative, self.request.znorm) {
            (false, false) => Cow::Borrowed(values),
            (true, false) => Cow::Owned(derivative(values)),
            (false, true) => Cow::Owned(normalise(values)),
            (true, true) => Cow::Owned(derivative(&normalise(values))),
        }
    }
}

impl Sides<'_> {
    fn query(&self) -> Timed<'_, [f64]> {
        Timed { values: &self.query, times_ms: &self.query_ms }
    }

    fn series(&self) -> Vec<&[f64]> {
        self.series.iter().map(|s| &s[..]).collect()
    }

    fn timed<'b>(&'b self, series: &'b [&'b [f64]]) -> Timed<'b, [&'b [f64]]> {
        Timed { values: series, times_ms: &self.times_ms }
    }
}

fn interleave(columns: &[Cow<'_, [f64]>]) -> Vec<f64> {
    let rows = columns.iter().map(|c| c.len()).min().unwrap_or(0);
    (0..rows).flat_map(|row| columns.iter().map(move |c| c[row])).collect()
}

fn since_first(times_ms: &[i64]) -> Vec<i64> {
    times_ms.iter().map(|t| t - times_ms[0]).collect()
}

fn refuse_missing(grid: &Grid) -> Result<(), Error> {
    for column in &grid.columns {
        if let Some(row) = column.values.iter().position(|x| x.is_nan()) {
            let (name, time) = (&column.name, grid::format_time(grid.times_ms[row]));
            return Err(Error::failed(format!(
                "column \"{name}\": a missing cell, and --missing refuse, at time: \"{time}\""
            )));
        }
    }
    Ok(())
}
