//! Laws of columns that come in parts.

#![allow(clippy::unwrap_used)]

use pca::{Components, Gram, Options, Problem, known, prepare};
use proptest::prelude::*;

fn gram(columns: &[Vec<f64>]) -> Gram {
    let rows = columns[0].len();
    let data = prepare(columns.to_vec(), std::slice::from_ref(&(0..rows)), &Options::default()).unwrap();
    Gram::new(&data).unwrap()
}

fn grids() -> impl Strategy<Value = Vec<Vec<f64>>> {
    (2usize..20, 2usize..400)
        .prop_flat_map(|(rows, columns)| prop::collection::vec(prop::collection::vec(-100.0..100.0f64, rows), columns))
}

proptest! {
    #[test]
    fn parts_add_up_to_the_whole_in_any_order(grid in grids(), cut in 0.0..1.0f64) {
        let at = 1 + ((grid.len() - 2) as f64 * cut) as usize;
        let (left, right) = (gram(&grid[..at]), gram(&grid[at..]));
        let mut sum = Gram::zero(grid[0].len());
        sum.add(&left);
        sum.add(&right);
        let mut other = right;
        other.add(&left);
        prop_assert_eq!(&sum, &other);
        let (sum, whole) = (sum.into_columns(), gram(&grid).into_columns());
        let size = whole.iter().enumerate().fold(0.0, |size: f64, (i, column)| size.max(column[i]));
        for (sum, whole) in sum.iter().flatten().zip(whole.iter().flatten()) {
            prop_assert!((sum - whole).abs() <= 1e-12 * size);
        }
    }

    #[test]
    fn the_lower_triangle_is_enough(grid in grids()) {
        let whole = gram(&grid);
        let mut columns = whole.clone().into_columns();
        for (j, column) in columns.iter_mut().enumerate() {
            column[..j].fill(f64::NAN);
        }
        prop_assert_eq!(&Gram::from_lower(columns), &whole);
        let rows = whole.columns().iter().enumerate().map(|(i, row)| row[..=i].to_vec()).collect();
        prop_assert_eq!(Gram::from_triangle(rows), whole);
    }

    #[test]
    fn scores_of_the_sum_give_each_part_its_loadings(grid in grids()) {
        let rows = grid[0].len();
        let found = gram(&grid).solve(1, Components::Count(1)).unwrap();
        let data = |part: &[Vec<f64>]| prepare(part.to_vec(), std::slice::from_ref(&(0..rows)), &Options::default()).unwrap();
        let mut squares = 0.0;
        for part in grid.chunks(7) {
            let loadings = &known(data(part), &found.scores).model.components[0];
            squares += loadings.iter().map(|x| x * x).sum::<f64>();
        }
        prop_assert!((squares - 1.0).abs() < 1e-9, "the length of a component is 1, not {squares}");
    }
}

#[test]
fn no_columns_have_no_component() {
    let found = Gram::zero(5).solve(1, Components::Count(3)).unwrap();
    assert!(found.scores.is_empty() && found.variance.is_empty());
    assert!(matches!(Gram::zero(1).solve(1, Components::Count(1)), Err(Problem::TooFewRows { rows: 1, windows: 1 })));
}
