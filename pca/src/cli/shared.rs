//! The columns that a baseline and the input both have.

use grid::{Error, Grid, Io, Source};

use super::remarks;

/// What of the input a baseline can be compared with.
pub(crate) struct Shared {
    /// The input's times, without columns.
    pub(crate) times: Grid,
    /// The values of the shared columns, in the baseline's order; `None` where the input has no columns.
    pub(crate) columns: Option<Vec<Vec<f64>>>,
}

/// Reads the input beside a baseline whose columns stand in the order of their names, and leaves of these only the shared ones.
pub(crate) fn read(source: Source, base: &mut Grid, io: &mut Io) -> Result<Shared, Error> {
    let place = |name: &str| base.columns.binary_search_by(|column| column.name.as_str().cmp(name));
    let mut found: Vec<Option<Vec<f64>>> = vec![None; base.columns.len()];
    let (mut times, mut extra, mut any) = (Grid::default(), Vec::new(), false);
    let mut batches = grid::batches(source, io)?;
    while let Some(batch) = batches.next_batch(io)? {
        any |= !batch.columns.is_empty();
        for column in batch.columns {
            match place(&column.name) {
                Ok(place) => found[place] = Some(column.values),
                Err(_) => extra.push(column.name),
            }
        }
        times = Grid { columns: Vec::new(), ..batch };
    }
    if !any {
        return Ok(Shared { times, columns: None });
    }
    extra.sort();
    let mut kept = found.iter();
    let absent = base.columns.extract_if(.., |_| kept.next().is_some_and(Option::is_none));
    let absent: Vec<String> = absent.map(|column| column.name).collect();
    remarks::say_left_out(&extra, "only in the input", io);
    remarks::say_left_out(&absent, "only in the baseline", io);
    // In place: there may be millions.
    found.retain(Option::is_some);
    Ok(Shared { times, columns: Some(found.into_iter().map(Option::unwrap_or_default).collect()) })
}
