//! From prepared columns to components: the choice of a solver, the three solvers, the sign rule.

pub(crate) mod em;
mod gram;
mod jacobi;
mod krylov;
mod product;

use self::gram::{gram_of, gram_of_rows};
use self::jacobi::orthogonalise;
use self::krylov::{LARGE, Pairs, Product, SMALL_SPACE, TOLERANCE, dense, largest};
use crate::{Components, Model, Options, Prepared, Problem, Solver, State};
use std::borrow::Cow;

pub(crate) use self::gram::add_rows;
pub(crate) use self::jacobi::dot;
pub(crate) use self::product::{combine, cross, view};

/// Work (long side × short side²) up to which rotations are as quick as anything else.
const SMALL: usize = 4_000_000;
/// Side up to which a Gram matrix (half a gigabyte) is made when the iteration on the grid does not settle.
const DENSE: usize = 8192;

/// Components with their squared singular values, and how they were found.
struct Found {
    components: Vec<Vec<f64>>,
    squares: Vec<f64>,
    residual: f64,
}

/// Finds the components of prepared columns. Columns that do not vary are left aside and get loading 0.
pub(crate) fn solve(data: &Prepared, options: &Options) -> Result<Model, Problem> {
    let varying = || (0..data.columns.len()).filter(|&j| data.shifts[j].state == State::Varies);
    let columns: Vec<&[f64]> = varying().map(|j| data.columns[j].as_slice()).collect();
    let squares: f64 = columns.iter().map(|column| dot(column, column)).sum();
    let limit = columns.len().min(data.rows - data.spans.len());
    let solver = choose(columns.len(), data.rows, options);
    let mut found = match solver {
        _ if squares == 0.0 => Found { components: vec![], squares: vec![], residual: 0.0 },
        Solver::Svd => by_rotations(&columns, data.rows),
        Solver::Gram => by_gram(&columns, data.rows, limit, squares, options.components)?,
        _ => by_iteration(&columns, data.rows, limit, squares, options.components)?,
    };
    let kept = count(&found.squares, squares, options.components).min(limit);
    found.components.truncate(kept);
    found.squares.truncate(kept);
    for component in &mut found.components {
        set_sign(component);
        let mut whole = vec![0.0; data.columns.len()];
        varying().zip(component.iter()).for_each(|(j, loading)| whole[j] = *loading);
        *component = whole;
    }
    let unit = data.unit();
    let variance = |square: &f64| square / data.freedom() * unit * unit;
    Ok(Model {
        components: found.components,
        ratios: found.squares.iter().map(|s| s / squares).collect(),
        variance: found.squares.iter().map(variance).collect(),
        singular: found.squares.iter().map(|s| s.sqrt() * unit).collect(),
        total: variance(&squares),
        solver,
        unsettled: found.residual,
        rounds: None,
    })
}

/// The solver asked for, or that of least cost.
fn choose(columns: usize, rows: usize, options: &Options) -> Solver {
    let (short, long) = (columns.min(rows), columns.max(rows));
    match (options.solver, options.components) {
        (Solver::Auto, _) if long.saturating_mul(short * short) <= SMALL => Solver::Svd,
        (Solver::Auto, Components::Count(k)) if short > 100 * k.saturating_add(6).min(short) => Solver::Randomised,
        (Solver::Auto, Components::Share(_)) if short > 4000 => Solver::Randomised,
        (Solver::Auto, _) => Solver::Gram,
        (solver, _) => solver,
    }
}

/// How many of the components, largest first, are to be kept.
fn count(squares: &[f64], total: f64, components: Components) -> usize {
    match components {
        Components::Count(k) => k.min(squares.len()),
        Components::Share(share) => {
            let mut sum = 0.0;
            let enough = squares.iter().position(|square| {
                sum += square;
                sum >= share * total
            });
            enough.map_or(squares.len(), |last| last + 1)
        }
    }
}

