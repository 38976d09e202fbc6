//! What is printed instead of series.

use std::collections::BTreeSet;
use std::io::Write;

use grid::{Error, Io};
use prom_fetch::fetch::find_names;
use prom_fetch::plan::job::Job;
use prom_fetch::plan::shard::{family, number};
use prom_fetch::server::Client;

/// Prints the requests as command lines of curl.
pub(crate) fn requests(client: &Client, job: &Job, io: &mut Io) -> Result<(), Error> {
    for piece in job.pieces() {
        let request = client.complete(job.request(&piece));
        writeln!(io, "{}", request.curl(&client.place(&request)))?;
    }
    Ok(())
}

/// Prints how many families and metrics are in each shard, empty ones too.
pub(crate) fn shards(client: &Client, job: &Job, of: u32, io: &mut Io) -> Result<(), Error> {
    let mut names = BTreeSet::new();
    for query in 0..job.queries.len() {
        names.extend(find_names(client, job, query).map_err(|trouble| Error::Failed(trouble.text))?);
    }
    let mut sizes = vec![(BTreeSet::new(), 0_usize); of as usize];
    for name in &names {
        let (families, metrics) = &mut sizes[number(name, of) as usize];
        families.insert(family(name));
        *metrics += 1;
    }
    writeln!(io, "shard,families,metrics")?;
    for (index, (families, metrics)) in sizes.iter().enumerate() {
        writeln!(io, "{}/{of},{},{metrics}", index + 1, families.len())?;
    }
    Ok(())
}
