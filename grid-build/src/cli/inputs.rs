//! Reads the inputs, each by its kind.

use std::io::Read;
use std::path::PathBuf;

use grid::{Error, Io, Source, read_grid};
use grid_build::{Dialect, Input, Load, Store, read_rows, read_samples, read_series, read_table};

use super::args::Args;

/// Reads all inputs into one store; logs of requests go to the load.
pub(super) fn read_all(args: &Args, load: &mut Load, io: &mut Io) -> Result<Store, Error> {
    let mut store = Store::new();
    let standard_input = [PathBuf::from("-")];
    let is_terminal = args.files.is_empty() && std::io::IsTerminal::is_terminal(&std::io::stdin());
    let joins_load = args.locust.is_some() || !args.requests.is_empty();
    let files = match args.files.as_slice() {
        [] if is_terminal && joins_load => return Ok(store),
        [] => &standard_input,
        files => files,
    };
    // An empty shard is an empty part of the times that were asked for.
    let may_be_empty = joins_load || args.start.is_some() && args.end.is_some();
    for file in files {
        let source = Source::open(file)?;
        let place = source.place().to_string();
        read_one(source, args, may_be_empty, (&mut store, load), io).map_err(|e| at_once(e, &place))?;
    }
    store.check_native(args.strict)?;
    Ok(store)
}

fn read_one(
    mut source: Source,
    args: &Args,
    may_be_empty: bool,
    (store, load): (&mut Store, &mut Load),
    io: &mut Io,
) -> Result<(), Error> {
    let head = source.head(Input::HEAD)?;
    let dialect = args.dialect();
    let foreign = dialect.is_said() || args.long.is_some();
    match Input::of(&head)? {
        Input::Series => read_series(source, store),
        Input::Grid if head.trim_ascii().is_empty() && may_be_empty => Ok(()),
        Input::Grid if head.trim_ascii().is_empty() => {
            Err(Error::empty(source.place(), "series lines, answers of query_range, or a grid"))
        }
        Input::Grid if !foreign => store.add_grid(read_grid(source, io)?),
        Input::Grid | Input::Table => {
            let notes = read_table(&bytes(source)?, &dialect, args.long.as_ref(), store)?;
            notes.iter().for_each(|note| io.note(note));
            Ok(())
        }
        Input::Rows => {
            let notes = read_rows(&bytes(source)?, &dialect, store)?;
            notes.iter().for_each(|note| io.note(note));
            Ok(())
        }
        Input::Samples => read_samples(&bytes(source)?, store),
        Input::Log(log) => {
            load.logs.push(log.read(&bytes(source)?)?);
            Ok(())
        }
    }
}

/// All bytes of an input.
pub(super) fn bytes(mut source: Source) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(|e| Error::read("", &e))?;
    Ok(bytes)
}

/// Puts the name of the input in front, unless it is there.
fn at_once(e: Error, place: &str) -> Error {
    let there = e.to_string().starts_with(&format!("{place}:"));
    if there { e } else { e.at(place) }
}

impl Args {
    /// How tables are written, as far as it was said.
    fn dialect(&self) -> Dialect {
        let (delimiter, decimal) = (self.delimiter, self.decimal);
        Dialect { delimiter, decimal, time: grid::time_column().map(str::to_string), zone: self.tz.clone() }
    }
}