/// The loading largest in size becomes positive; of equal ones (to 1e-9) the first decides.
pub(crate) fn set_sign(component: &mut [f64]) {
    let peak = component.iter().fold(0.0, |peak: f64, x| peak.max(x.abs()));
    let first = component.iter().find(|x| x.abs() >= peak * (1.0 - 1e-9));
    if first.is_some_and(|x| *x < 0.0) {
        component.iter_mut().for_each(|x| *x = -*x);
    }
}

fn by_rotations(columns: &[&[f64]], rows: usize) -> Found {
    let wide = columns.len() > rows;
    let mut a: Vec<Vec<f64>> = if wide {
        (0..rows).map(|i| columns.iter().map(|column| column[i]).collect()).collect()
    } else {
        columns.iter().map(|column| column.to_vec()).collect()
    };
    let w = orthogonalise(&mut a);
    let squares: Vec<f64> = a.iter().map(|column| dot(column, column)).collect();
    let least = (rows.max(columns.len()) as f64 * f64::EPSILON).powi(2);
    let rank = rank(&squares, least);
    let mut components = if wide { a } else { w };
    components.truncate(rank);
    components.iter_mut().for_each(|component| normalise(component));
    Found { components, squares: squares[..rank].to_vec(), residual: 0.0 }
}

/// How many squared singular values are above `least` times the first.
fn rank(squares: &[f64], least: f64) -> usize {
    let first = squares.first().copied().unwrap_or(0.0);
    squares.iter().take_while(|&&square| square > least * first && square > 0.0).count()
}

fn normalise(column: &mut [f64]) {
    let length = dot(column, column).sqrt();
    column.iter_mut().for_each(|x| *x /= length);
}

fn by_gram(
    columns: &[&[f64]],
    rows: usize,
    limit: usize,
    total: f64,
    components: Components,
) -> Result<Found, Problem> {
    let gram = if columns.len() > rows { gram_of_rows(columns, rows) } else { gram_of(columns) };
    Ok(finish(columns, rows, enough_of(&gram, limit, total, components)?))
}

/// As many pairs of a matrix as are asked for.
fn enough_of(gram: &[Vec<f64>], limit: usize, total: f64, components: Components) -> Result<Pairs, Problem> {
    let side = view(gram);
    let apply = |block: &[Vec<f64>]| cross(&side, &view(block));
    enough_pairs(&apply, gram.len(), limit, total, components, &|| Cow::Borrowed(gram))
}

/// The pairs of a Gram matrix of rows that are kept: those asked for, without what squaring has lost.
pub(crate) fn pairs_of_rows(
    gram: &[Vec<f64>],
    limit: usize,
    total: f64,
    components: Components,
) -> Result<Pairs, Problem> {
    if total == 0.0 {
        return Ok(Pairs { values: Vec::new(), vectors: Vec::new(), residual: 0.0 });
    }
    let mut pairs = enough_of(gram, limit, total, components)?;
    let kept = rank(&pairs.values, lost(gram.len())).min(count(&pairs.values, total, components)).min(limit);
    pairs.values.truncate(kept);
    pairs.vectors.truncate(kept);
    Ok(pairs)
}

/// The share of the first squared singular value below which one is lost in a Gram matrix of this size.
fn lost(size: usize) -> f64 {
    4.0 * size as f64 * f64::EPSILON
}

fn by_iteration(
    columns: &[&[f64]],
    rows: usize,
    limit: usize,
    total: f64,
    components: Components,
) -> Result<Found, Problem> {
    let wide = columns.len() > rows;
    let apply = |block: &[Vec<f64>]| {
        let block = view(block);
        if wide {
            combine(columns, &view(&cross(columns, &block)), rows)
        } else {
            cross(columns, &view(&combine(columns, &block, rows)))
        }
    };
    let gram = || Cow::Owned(if wide { gram_of_rows(columns, rows) } else { gram_of(columns) });
    let size = columns.len().min(rows);
    let pairs = enough_pairs(&apply, size, limit, total, components, &gram)?;
    Ok(finish(columns, rows, pairs))
}

