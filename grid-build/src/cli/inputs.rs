//! Reads the inputs, each by its kind.

use std::io::Read;
use std::path::PathBuf;

use grid::{Error, Io, Source, read_grid};
use grid_build::{Input, Load, Store, read_rows, read_samples, read_series, read_table};

use super::request::Reading;

/// Reads all inputs into one store; logs of requests go to the load.
pub(super) fn read_all(files: &[PathBuf], reading: &Reading, load: &mut Load, io: &mut Io) -> Result<Store, Error> {
    let mut store = Store::new();
    for file in files {
        let source = Source::open(file)?;
        let place = source.place().to_string();
        read_one(source, reading, (&mut store, load), io).map_err(|e| at_once(e, &place))?;
    }
    store.check_native(reading.strict)?;
    Ok(store)
}

fn read_one(
    mut source: Source,
    reading: &Reading,
    (store, load): (&mut Store, &mut Load),
    io: &mut Io,
) -> Result<(), Error> {
    let head = source.head(Input::HEAD)?;
    let dialect = &reading.dialect;
    match Input::of(&head)? {
        Input::Series => read_series(source, store),
        Input::Grid if head.trim_ascii().is_empty() && reading.may_be_empty => Ok(()),
        Input::Grid if head.trim_ascii().is_empty() => {
            Err(Error::empty(source.place(), "series lines, answers of query_range, or a grid"))
        }
        Input::Grid if !reading.is_of_tables() => store.add_grid(read_grid(source, io)?),
        Input::Grid | Input::Table => {
            let notes = read_table(&bytes(source)?, dialect, reading.long.as_ref(), store)?;
            notes.iter().for_each(|note| io.note(note));
            Ok(())
        }
        Input::Rows => {
            let notes = read_rows(&bytes(source)?, dialect, reading.long.as_ref(), store)?;
            notes.iter().for_each(|note| io.note(note));
            Ok(())
        }
        Input::Samples => read_samples(&bytes(source)?, store),
        Input::Log(log) => {
            load.logs.push(log.read(&bytes(source)?, dialect.zone.as_ref())?);
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
