//! The command line: from options to a page.

pub(crate) mod args;
mod columns;
mod evidence;
mod facts;
mod inputs;
mod locust;
mod moving;
mod naming;
mod other;
mod outcomes;
mod points;
mod rankings;
mod related;
mod series;
mod sheet;
mod slides;
mod story;
mod suspects;
mod verdict;

use std::fs;
use std::io::Write;
use std::path::Path;

use grid::{Error, Io};
use report::{Links, Report, markdown, page};

use args::{Args, Form};
use inputs::Inputs;
use series::Store;

/// Metrics of either run that are compared.
const COMPARED: usize = 20;

/// Reads what is given and writes the page.
pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    let inputs = if args.index { None } else { Some(Inputs::read(args, io)?) };
    let working = io.working("making the page", 0);
    let report = inputs.map_or_else(|| index(args), |inputs| Ok(report(args, inputs)))?;
    if let Some(path) = &args.words {
        fs::write(path, report.words()).map_err(|e| Error::write(path.display(), &e))?;
    }
    let text = match args.to {
        Form::Html => page(&report),
        Form::Md => markdown(&report),
        Form::Svg => slides::write(&report, args.into.as_deref().unwrap_or(Path::new(".")))?,
    };
    drop(working);
    io.write_all(text.as_bytes())?;
    Ok(())
}

/// A page that leads to those of all runs.
fn index(args: &Args) -> Result<Report, Error> {
    let table = inputs::table(args.file.as_deref().unwrap_or(Path::new("-")), &inputs::RUNS)?;
    Ok(Report { title: args.title.clone(), runs: Some(rankings::runs(&table)), ..Report::default() })
}

fn report(args: &Args, mut inputs: Inputs) -> Report {
    let suspects = suspects::suspects(&inputs);
    let links = Links { prometheus: args.link_prometheus.clone(), grafana: args.link_grafana.clone() };
    let mut report = Report { title: args.title.clone(), links, ..Report::default() };
    report.services = inputs.services.as_ref().map(|table| rankings::services(&inputs, table));
    report.metrics = Some(rankings::metrics(&inputs, args.top));
    report.faults = inputs.faults.as_ref().map(rankings::faults);
    report.runs = inputs.runs.as_ref().map(rankings::runs);
    report.against = inputs.against.as_ref().map(|other| rankings::against(&inputs, other, COMPARED));
    report.curves = inputs.points.as_ref().map(|points| points.curves(&inputs.rank, &inputs.naming, args.panels));
    report.changes = evidence::changes(&inputs, args.top);
    report.lags = evidence::lags(&inputs, &suspects);
    report.components = evidence::components(&inputs, &suspects);
    report.calls = evidence::calls(&inputs);
    report.facts.extend(facts::limits(&inputs));
    let overload = inputs.overload.take();
    let store = overload.map(|overload| {
        report.facts.push(facts::grids(inputs.steady.as_ref(), &overload));
        Store::new(inputs.steady.take(), overload, facts::phase_names(inputs.run.as_ref()))
    });
    story::tell(&mut report, &inputs, store.as_ref());
    if let Some(store) = store {
        report.cards = outcomes::cards(&store, &inputs.naming, inputs.on.as_deref());
        if let Some(metrics) = &mut report.metrics {
            metrics.entries.iter_mut().for_each(|entry| entry.series = store.find(&entry.full_name));
        }
        report.time = Some(moving::time(&inputs, store, &suspects, args.panels));
    }
    if let Some(run) = &inputs.run {
        facts::add(&mut report, run);
    }
    report.chain = inputs.chain.iter().enumerate().map(|(i, line)| ((i + 1).to_string(), line.clone())).collect();
    report
}
