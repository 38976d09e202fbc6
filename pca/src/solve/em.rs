//! Missing values estimated along with the components.

use super::jacobi::dot;
use super::product::{combine, view};
use crate::{Model, Options, Prepared, Problem, Rounds, State, solve};

/// Change of the estimates, over the size of the grid, at which they have settled.
const TOLERANCE: f64 = 1e-11;
/// Cells gone over after which the estimates are taken as they are, within limits of rounds.
const CELLS: usize = 200_000_000;
const ROUNDS: (usize, usize) = (100, 2000);

/// Iterative PCA with shrinkage: each missing value becomes what the kept components say of it.
///
/// 1. Gaps start at the mean of their column.
/// 2. The k components are fitted; `x̂ = Σₖ (1 − σ²/λₖ) (x·vₖ) vₖ` replaces x in the gaps, where σ²
///    is the mean of the p − k variances that were not kept (p: the columns that vary). Without the
///    shrinkage, rounds fit noise where gaps are long.
/// 3. Columns are centred (and scaled) again, and 2 is repeated until the root of the summed squared
///    changes is below 1e-11 of that of the grid, at most 2,000 times (fewer above 100,000 cells,
///    at least 100); where gaps are many it is slow to get there, so the last change is returned.
///
/// An empty column stays empty. The kept components must be fewer than the rank, or any value fits.
/// Cost: a fit a round. Source: Josse & Husson 2012, J. SFdS 153:79 (regularised iterative PCA);
/// Kiers 1997, Psychometrika 62:251.
pub(crate) fn fit(data: &mut Prepared, options: &Options) -> Result<Model, Problem> {
    let mut model = solve::solve(data, options)?;
    let open = data.missing.iter().any(|place| data.shifts[place.0 as usize].state == State::Varies);
    let cells = (data.rows * data.columns.len()).max(1);
    let limit = (CELLS / cells).clamp(ROUNDS.0, ROUNDS.1);
    let mut rounds = Rounds { count: 0, change: 0.0, settled: !open };
    while !rounds.settled && rounds.count < limit {
        rounds.count += 1;
        let change = refill(data, &model);
        data.recentre(options.scale);
        model = solve::solve(data, options)?;
        let size: f64 = data.columns.iter().map(|column| dot(column, column)).sum();
        rounds.change = (change / size).sqrt();
        rounds.settled = change <= TOLERANCE * TOLERANCE * size;
    }
    model.rounds = Some(rounds);
    Ok(model)
}

/// Puts the estimates into the gaps; the sum of the squares of their changes.
fn refill(data: &mut Prepared, model: &Model) -> f64 {
    let varying = data.shifts.iter().filter(|shift| shift.state == State::Varies).count();
    let left = 1.0 - model.ratios.iter().sum::<f64>();
    let noise = (left / varying.saturating_sub(model.ratios.len()).max(1) as f64).max(0.0);
    let shrink: Vec<f64> = model.ratios.iter().map(|ratio| (1.0 - noise / ratio).max(0.0)).collect();
    let scores = combine(&view(&data.columns), &view(&model.components), data.rows);
    let mut change = 0.0;
    for &(column, row) in &data.missing {
        let (j, row) = (column as usize, row as usize);
        if data.shifts[j].state != State::Varies {
            continue;
        }
        let parts = scores.iter().zip(&model.components).zip(&shrink);
        let estimate: f64 = parts.map(|((score, component), shrink)| shrink * score[row] * component[j]).sum();
        change += (estimate - data.columns[j][row]).powi(2);
        data.columns[j][row] = estimate;
    }
    change
}

#[cfg(test)]
mod tests {
    use crate::{Components, Missing, Options, fit};

    #[test]
    fn hole_in_a_line_is_put_back_on_the_line() {
        let x: Vec<f64> = (0..20).map(f64::from).collect();
        let mut y: Vec<f64> = x.iter().map(|x| 3.0 * x - 7.0).collect();
        y[4] = f64::NAN;
        let options = Options { components: Components::Count(1), missing: Missing::Em, ..Options::default() };
        let fit = fit(vec![x, y], std::slice::from_ref(&(0..20)), &options).unwrap();
        let (column, shift) = (&fit.data.columns[1], &fit.data.shifts[1]);
        assert!((column[4] + shift.mean - 5.0).abs() < 1e-6);
        assert!(fit.model.rounds.unwrap().settled);
    }
}
