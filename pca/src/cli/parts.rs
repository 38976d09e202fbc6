//! Columns that come in parts: Gram matrices, and contributions by scores that are known.

use std::path::{Path, PathBuf};

use grid::{Cell, Column, Columns, Error, Form, Grid, Io, Source, Table};
use pca::{Gram, Options, Prepared, Problem, Rows, known, prepare};

use super::args::Emit;
use super::request::Request;
use super::{packed, remarks, run, table as tables};

/// Writes the Gram matrix of a grid's rows. A grid without columns has one of zeros.
pub(crate) fn gram(request: &Request, place: &str, form: Form, mut columns: Columns, io: &mut Io) -> Result<(), Error> {
    refuse_large(columns.times.rows(), 1)?;
    let gram = match prepared(place, &mut columns, &request.options)? {
        None => Gram::zero(columns.times.rows()),
        Some(data) => {
            remarks::say_columns(&columns.names, &data, None, io);
            Gram::new(&data).map_err(|problem| Error::failed(format!("{place}: {problem}")))?
        }
    };
    write(columns.times, gram, request.form(form)?, io)
}

fn write(rows: Grid, gram: Gram, form: Form, io: &mut Io) -> Result<(), Error> {
    match form {
        Form::Csv => grid::write_grid(&as_grid(rows, gram), form, io),
        Form::Jsonl => packed::write(&rows, &gram, io),
    }
}

/// A grid without columns is taken, one without rows is not.
pub(crate) fn refuse_short(place: &str, grid: &Grid) -> Result<(), Error> {
    match (grid.rows(), grid.spans().len()) {
        (rows, windows) if rows > windows => Ok(()),
        (rows, windows) => Err(Error::failed(format!("{place}: {}", Problem::TooFewRows { rows, windows }))),
    }
}

/// Centres columns, of which names and times stay; `None` when there are none.
fn prepared(place: &str, columns: &mut Columns, options: &Options) -> Result<Option<Prepared>, Error> {
    if columns.names.is_empty() {
        return Ok(None);
    }
    let spans: Vec<_> = columns.times.spans().into_iter().map(|span| span.rows).collect();
    let values = std::mem::take(&mut columns.values);
    prepare(values, &spans, options).map(Some).map_err(|problem| run::failed(place, columns, problem))
}

/// `time,r1,…,rN`: the lower triangle; what is above the diagonal is empty.
fn as_grid(rows: Grid, gram: Gram) -> Grid {
    let column = |(j, mut values): (usize, Vec<f64>)| {
        values[..j].fill(f64::NAN);
        Column { name: format!("r{}", j + 1), values }
    };
    Grid { columns: gram.into_columns().into_iter().enumerate().map(column).collect(), ..rows }
}

/// Adds Gram matrices, in the order given, and writes what they tell.
pub(crate) fn sum(request: &Request, parts: &[PathBuf], emit: Emit, io: &mut Io) -> Result<(), Error> {
    io.quiet(request.input.quiet);
    let mut whole: Option<(Grid, Gram)> = None;
    for path in parts {
        let (rows, gram) = read_gram(path, io)?;
        match &mut whole {
            None => whole = Some((rows, gram)),
            Some((first, sum)) => {
                same_times(first, &rows, path, &parts[0])?;
                sum.add(&gram);
            }
        }
    }
    let (rows, gram) = whole.unwrap_or_else(|| (Grid::default(), Gram::zero(0)));
    if emit == Emit::Gram {
        return write(rows, gram, request.form(Form::Csv)?, io);
    }
    let windows = rows.spans().len();
    let solved = gram.solve(windows, request.options.components);
    let found = solved.map_err(|problem| Error::failed(format!("{}: {problem}", parts[0].display())))?;
    remarks::say_components(request.asked, found.scores.len(), found.unsettled, io);
    let Rows { scores, variance, singular, ratios, .. } = found;
    match emit {
        Emit::Scores => grid::write_grid(&tables::scores(&rows, scores, None), request.form(Form::Csv)?, io),
        _ => request.output.write(&tables::variance(&variance, &ratios, &singular), io),
    }
}

