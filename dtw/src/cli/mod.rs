//! The command line of dtw: from its arguments to the table.

mod args;
mod band;
mod columns;
mod comparison;
mod counterpart;
mod groups;
mod matrix;
mod query;
mod request;
mod rows;
mod table;

use grid::{Error, Io};

pub(crate) use args::Args;
use request::{Question, Request};

/// Runs the comparison that the arguments ask for.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    let request = Request::check(args)?;
    let mut rows = match &request.question {
        Question::Matrix(measure) => {
            let source = io.input(&request.input)?;
            return matrix::run(&request, *measure, &grid::read_grid(source, io)?, io);
        }
        Question::Groups { query, label } => {
            let source = io.input(&query::keep(query, &request.input))?;
            groups::rows(&request, query, label, &grid::read_grid(source, io)?, io)?
        }
        Question::Columns { query } => {
            let source = io.input(&query::keep(query, &request.input))?;
            columns::rows(&request, query, source, io)?
        }
    };
    rows::nearest_first(&mut rows, request.top);
    if let Some(path) = &request.path {
        table::write_paths(&rows, path)?;
    }
    request.output.write_brief(table::table(&rows), &[], io)
}
