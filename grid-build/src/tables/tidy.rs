//! Rows of several series in one table, which columns of text tell apart: each text is a label of the series.

use std::collections::{BTreeMap, HashMap, HashSet};

use grid::{Error, Name};

use super::cells::Cells;
use crate::series::{normalise_label, normalise_name};

/// The texts that a series has in the columns of text, and the rows that it has them in.
pub(super) type Groups<'a> = BTreeMap<Vec<&'a str>, Vec<usize>>;

/// The series of a table, and why they are told apart.
pub(super) struct Series<'a> {
    /// The columns of text that are labels.
    pub(super) labels: Vec<usize>,
    pub(super) groups: Groups<'a>,
    pub(super) why: &'static str,
}

/// All rows as one series without labels, or those of each that the columns of text tell apart: where rows share a time, or where
/// they come from several sources in turn. Columns whose texts are seldom the same twice, as messages, are no labels.
pub(super) fn series<'a>(
    cells: &'a Cells,
    time: usize,
    times_ms: &[i64],
    texts: &[usize],
) -> Result<Series<'a>, Error> {
    let (labels, groups) = group(cells, texts);
    if share_times(times_ms) {
        let Some(left) = groups.values().find_map(|rows| twin_of(rows, times_ms)) else {
            return Ok(Series { labels, groups, why: "as rows share times" });
        };
        let (line, name, cell) = (cells.rows[left].line, &cells.header[time], &cells.rows[left].cells[time]);
        let what = "two rows have one time, expected one, or texts that tell series apart";
        let out = "long tables: grid-build --long time,metric,value[,label…]";
        return Err(Error::failed(format!("line {line}: column \"{name}\": {what}: \"{cell}\" ({out})")));
    }
    if are_sources(&groups, times_ms) {
        return Ok(Series { labels, groups, why: "as rows are of each in turn" });
    }
    let all = BTreeMap::from([(Vec::new(), (0..times_ms.len()).collect())]);
    Ok(Series { labels: Vec::new(), groups: all, why: "" })
}

/// True where two rows or more have one time.
pub(super) fn share_times(times_ms: &[i64]) -> bool {
    twin(times_ms.iter()).is_some()
}

/// The columns of the fewest texts, as many as leave two rows or more for each series, and the rows of these.
fn group<'a>(cells: &'a Cells, texts: &[usize]) -> (Vec<usize>, Groups<'a>) {
    let few = |text: &usize| cells.column(*text).map(|(_, cell)| cell).collect::<HashSet<&str>>().len();
    let mut texts = texts.to_vec();
    texts.sort_by_cached_key(few);
    let (mut labels, mut series) = (Vec::new(), vec![0; cells.rows.len()]);
    for text in texts {
        let mut known: HashMap<(usize, &str), usize> = HashMap::new();
        let finer = cells.column(text).zip(&series).map(|((_, cell), series)| {
            let next = known.len();
            *known.entry((*series, cell)).or_insert(next)
        });
        let finer = finer.collect();
        if 2 * known.len() > cells.rows.len() {
            break;
        }
        labels.push(text);
        series = finer;
    }
    labels.sort_unstable();
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    series.into_iter().enumerate().for_each(|(row, series)| rows.entry(series).or_default().push(row));
    let texts = |row: usize| labels.iter().map(|text| cells.rows[row].cells[*text].as_str()).collect();
    let groups = rows.into_values().map(|rows| (texts(rows[0]), rows)).collect();
    (labels, groups)
}

/// True where rows with times of their own are of several sources: the times of each text are even, and a third of the rows or more
/// have another text than the row before; nearly all where all times are even, for those may be of one series, of which a state flips.
fn are_sources(groups: &Groups<'_>, times_ms: &[i64]) -> bool {
    let mut rows: Vec<(i64, usize)> = Vec::with_capacity(times_ms.len());
    for (group, members) in groups.values().enumerate() {
        rows.extend(members.iter().map(|row| (times_ms[*row], group)));
    }
    rows.sort_unstable();
    let changes = rows.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
    let is_one = is_even(times_ms.iter().copied()) && 10 * changes < 9 * rows.len().saturating_sub(1);
    let in_turn = 3 * groups.len() <= rows.len() && 3 * changes >= rows.len() && !is_one;
    in_turn && groups.values().all(|rows| is_even(rows.iter().map(|row| times_ms[*row])))
}

/// True where three of four times are about as far apart as most.
fn is_even(times_ms: impl Iterator<Item = i64>) -> bool {
    let mut times_ms: Vec<i64> = times_ms.collect();
    times_ms.sort_unstable();
    let mut steps: Vec<i64> = times_ms.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.sort_unstable();
    let Some(usual) = steps.get(steps.len() / 2) else { return true };
    let near = steps.iter().filter(|step| (usual / 2..=usual + usual / 2).contains(step)).count();
    4 * near >= 3 * steps.len()
}

/// The first row that has the time of one before it.
fn twin<'t>(mut times_ms: impl Iterator<Item = &'t i64>) -> Option<usize> {
    let mut seen = HashSet::new();
    times_ms.position(|time| !seen.insert(*time))
}

fn twin_of(rows: &[usize], times_ms: &[i64]) -> Option<usize> {
    twin(rows.iter().map(|row| &times_ms[*row])).map(|at| rows[at])
}

/// A name or selector with labels besides, of which those without a value are left out.
pub(super) fn labelled<'a>(name: &str, labels: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut name = Name::parse(name);
    for (label, value) in labels.filter(|(_, value)| !value.is_empty()) {
        name.labels.push((label.to_string(), normalise_label(label, value.to_string())));
    }
    normalise_name(&Name::new(name.name, name.labels).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row for each letter, at these times.
    fn are(texts: &str, times: &[i64]) -> bool {
        let letters: Vec<String> = texts.chars().map(String::from).collect();
        let mut groups = Groups::new();
        for (row, text) in letters.iter().enumerate() {
            groups.entry(vec![text.as_str()]).or_default().push(row);
        }
        are_sources(&groups, times)
    }

    #[test]
    fn sources_report_in_turn_and_states_stay() {
        let pairs: Vec<i64> = (0..5).flat_map(|round| [15 * round, 15 * round + 3]).collect();
        let even: Vec<i64> = (0..10).collect();
        assert!(are("ababababab", &pairs) && are("ababababab", &even));
        assert!(!are("aaaaabbbbb", &pairs) && !are("abbabaabbb", &even));
        let uneven = [0, 1, 9, 11, 12, 30, 31, 50, 51, 90];
        assert!(!are("abbabaabab", &uneven));
    }
}
