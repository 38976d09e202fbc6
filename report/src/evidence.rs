//! What the tables say of a metric.

use grid::{Cell, Name, Table};
use report::{Map, Point};

/// The ranking, and the tables that go with it.
pub(crate) struct Evidence<'a> {
    /// The ranking by metric.
    pub(crate) rank: &'a Table,
    /// What dtw prints.
    pub(crate) dtw: Option<Table>,
    /// What pca prints.
    pub(crate) pca: Option<Table>,
    /// What peaks prints.
    pub(crate) peaks: Option<Table>,
}

/// Loadings that are drawn, and those that are named.
const DRAWN: usize = 200;
const NAMED: usize = 12;
/// The contribution from which a metric is named.
const NAMED_FROM: f64 = 0.002;

impl Evidence<'_> {
    /// The text of a cell of a row of the ranking.
    pub(crate) fn text(&self, row: usize, column: &str) -> Option<String> {
        text(self.rank, row, column)
    }

    /// The number in a cell of a row of the ranking.
    pub(crate) fn number(&self, row: usize, column: &str) -> Option<f64> {
        number(self.rank, row, column)
    }

    /// The row of the ranking a metric is in.
    pub(crate) fn row(&self, metric: &str) -> Option<usize> {
        find(self.rank, metric)
    }

    /// Seconds by which a metric lags behind the response time: of the dtw table, else of the ranking.
    pub(crate) fn lag(&self, metric: &str) -> Option<f64> {
        match &self.dtw {
            Some(dtw) => find(dtw, metric).and_then(|row| number(dtw, row, "lag")),
            None => self.row(metric).and_then(|row| self.number(row, "dtw_lag")),
        }
    }

    /// The share of the explained variance a metric carries: of the pca table, else of the ranking.
    pub(crate) fn contribution(&self, metric: &str) -> Option<f64> {
        match &self.pca {
            Some(pca) => find(pca, metric).and_then(|row| number(pca, row, "contribution")),
            None => self.row(metric).and_then(|row| self.number(row, "pca_contribution")),
        }
    }

    /// Times (Unix seconds) of the peaks of a metric; `None` when no table of peaks was given.
    pub(crate) fn peaks(&self, metric: &str) -> Option<Vec<f64>> {
        let table = self.peaks.as_ref()?;
        let rows = (0..table.rows.len()).filter(|&row| text(table, row, "metric").as_deref() == Some(metric));
        Some(rows.filter_map(|row| number(table, row, "time")).collect())
    }

    /// The metrics by their loadings, when there are at least two components.
    pub(crate) fn map(&self) -> Option<Map> {
        let pca = self.pca.as_ref().filter(|pca| pca.column("pc2").is_some())?;
        let mut points: Vec<Point> = (0..pca.rows.len())
            .filter_map(|row| {
                let (x, y) = (number(pca, row, "pc1")?, number(pca, row, "pc2")?);
                let name = short_with_service(&text(pca, row, "metric")?);
                Some(Point { name, x, y, weight: number(pca, row, "contribution").unwrap_or(0.0) })
            })
            .collect();
        points.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.name.cmp(&b.name)));
        points.truncate(DRAWN);
        let heavy = points.iter().take_while(|point| point.weight >= NAMED_FROM).count();
        Some(Map { points, named: heavy.clamp(3, NAMED) })
    }
}

/// The text of a cell; `None` when it is empty or not there.
pub(crate) fn text(table: &Table, row: usize, column: &str) -> Option<String> {
    let text = table.rows.get(row)?.get(table.column(column)?)?.text();
    (!text.is_empty()).then_some(text)
}

/// The number in a cell; `None` when there is none.
pub(crate) fn number(table: &Table, row: usize, column: &str) -> Option<f64> {
    table.rows.get(row)?.get(table.column(column)?).and_then(Cell::number)
}

fn find(table: &Table, metric: &str) -> Option<usize> {
    (0..table.rows.len()).find(|&row| text(table, row, "metric").as_deref() == Some(metric))
}

/// A header without the labels that only say where: `request_duration_seconds_mean · GET /cart 200`.
pub(crate) fn short(header: &str) -> String {
    let name = Name::parse(header);
    let mut words: Vec<&str> = ["method", "route", "status_code"].iter().filter_map(|l| name.label(l)).collect();
    let rest: Vec<String> = name
        .labels
        .iter()
        .filter(|(key, _)| !["instance", "job", "service", "method", "route", "status_code"].contains(&key.as_str()))
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    words.extend(rest.iter().map(String::as_str));
    if words.is_empty() { name.name } else { format!("{} · {}", name.name, words.join(" ")) }
}

/// The short name with the service in front, where the labels tell it.
pub(crate) fn short_with_service(header: &str) -> String {
    let name = Name::parse(header);
    match ["service", "job", "instance"].iter().find_map(|label| name.label(label)) {
        Some(service) => format!("{service} · {}", short(header)),
        None => short(header),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_name_leaves_out_where() {
        let header =
            r#"request_duration_seconds_mean{instance="a",method="GET",quantile="0.9",route="/x",service="a"}"#;
        assert_eq!(short(header), "request_duration_seconds_mean · GET /x quantile=0.9");
        assert_eq!(short_with_service(header), "a · request_duration_seconds_mean · GET /x quantile=0.9");
        assert_eq!(short("carts_cpu"), "carts_cpu");
    }
}