fn read_gram(path: &Path, io: &mut Io) -> Result<(Grid, Gram), Error> {
    let source = Source::open(path)?.beside();
    if source.form() == Form::Jsonl {
        let (rows, triangle) = packed::read(source)?;
        refuse_large(rows.rows(), 2)?;
        return Ok((rows, Gram::from_triangle(triangle)));
    }
    let mut grid = grid::read_grid(source, io)?;
    refuse_large(grid.rows(), 2)?;
    let named = grid.columns.iter().enumerate().all(|(j, column)| column.name == format!("r{}", j + 1));
    let columns: Vec<Vec<f64>> = std::mem::take(&mut grid.columns).into_iter().map(|column| column.values).collect();
    let filled = || columns.iter().enumerate().all(|(j, column)| column[j..].iter().all(|x| x.is_finite()));
    if !named || columns.len() != grid.rows() || !filled() {
        let what = "expected what --emit gram prints, in CSV a column r1, r2, … for each row";
        return Err(Error::failed(format!("{}: {what}", path.display())));
    }
    Ok((grid, Gram::from_lower(columns)))
}

fn same_times(first: &Grid, other: &Grid, path: &Path, of: &Path) -> Result<(), Error> {
    if first.times_ms == other.times_ms && first.windows == other.windows {
        return Ok(());
    }
    Err(Error::failed(format!("{}: its times are not those of {}", path.display(), of.display())))
}

/// Matrices of rows × rows: better refused now than killed later.
fn refuse_large(rows: usize, copies: u64) -> Result<(), Error> {
    let needed = copies * 8 * (rows as u64).pow(2);
    match grid::available_memory() {
        Some(free) if free < needed => Err(Error::out_of_memory(format!(
            "a Gram matrix of {rows} rows needs {} MB, {} MB are free; take fewer rows",
            needed >> 20,
            free >> 20
        ))),
        _ => Ok(()),
    }
}

/// The table of a part whose scores are known.
pub(crate) fn by_scores(
    request: &Request,
    place: &str,
    (path, emit): (&Path, Emit),
    mut columns: Columns,
    io: &mut Io,
) -> Result<(), Error> {
    let mut given = grid::read_grid_file(path, io)?;
    let numbered = given.columns.iter().enumerate().all(|(k, column)| column.name == format!("pc{}", k + 1));
    let scores: Vec<Vec<f64>> = std::mem::take(&mut given.columns).into_iter().map(|column| column.values).collect();
    if !numbered || scores.iter().flatten().any(|x| !x.is_finite()) {
        return Err(Error::failed(format!("{}: expected what --emit scores prints: time,pc1,…", path.display())));
    }
    same_times(&given, &columns.times, path, Path::new(place))?;
    let Some(data) = prepared(place, &mut columns, &request.options)? else {
        return request.output.write(&tables::no_contributions(scores.len(), emit), io);
    };
    let names = &columns.names;
    remarks::say_columns(names, &data, None, io);
    let fit = known(data, &scores);
    let rows = if emit == Emit::Loadings { tables::loadings(names, &fit) } else { tables::contributions(names, &fit) };
    request.output.write_brief(rows, &[], io)
}

/// Puts the contributions of parts into one table: signs as the largest loading of all has it, best first.
pub(crate) fn merge(request: &Request, parts: &[PathBuf], io: &mut Io) -> Result<(), Error> {
    io.quiet(request.input.quiet);
    let mut whole = Table::default();
    for path in parts {
        let table = Table::read_file(path)?;
        let head: Vec<&str> = table.header.iter().map(String::as_str).collect();
        let whole_head = matches!(head.as_slice(), ["metric", "contribution", .., "filled", "note"]);
        if !whole_head || (!whole.header.is_empty() && whole.header != table.header) {
            let what = "expected the contributions of the same components: metric,contribution,pc1,…,filled,note";
            return Err(Error::parse(path.display().to_string(), what, &table.header.join(",")));
        }
        whole.header = table.header;
        whole.rows.extend(table.rows);
    }
    whole.rows.sort_by_cached_key(|row| row[0].text());
    if let Some(pair) = whole.rows.windows(2).find(|pair| pair[0][0] == pair[1][0]) {
        return Err(Error::failed(format!("a metric twice: {}", grid::quote(&pair[0][0].text()))));
    }
    sign(&mut whole);
    let contribution = |row: &Vec<Cell>| row[1].number().unwrap_or(-1.0);
    whole.rows.sort_by(|a, b| contribution(b).total_cmp(&contribution(a)));
    request.output.write(&whole, io)
}

/// Gives each component its sign, now that all loadings are together in the order of names.
fn sign(table: &mut Table) {
    for k in 2..table.header.len() - 2 {
        let mut loadings = vec![table.rows.iter().map(|row| row[k].number().unwrap_or(0.0)).collect::<Vec<f64>>()];
        pca::set_signs(&mut loadings);
        for (row, loading) in table.rows.iter_mut().zip(&loadings[0]) {
            row[k] = (*loading).into();
        }
    }
}
