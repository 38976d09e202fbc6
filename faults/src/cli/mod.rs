//! The command line of faults.

mod args;
mod library;
mod ranking;
mod request;
mod run;
mod table;

use faults::{Known, classify, observe, services_of};
use grid::{Error, Io, did_you_mean};
use names::Catalogue;

pub(crate) use args::Args;
use request::Request;

/// Names the fault of a run, or files it as an example.
pub(crate) fn run(args: Args, io: &mut Io) -> Result<(), Error> {
    let request = Request::check(args, io.has_top())?;
    let mut catalogue = Catalogue::default();
    if let Some(path) = &request.services {
        catalogue = catalogue.with_services(grid::read_services(path)?);
    }
    let run = run::measured(&request, &catalogue, io)?;
    let headers = || run.series.iter().map(|series| series.name.clone()).collect();
    grid::idle_notes(&catalogue, headers).iter().for_each(|note| io.note(note));
    if run.series.is_empty() && request.add.is_none() {
        io.note("no columns to compare");
        return request.output.write(&table::empty(), io);
    }
    let verdict = match &request.rank {
        Some(path) => ranking::read(path, request.service.as_deref())?,
        None => ranking::Verdict::default(),
    };
    let service = request.service.as_deref().or(verdict.service.as_deref());
    let known = Known { service, first_kind: verdict.first_kind.as_deref(), alone: false };
    let working = io.working("looking at the services", 0);
    let Some(observed) = observe(&run.series, known, &catalogue) else {
        return Err(match service {
            Some(name) => {
                let near = near_service(name, &run, &catalogue);
                Error::failed(format!("no column of this service says anything of a fault: \"{name}\"{near}"))
            }
            None => Error::failed("no column says anything of a fault in any service"),
        });
    };
    drop(working);
    if let Some(kind) = &request.add {
        return library::add(&run, &observed, &request.library.join(kind), &catalogue, io);
    }
    let library = library::read(&request.library, &catalogue, io)?;
    let working = io.working(format_args!("comparing with {} examples", library.examples.len()), 0);
    let found = classify(&observed, &library.examples);
    drop(working);
    request.output.write(&table::table(&observed, &found, &library), io)
}

/// The service of the run that a misspelt one may have meant.
fn near_service(text: &str, run: &run::Measured, catalogue: &Catalogue) -> String {
    let services = services_of(&run.series, catalogue);
    did_you_mean(text, services.iter().map(String::as_str))
}
