//! A few columns that can stand for all.

use crate::Fit;
use crate::solve::dot;
use crate::solve::{cross, view};

/// Columns that move together, and the one that stands for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The column that stands for the group.
    pub representative: usize,
    /// All columns of the group with their correlation to the representative, itself first, then by
    /// size of the correlation.
    pub members: Vec<(usize, f64)>,
    /// What the members contribute together.
    pub contribution: f64,
}

/// Groups the columns by correlation until the groups carry the variance.
///
/// 1. Of the columns not yet in a group, that of largest contribution becomes a representative.
/// 2. Every such column whose correlation with it is at least `similar` in size joins it.
/// 3. That is repeated until the groups together contribute at least `carry`.
///
/// Groups come in the order found; the second list holds the columns of no group. Correlations are
/// of the centred columns (window by window), gaps filled. Columns of contribution 0 (constant,
/// empty) are in no group; ties go to the first column. Cost: 2np for each group. Source: the idea
/// of Jolliffe 1972, J. R. Stat. Soc. C 21:160 (discarding variables).
pub fn groups(fit: &Fit, contributions: &[f64], similar: f64, carry: f64) -> (Vec<Group>, Vec<usize>) {
    let columns = view(&fit.data.columns);
    let mut open: Vec<usize> = (0..columns.len()).filter(|&j| contributions[j] > 0.0).collect();
    open.sort_by(|&i, &j| contributions[j].total_cmp(&contributions[i]).then(i.cmp(&j)));
    let mut found = Vec::new();
    let mut carried = 0.0;
    while let (Some(&first), true) = (open.first(), carried < carry - 1e-12) {
        let members = similar_to(first, &open, &columns, similar);
        open.retain(|j| members.iter().all(|member| member.0 != *j));
        let contribution = members.iter().map(|member| contributions[member.0]).sum();
        carried += contribution;
        found.push(Group { representative: first, members, contribution });
    }
    let mut loose = vec![true; columns.len()];
    found.iter().flat_map(|group| &group.members).for_each(|member| loose[member.0] = false);
    (found, (0..columns.len()).filter(|&j| loose[j]).collect())
}

/// The open columns that correlate with the first, itself in front, then by size of the correlation.
fn similar_to(first: usize, open: &[usize], columns: &[&[f64]], similar: f64) -> Vec<(usize, f64)> {
    let others: Vec<&[f64]> = open.iter().map(|&j| columns[j]).collect();
    let products = cross(&others, &[columns[first]]).pop().unwrap_or_default();
    let length = dot(columns[first], columns[first]).sqrt();
    let mut members: Vec<(usize, f64)> = open
        .iter()
        .zip(products)
        .filter(|(j, _)| **j != first)
        .map(|(&j, product)| (j, product / (length * dot(columns[j], columns[j]).sqrt())))
        .filter(|(_, correlation)| correlation.abs() >= similar)
        .collect();
    members.sort_by(|x, y| y.1.abs().total_cmp(&x.1.abs()).then(x.0.cmp(&y.0)));
    members.insert(0, (first, 1.0));
    members
}
