//! What is printed instead of series.

use std::io::Write;

use grid::{Error, Io};
use prom_fetch::plan::job::Job;
use prom_fetch::server::Client;

/// Prints the requests as command lines of curl.
pub(crate) fn requests(client: &Client, job: &Job, io: &mut Io) -> Result<(), Error> {
    for piece in job.pieces() {
        let request = client.complete(job.request(&piece));
        writeln!(io, "{}", request.curl(&client.place(&request)))?;
    }
    Ok(())
}
