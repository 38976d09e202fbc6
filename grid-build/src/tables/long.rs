//! A long table: one row per sample.

use std::collections::BTreeMap;

use grid::Error;

use super::cells::{Cells, Dialect, Row};
use super::clock::{is_recent, is_time, read_times};
use super::number::{Cell, decimal_of, in_unit, parse_cell, parse_flag};
use super::tidy::labelled;
use super::unit::OneUnit;
use super::wide::zone;
use crate::Store;
use crate::notes::{count, list};

/// Which columns of a long table hold what, by name or number from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Long {
    /// The time of a sample.
    pub time: String,
    /// The metric's name, or a whole selector.
    pub metric: String,
    /// The value.
    pub value: String,
    /// Labels: the names of their columns, or `label=column`.
    pub labels: Vec<String>,
}

impl Long {
    /// Reads `time,metric,value[,label…]`.
    pub fn parse(text: &str) -> Result<Long, String> {
        let mut names = text.split(',').map(|name| name.trim().to_string());
        match (names.next(), names.next(), names.next()) {
            (Some(time), Some(metric), Some(value)) if !value.is_empty() => {
                Ok(Long { time, metric, value, labels: names.collect() })
            }
            _ => Err("expected the names of columns: time,metric,value[,label…]".to_string()),
        }
    }

    /// The columns of a long table that says itself that it is one: Grafana's "series to rows", Prometheus' names (also of
    /// prometheus-api-client and Grafana's tables), pandas' `melt`. Columns besides are labels, whatever they hold, where the
    /// first row has a text for the metric.
    pub(crate) fn of(header: &[String], first: Option<&Row>) -> Option<Long> {
        const METRICS: [[&str; 2]; 6] = [
            ["__name__", "value"],
            ["series", "value"],
            ["metric", "value"],
            ["metric_name", "value"],
            ["variable", "value"],
            ["_measurement", "_value"],
        ];
        if let Some(long) = Long::of_influx(header) {
            return Some(long);
        }
        let find = |name: &str| header.iter().find(|own| own.eq_ignore_ascii_case(name));
        let (metric, value) = METRICS.iter().find_map(|[metric, value]| find(metric).zip(find(value)))?;
        // A column of times may have no name, as an index of pandas has none.
        let holds_times = |at: usize| first.is_some_and(|row| is_recent(&row.cells[at]));
        let is_index = |(at, name): &(usize, &String)| grid::is_nameless(name) && holds_times(*at);
        let time = header.iter().find(|name| grid::is_time_name(name) && !name.is_empty());
        let time = time.or_else(|| header.iter().enumerate().find(is_index).map(|(_, name)| name))?;
        let is_name = |row: &Row| {
            header.iter().zip(&row.cells).any(|(own, cell)| own == metric && parse_cell(cell, '.') == Cell::Text)
        };
        // A decimal names no series, and is no label.
        let is_decimal = |(own, cell): (&String, &String)| {
            own != value && own != time && cell.contains('.') && cell.parse::<f64>().is_ok()
        };
        let has_decimal = |row: &Row| header.iter().zip(&row.cells).any(is_decimal);
        if header.len() > 3 && !first.is_some_and(is_name) || first.is_some_and(has_decimal) {
            return None;
        }
        let is_label = |name: &&String| !name.is_empty() && ![time, metric, value].contains(name);
        let labels = header.iter().filter(is_label).cloned().collect();
        let [time, metric, value] = [time, metric, value].map(String::clone);
        Some(Long { time, metric, value, labels })
    }
}

impl Long {
    /// InfluxDB's annotated CSV: a field and tags in columns of their own.
    fn of_influx(header: &[String]) -> Option<Long> {
        const OWN: [&str; 8] = ["", "result", "table", "_start", "_stop", "_time", "_value", "_measurement"];
        let has = |name: &str| header.iter().any(|own| own == name);
        if !["_time", "_value", "_field"].into_iter().all(has) {
            return None;
        }
        let metric = if has("_measurement") { "_measurement" } else { "_field" };
        let labels = header.iter().filter(|name| !OWN.contains(&name.as_str()) && *name != metric);
        let [time, metric, value] = ["_time", metric, "_value"].map(str::to_string);
        Some(Long { time, metric, value, labels: labels.cloned().collect() })
    }

    /// Whether every column is named by its number.
    fn is_by_number(&self) -> bool {
        let number = |name: &String| name.parse::<usize>().is_ok();
        [&self.time, &self.metric, &self.value].into_iter().all(number)
            && self.labels.iter().all(|label| number(&column_of(label).1))
    }
}

/// A label and its column: `job=3`, or the name of the column alone.
fn column_of(label: &str) -> (Option<String>, String) {
    match label.split_once('=') {
        Some((name, column)) => (Some(name.to_string()), column.to_string()),
        None => (None, label.to_string()),
    }
}