/// As many pairs as are asked for: by iteration while they are few, else all by the dense method. Where the values lie so
/// close that a small space does not tell them apart (noise), a large one does, on the Gram matrix itself.
fn enough_pairs<'a>(
    apply: &Product,
    size: usize,
    limit: usize,
    total: f64,
    components: Components,
    gram: &dyn Fn() -> Cow<'a, [Vec<f64>]>,
) -> Result<Pairs, Problem> {
    let mut wanted = match components {
        Components::Count(k) => k.min(limit),
        Components::Share(_) => 8,
    };
    loop {
        let few = 40 * wanted < size && 4 * (wanted + 6) < size;
        let pairs = if few { few_pairs(apply, size, wanted, gram) } else { dense(&gram()) };
        if pairs.values.is_empty() {
            return Err(Problem::Unsolved);
        }
        let reached = match components {
            Components::Count(_) => true,
            Components::Share(share) => pairs.values.iter().sum::<f64>() >= share * total,
        };
        if reached || !few {
            return Ok(pairs);
        }
        wanted *= 4;
    }
}

fn few_pairs<'a>(apply: &Product, size: usize, wanted: usize, gram: &dyn Fn() -> Cow<'a, [Vec<f64>]>) -> Pairs {
    let pairs = largest(apply, size, wanted, SMALL_SPACE);
    if pairs.residual <= TOLERANCE || size > DENSE {
        return pairs;
    }
    let gram = gram();
    let side = view(&gram);
    largest(&|block| cross(&side, &view(block)), size, wanted, LARGE)
}

/// From eigenpairs of a Gram matrix to components, with a last rotation in their own space, on the
/// grid itself, which takes most of the squaring's error off the small ones.
fn finish(columns: &[&[f64]], rows: usize, pairs: Pairs) -> Found {
    let size = columns.len().min(rows);
    let rank = rank(&pairs.values, lost(size));
    let (values, vectors) = (&pairs.values[..rank], &pairs.vectors[..rank]);
    let residual = pairs.residual;
    let cheap = rank * rank * columns.len().max(rows) <= 25 * SMALL;
    if columns.len() > rows {
        let mut components = cross(columns, &view(vectors));
        if cheap {
            orthogonalise(&mut components);
        }
        let squares = components.iter().map(|column| dot(column, column)).collect();
        components.iter_mut().for_each(|component| normalise(component));
        return Found { components, squares, residual };
    }
    let spread = values.last().copied().unwrap_or(0.0) / values.first().copied().unwrap_or(1.0);
    if !cheap || spread > 1e-3 {
        return Found { components: vectors.to_vec(), squares: values.to_vec(), residual };
    }
    let mut scores = combine(columns, &view(vectors), rows);
    let turn = orthogonalise(&mut scores);
    let squares = scores.iter().map(|column| dot(column, column)).collect();
    let mut components = combine(&view(vectors), &view(&turn), columns.len());
    components.iter_mut().for_each(|component| normalise(component));
    Found { components, squares, residual }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_follows_the_largest_loading_and_ties_the_first() {
        let mut component = [0.1, -0.9, 0.3];
        set_sign(&mut component);
        assert_eq!(component, [-0.1, 0.9, -0.3]);
        let mut tied = [-0.5, 0.5 * (1.0 + 1e-14)];
        set_sign(&mut tied);
        assert!(tied[0] > 0.0);
    }

    #[test]
    fn share_keeps_the_fewest_that_reach_it() {
        let squares = [6.0, 3.0, 1.0];
        assert_eq!(count(&squares, 10.0, Components::Share(0.5)), 1);
        assert_eq!(count(&squares, 10.0, Components::Share(0.9)), 2);
        assert_eq!(count(&squares, 10.0, Components::Share(1.0)), 3);
        assert_eq!(count(&squares, 10.0, Components::Count(7)), 3);
    }

    #[test]
    fn solver_is_chosen_by_cost() {
        let options = Options::default();
        assert_eq!(choose(40, 300, &options), Solver::Svd);
        assert_eq!(choose(1000, 3600, &options), Solver::Gram);
        assert_eq!(choose(10_000, 3600, &options), Solver::Randomised);
        assert_eq!(choose(10_000, 300, &options), Solver::Gram);
    }
}
