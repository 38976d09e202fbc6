//! From the arguments to the grid.

use std::collections::BTreeMap;

use grid::{Column, Error, Form, Grid, Io, Name, Picker, TableForm, read_grid_file, write_grid};
use grid_build::{Built, Histograms, Options, Shape, Store, Wish, assemble, pivot, shape};
use names::Treatment;

use super::args::Args;
use super::inputs::read_all;
use super::load::read_load;

pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    let mut picker = Picker::new(&args.select, &args.drop)?;
    let mut load = read_load(args, quantiles(args), io)?;
    let like = args.like.as_deref().map(|path| read_grid_file(path, io)).transpose()?;
    let options = options(args, like.as_ref());
    let store = read_all(args, &mut load, io)?;
    check_labels(&store, options.by.as_deref().unwrap_or_default())?;
    let Built { mut grid, notes, decisions } = assemble(store, &load, &options)?;
    if args.explain {
        decisions.write(TableForm::Table, &mut std::io::stderr().lock())?;
    }
    notes.iter().for_each(|note| io.note(note));
    grid.columns.retain(|column: &Column| picker.keeps(&column.name));
    picker.check_used()?;
    let wish = Shape {
        like: like.as_ref(),
        drop_empty: args.drop_empty,
        drop_constant: args.drop_constant,
        template: args.name.as_deref(),
    };
    shape(&mut grid, &wish)?.iter().for_each(|note| io.note(note));
    if let Some(how) = args.pivot {
        let form = if args.to == Form::Jsonl { TableForm::Jsonl } else { TableForm::Csv };
        return pivot(&grid, how).write(form, io);
    }
    write_grid(&grid, args.to, io)
}

fn options(args: &Args, like: Option<&Grid>) -> Options {
    let wanted = if args.quantiles.is_empty() { Histograms::Raw } else { Histograms::Quantiles };
    let by_instance = args.pivot.map(|_| vec!["instance".to_string()]);
    Options {
        wish: Wish {
            step_ms: args.step.or_else(|| like.and_then(Grid::step_ms)),
            start_ms: args.start,
            end_ms: args.end,
        },
        lookback_ms: args.lookback,
        counters: args.counters,
        like: like.map(treatments).unwrap_or_default(),
        histograms: args.histograms.unwrap_or(wanted),
        quantiles: quantiles(args),
        by: args.by.clone().or(by_instance),
        agg: args.agg,
        fill: args.fill.map(|how| (how, args.max_gap)),
    }
}

/// What was done with each metric of a grid.
fn treatments(grid: &Grid) -> BTreeMap<String, Treatment> {
    let names = grid.columns.iter().map(|column| Name::parse(&column.name));
    names.map(|name| (name.name.clone(), name.treatment())).collect()
}

fn quantiles(args: &Args) -> Vec<f64> {
    if args.quantiles.is_empty() { vec![0.5, 0.95, 0.99] } else { args.quantiles.clone() }
}

/// Refuses a label of `--by` that no series has: it is most likely misspelt.
fn check_labels(store: &Store, by: &[String]) -> Result<(), Error> {
    let labels = store.labels();
    let Some(unknown) = by.iter().find(|label| !store.is_empty() && !label.is_empty() && !labels.contains(label))
    else {
        return Ok(());
    };
    let likeness = |label: &String| strsim::jaro_winkler(label, unknown);
    let near = labels.iter().filter(|label| likeness(label) > 0.75).max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let way_out = match near {
        Some(near) => format!("did you mean {near}?"),
        None => format!("expected some of {}", labels.join(", ")),
    };
    Err(Error::usage(format!("--by: no series has this label, {way_out}: \"{unknown}\"")))
}
