//! The columns that a baseline and the input both have.

use grid::{Columns, Error, Grid, Io, Names, Source};

use super::remarks;

/// What of the input a baseline can be compared with.
pub(crate) struct Shared {
    /// The input's times, without columns.
    pub(crate) times: Grid,
    /// The values of the shared columns, in the baseline's order; `None` where the input has no columns.
    pub(crate) columns: Option<Vec<Vec<f64>>>,
}

/// Reads the input beside a baseline whose columns stand in the order of their names, and leaves of these only the shared ones.
pub(crate) fn read(source: Source, base: &mut Columns, io: &mut Io) -> Result<Shared, Error> {
    let mut found: Vec<Option<Vec<f64>>> = vec![None; base.names.len()];
    let (mut times, mut extra, mut any) = (Grid::default(), Names::default(), false);
    let mut batches = grid::batches(source, io)?;
    while let Some(batch) = batches.next_batch(io)? {
        any |= !batch.columns.is_empty();
        for column in batch.columns {
            match base.names.find(&column.name) {
                Some(place) => found[place] = Some(column.values),
                None => extra.push(&column.name),
            }
        }
        times = Grid { columns: Vec::new(), ..batch };
    }
    if !any {
        return Ok(Shared { times, columns: None });
    }
    let mut extra: Vec<&str> = extra.iter().collect();
    extra.sort_unstable();
    let absent = base.names.iter().zip(&found).filter(|(_, found)| found.is_none());
    remarks::say_left_out(&extra, "only in the input", io);
    remarks::say_left_out(&absent.map(|(name, _)| name).collect::<Vec<_>>(), "only in the baseline", io);
    base.retain(|at| found[at].is_some());
    // In place: there may be millions.
    found.retain(Option::is_some);
    Ok(Shared { times, columns: Some(found.into_iter().map(Option::unwrap_or_default).collect()) })
}