/// A table whose first row has a time where the times are has no header (VictoriaMetrics' csv): its columns get numbers.
fn number_columns(cells: &mut Cells, long: &Long) -> Result<(), Error> {
    let at = cells.position(&long.time)?;
    if !long.is_by_number() || !is_time(&cells.header[at]) {
        return Ok(());
    }
    let numbers = (1..=cells.header.len()).map(|number| number.to_string()).collect();
    let first = std::mem::replace(&mut cells.header, numbers);
    cells.rows.insert(0, Row { line: 1, cells: first });
    Ok(())
}

/// The position of the column of a label, and the label's name; a column without a header is called by its number.
fn label_of(cells: &Cells, text: &str) -> Result<(usize, String), Error> {
    let (name, column) = column_of(text);
    let at = cells.position(&column)?;
    let number = (at + 1).to_string();
    let own = if cells.header[at] == number { format!("column_{number}") } else { cells.header[at].clone() };
    Ok((at, name.unwrap_or(own)))
}

/// Of one series.
#[derive(Default)]
struct Samples<'a> {
    times_ms: Vec<i64>,
    values: Vec<f64>,
    unit: OneUnit<'a>,
    numbers: usize,
    /// The first cell that is no number, with its line, and whether all such are truth values.
    text: Option<((u64, &'a str), bool)>,
}

impl<'a> Samples<'a> {
    /// Adds a cell, or says what is wrong with it.
    fn add(&mut self, time_ms: i64, (line, text): (u64, &'a str), decimal: char) -> Result<(), String> {
        let value = match parse_cell(text, decimal) {
            Cell::Number(number, own) => {
                self.unit.add((line, text), number, own)?;
                self.numbers += 1;
                number
            }
            Cell::Missing => f64::NAN,
            Cell::Text => {
                let (flag, (first, are_flags)) = (parse_flag(text), self.text.unwrap_or(((line, text), true)));
                self.text = Some((first, are_flags && flag.is_some()));
                flag.unwrap_or(f64::NAN)
            }
        };
        self.times_ms.push(time_ms);
        self.values.push(value);
        Ok(())
    }

    /// True for a series of texts alone; the cell that is no number where there are numbers as well.
    fn is_text(&self) -> Result<bool, (u64, &'a str)> {
        match self.text {
            Some((cell, _)) if self.numbers > 0 => Err(cell),
            Some((_, are_flags)) => Ok(!are_flags),
            None => Ok(false),
        }
    }
}

/// Reads a long table as series; the values are samples, so that counters become rates.
pub(crate) fn read_long(
    cells: &mut Cells,
    long: &Long,
    dialect: &Dialect,
    store: &mut Store,
    notes: &mut Vec<String>,
) -> Result<(), Error> {
    number_columns(cells, long)?;
    cells.check_header()?;
    let [time, metric, value] =
        [cells.position(&long.time)?, cells.position(&long.metric)?, cells.position(&long.value)?];
    let label = |text: &String| label_of(cells, text);
    let labels: Vec<(usize, String)> = long.labels.iter().map(label).collect::<Result<_, Error>>()?;
    let zone = zone(cells.column(time).map(|(_, cell)| cell), dialect, notes);
    let times = read_times(&cells.header[time], cells.column(time), &zone)?;
    let decimal = dialect.decimal.map_or_else(|| decimal_of(cells.places(value)), Ok)?;
    let refused = |(line, text): (u64, &str), what: &str| {
        Error::failed(format!("line {line}: column \"{}\": {what}: \"{text}\"", cells.header[value]))
    };
    let mut series: BTreeMap<String, Samples> = BTreeMap::new();
    for (row, time) in cells.rows.iter().zip(times) {
        let labels = labels.iter().map(|(at, label)| (label.as_str(), row.cells[*at].as_str()));
        let (name, cell) = (labelled(&row.cells[metric], labels), (row.line, row.cells[value].as_str()));
        series.entry(name).or_default().add(time, cell, decimal).map_err(|what| refused(cell, &what))?;
    }
    let mut texts = Vec::new();
    for (name, samples) in series {
        if samples.is_text().map_err(|cell| refused(cell, "not a number"))? {
            texts.push(name);
            continue;
        }
        let unit = samples.unit.of(&name).map_err(|(cell, what)| refused(cell, what))?;
        let name = unit.map_or_else(|| name.clone(), |unit| in_unit(&name, unit));
        store.add_samples(name, None, samples.times_ms, samples.values);
    }
    if !texts.is_empty() {
        notes.push(format!("{} of text left out: {}", count(texts.len(), "series"), list(&texts)));
    }
    Ok(())
}
