//! The points of a sweep, as rank --points prints them.

use std::collections::BTreeMap;
use std::path::Path;

use grid::{Cell, Error, Table};
use report::words::{number, unit};
use report::{Curve, Curves, Level};

use super::naming::Naming;
use super::sheet::{Sheet, column, place};

/// What was measured of each metric, loads ascending.
pub(crate) struct Points(BTreeMap<String, Vec<Level>>);

impl Points {
    /// Reads the table; rows without a load or a value count for nothing.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let table = Table::read_file(path)?;
        let must = |name: &str| column(&table, name, path);
        let (load, metric, value) = (must("load")?, must("metric")?, must("value")?);
        let (line, law) = (table.column("line"), table.column("law"));
        let mut points: BTreeMap<String, Vec<Level>> = BTreeMap::new();
        for (at, row) in table.rows.iter().enumerate() {
            let cell = |column: usize| match &row[column] {
                Cell::Text(text) => {
                    let name = &table.header[column];
                    let place = place(path);
                    Err(Error::failed(format!("{place}: row {}: column \"{name}\": not a number: \"{text}\"", at + 1)))
                }
                other => Ok(other.number().unwrap_or(f64::NAN)),
            };
            let fitted = |column: Option<usize>| column.map_or(Ok(f64::NAN), cell);
            let level = Level { load: cell(load)?, value: cell(value)?, line: fitted(line)?, law: fitted(law)? };
            if level.load.is_finite() && level.value.is_finite() {
                points.entry(row[metric].text()).or_default().push(level);
            }
        }
        points.values_mut().for_each(|levels| levels.sort_by(|a, b| a.load.total_cmp(&b.load)));
        Ok(Points(points))
    }

    /// The metrics.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.keys().map(String::as_str)
    }

    /// How many metrics the ranking does not have, and how many there are.
    pub(crate) fn unranked(&self, rank: &Sheet) -> (usize, usize) {
        (self.0.keys().filter(|metric| rank.row(metric).is_none()).count(), self.0.len())
    }

    /// The first metrics of the ranking that have points.
    pub(crate) fn curves(&self, rank: &Sheet, naming: &Naming, panels: usize) -> Curves {
        let curves = (0..rank.len()).filter_map(|row| {
            let metric = rank.text(row, "metric")?;
            self.0.get(&metric).map(|levels| curve(rank, naming, row, &metric, levels))
        });
        Curves { curves: curves.take(panels).collect() }
    }
}

fn curve(rank: &Sheet, naming: &Naming, row: usize, metric: &str, levels: &[Level]) -> Curve {
    let mark = |column: &str| rank.number(row, column);
    let (knee, left_at, peak) = (mark("knee"), mark("left_at"), mark("peak_load"));
    let ends = levels.first().zip(levels.last());
    let ends =
        ends.map(|(low, high)| format!("{} → {}", number(low.value, unit(metric)), number(high.value, unit(metric))));
    let said = |words: &str, load: Option<f64>| load.map(|load| format!("{words} {}", number(load, "")));
    let detail = [
        rank.text(row, "service"),
        ends,
        said("knee at", knee),
        said("left its line at", left_at),
        said("most throughput at", peak).map(|words| words + &interval(mark("peak_low"), mark("peak_high"))),
    ];
    Curve {
        title: format!("{}. {}", row + 1, naming.short(metric)),
        detail: detail.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        unit: unit(metric),
        levels: levels.to_vec(),
        knee,
        left_at,
        peak,
    }
}

/// " (82 to 117)", or " (82 or more)" where there may be no peak; nothing without a lower end.
fn interval(low: Option<f64>, high: Option<f64>) -> String {
    match (low, high) {
        (None, _) => String::new(),
        (Some(low), None) => format!(" ({} or more)", number(low, "")),
        (Some(low), Some(high)) => format!(" ({} to {})", number(low, ""), number(high, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peak_that_may_not_be_has_no_upper_end() {
        let cases = [(None, None), (Some(82.0), Some(117.0)), (Some(82.0), None)];
        assert_eq!(cases.map(|(low, high)| interval(low, high)), ["", " (82 to 117)", " (82 or more)"]);
    }
}
