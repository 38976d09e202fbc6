//! `strain show`: a grid as pictures.

use grid::{Error, Input, Io, Table, read_grid};
use strain::course;

use super::args::Show;

/// Prints a row for each column of the grid.
pub(crate) fn run(args: &Show, io: &mut Io) -> Result<(), Error> {
    let input = Input { file: args.file.clone(), select: args.select.clone(), ..Input::default() };
    let source = io.input(&input)?;
    let grid = read_grid(source, io)?;
    let mut table = Table::new(&["metric", "min", "mean", "max", "course"]);
    for column in &grid.columns {
        let [min, mean, max] = course::extent(&column.values).unwrap_or([f64::NAN; 3]);
        let picture = course::picture(&column.values, usize::from(args.width));
        table.push(vec![column.name.clone().into(), min.into(), mean.into(), max.into(), picture.into()]);
    }
    args.output.write(&table, io)
}
