//! The command line: from options to a page.

pub(crate) mod args;
mod columns;
mod evidence;
mod facts;
mod inputs;
mod locust;
mod moving;
mod naming;
mod outcomes;
mod points;
mod rankings;
mod series;
mod sheet;
mod story;
mod suspects;

use std::io::Write;

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
    let inputs = Inputs::read(args, io)?;
    let report = report(args, inputs);
    let text = match args.to {
        Form::Html => page(&report),
        Form::Md => markdown(&report),
    };
    io.write_all(text.as_bytes())?;
    Ok(())
}

fn report(args: &Args, mut inputs: Inputs) -> Report {
    let suspects = suspects::suspects(&inputs);
    let links = Links { prometheus: args.link_prometheus.clone(), grafana: args.link_grafana.clone() };
    let mut report = Report { title: args.title.clone(), links, ..Report::default() };
    report.services = inputs.services.as_ref().map(|table| rankings::services(&inputs, table));
    report.metrics = Some(rankings::metrics(&inputs, args.top));
    report.faults = inputs.faults.as_ref().map(rankings::faults);
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
