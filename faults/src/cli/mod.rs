//! The command line of faults.

mod args;
mod library;
mod request;
mod run;
mod table;

use faults::{Role, classify, observe};
use grid::{Error, Io};

pub(crate) use args::Args;
use request::Request;

/// Names the fault of a run, or files it as an example.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    let request = Request::check(args)?;
    let run = run::measured(&request, io)?;
    let Some(observed) = observe(&run.series, request.service.as_deref()) else {
        return Err(match &request.service {
            Some(name) => Error::failed(format!("--service: no column of it says anything of a fault: \"{name}\"")),
            None => Error::failed("no column says anything of a fault in any service"),
        });
    };
    if let Some(kind) = &request.add {
        return library::add(&run, &observed.service, &request.library.join(kind), io);
    }
    let (examples, files) = library::read(&request.library, io)?;
    let found = classify(&observed.signature, &observed.service, &examples, Role::ALL.len());
    request.output.write(&table::table(&observed, found, &examples, &files), io)
}
