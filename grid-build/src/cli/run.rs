//! From the arguments to the grid.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use grid::{Column, Error, Form, Grid, Io, Name, Picker, Source, TableForm, read_grid, read_grid_file, write_grid};
use grid_build::{
    Built, Histograms, Load, Options, Phase, Shape, Store, Wish, assemble, parse_offset, pivot, read_history,
    read_phases, read_requests, read_series, read_totals, shape,
};

use names::Treatment;

use super::args::Args;

pub(crate) fn run(args: &Args, io: &mut Io) -> Result<(), Error> {
    io.quiet(args.quiet);
    let mut picker = Picker::new(&args.select, &args.drop)?;
    let locust = read_locust(args, io)?;
    let like = args.like.as_deref().map(|path| read_grid_file(path, io)).transpose()?;
    let store = read_all(args, io)?;
    let options = options(args, like.as_ref());
    let Built { mut grid, notes, decisions } = assemble(store, &locust, &options)?;
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

/// Reads all inputs into one store.
fn read_all(args: &Args, io: &mut Io) -> Result<Store, Error> {
    let mut store = Store::new();
    let standard_input = [PathBuf::from("-")];
    let only_locust = args.files.is_empty() && std::io::IsTerminal::is_terminal(&std::io::stdin());
    let joins_locust = args.locust.is_some() || args.locust_requests.is_some();
    let files = match args.files.as_slice() {
        [] if only_locust && joins_locust => return Ok(store),
        [] => &standard_input,
        files => files,
    };
    for file in files {
        let source = Source::open(file)?;
        let place = source.place().to_string();
        match source.form() {
            Form::Jsonl => read_series(source, &mut store)?,
            Form::Csv => {
                let Some(source) = unless_empty(source, joins_locust)? else { continue };
                let grid = read_grid(source, io)
                    .map_err(|e| e.expecting("series lines, answers of query_range, or a grid"))?;
                store.add_grid(grid).map_err(|e| e.at(&place))?;
            }
        }
    }
    store.check_native(args.strict)?;
    Ok(store)
}

/// With Locust's files to read, standard input may be empty.
fn unless_empty(mut source: Source, may_be_empty: bool) -> Result<Option<Source>, Error> {
    if !may_be_empty {
        return Ok(Some(source));
    }
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(|e| Error::read(source.place(), &e))?;
    if bytes.trim_ascii().is_empty() { Ok(None) } else { Source::from_bytes(bytes).map(Some) }
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

fn read_locust(args: &Args, io: &mut Io) -> Result<Load, Error> {
    let mut locust = Load { by_name: args.locust_by_name, quantiles: quantiles(args), ..Load::default() };
    if let Some(prefix) = &args.locust {
        let prefix = prefix.display().to_string();
        let prefix = prefix.strip_suffix("_stats_history.csv").unwrap_or(&prefix);
        let file = |end: &str| PathBuf::from(format!("{prefix}{end}"));
        locust.history = Some(read_file(&file("_stats_history.csv"), read_history)?);
        if file("_stats.csv").exists() {
            let failures = file("_failures.csv");
            let failures = failures.exists().then(|| Source::open(&failures)).transpose()?;
            let totals = read_file(&file("_stats.csv"), |stats| read_totals(stats, failures))?;
            io.note(&totals.text);
            locust.totals = Some(totals);
        }
    }
    if let Some(path) = &args.locust_requests {
        locust.logs.push(read_file(path, read_requests)?);
    }
    if let Some(path) = &args.locust_run {
        let place = path.display();
        let text = fs::read(path).map_err(|e| Error::open(&place, &e))?;
        locust.phases = read_phases(&text).map_err(|e| e.at(&place.to_string()))?;
    }
    if args.locust_users_target.is_some() || args.locust_spawn_rate.is_some() {
        locust.phases.push(Phase::always(args.locust_users_target, args.locust_spawn_rate));
    }
    if let Some(offset) = &args.locust_offset {
        locust.shift(parse_offset(offset)?);
    }
    Ok(locust)
}

fn read_file<T>(path: &Path, read: impl FnOnce(Source) -> Result<T, Error>) -> Result<T, Error> {
    let source = Source::open(path)?;
    let place = source.place().to_string();
    read(source).map_err(|e| e.at(&place))
}
