//! The work on a grid: which scale each column is measured by, and what is to be said about it.

use std::collections::HashMap;

use grid::{Batches, Column, Error, Grid, Io, Span, digest};
use rayon::prelude::*;
use znorm::{Method, Outcome, Scale};

use super::remarks::{Kind, Remark};

/// How the columns of a grid are to be normalised.
pub(crate) struct Plan {
    pub(crate) method: Method,
    pub(crate) floor: f64,
    pub(crate) diff: bool,
    /// The scale of each column of the baseline that has one, by the digest of its name.
    pub(crate) baseline: Option<HashMap<(u64, u64), Scale>>,
}

impl Plan {
    /// Measures the columns of a baseline, all windows together.
    pub(crate) fn learn(&mut self, mut baseline: Batches, io: &mut Io) -> Result<(), Error> {
        let mut scales = HashMap::new();
        while let Some(mut batch) = baseline.next_batch(io)? {
            let spans = batch.spans();
            let measure = |column: &mut Column| {
                self.difference(column, &spans);
                Some((digest(&column.name), Scale::of(&column.values, self.method)?))
            };
            scales.par_extend(batch.columns.par_iter_mut().filter_map(measure));
        }
        self.baseline = Some(scales);
        Ok(())
    }

    /// Normalises every column in place; the remarks come in the order of the columns, whatever the threads.
    pub(crate) fn normalise(&self, grid: &mut Grid) -> Vec<Remark> {
        let spans = grid.spans();
        let columns = grid.columns.par_iter_mut().enumerate();
        columns.flat_map_iter(|(at, column)| self.normalise_column(at, column, &spans)).collect()
    }

    fn normalise_column(&self, at: usize, column: &mut Column, spans: &[Span]) -> Vec<Remark> {
        self.difference(column, spans);
        let Some(scales) = &self.baseline else {
            return self.by_itself(at, column, spans);
        };
        let Some(scale) = scales.get(&digest(&column.name)) else {
            let mut remarks = vec![Remark::new(Kind::Absent, at)];
            remarks.extend(self.by_itself(at, column, spans));
            return remarks;
        };
        let Some(fitting) = znorm::against(*scale, &column.values, self.floor) else {
            znorm::flatten(&mut column.values);
            return vec![Remark::new(Kind::Constant, at)];
        };
        fitting.apply(&mut column.values);
        let unmeasured = scale.floored(self.floor).is_constant();
        unmeasured.then(|| Remark::new(Kind::Unmeasured, at)).into_iter().collect()
    }

    fn by_itself(&self, at: usize, column: &mut Column, spans: &[Span]) -> Vec<Remark> {
        let (values, mut remarks) = (&mut column.values, Vec::new());
        for span in spans {
            let kind = match znorm::normalise(&mut values[span.rows.clone()], self.method, self.floor) {
                Outcome::Constant => Kind::Constant,
                Outcome::Short => Kind::Short,
                Outcome::Scaled | Outcome::Empty => continue,
            };
            let only = (spans.len() > 1).then_some(span.window);
            remarks.push(Remark { window: only, ..Remark::new(kind, at) });
        }
        remarks
    }

    fn difference(&self, column: &mut Column, spans: &[Span]) {
        if self.diff {
            spans.iter().for_each(|s| znorm::difference(&mut column.values[s.rows.clone()]));
        }
    }
}
