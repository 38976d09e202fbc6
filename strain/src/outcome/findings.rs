//! What `rank` found, read from its tables by the names of their columns.

use grid::{Cell, Error, Table};
use report::words::{number, unit};

/// What is said where neither state has a metric.
const NOTHING: &str = "There is no metric to compare.";

/// What a comparison says as a whole, in `rank`'s own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing got worse beyond chance and drift.
    Quiet,
    /// There are too few samples to tell.
    Undecided,
    /// Something got worse.
    Worse,
}

/// One metric or service that got worse.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The service, when its name is known.
    pub service: String,
    /// The metric that shows it most.
    pub metric: String,
    /// Its mean before.
    pub steady: Option<f64>,
    /// Its mean after.
    pub overload: Option<f64>,
    /// By how many percent it changed.
    pub pct_change: Option<f64>,
}

/// What two tables of `rank` say: that of the metrics, and that of the services.
#[derive(Clone, Debug, PartialEq)]
pub struct Findings {
    /// Of the whole.
    pub verdict: Verdict,
    /// What the page says of it in words.
    pub said: String,
    /// The services that got worse, the most suspect first.
    pub services: Vec<Finding>,
    /// All services that were compared.
    pub all_services: Vec<String>,
}

impl Findings {
    /// Reads the tables; `said` is what `report --words` wrote.
    pub fn new(metrics: &Table, services: &Table, said: &str) -> Result<Findings, Error> {
        let word = |table: &Table| table.column("verdict").and_then(|at| table.rows.first().map(|row| row[at].text()));
        let verdict = match word(metrics).as_deref() {
            Some("quiet") => Verdict::Quiet,
            Some("undecided") => Verdict::Undecided,
            Some("worse") => Verdict::Worse,
            Some(other) => return Err(Error::failed(format!("rank: a verdict that is not known here: \"{other}\""))),
            None if metrics.column("verdict").is_some() => Verdict::Undecided,
            None => return Err(Error::failed("rank: it prints no verdict; its version is not that of strain")),
        };
        let rows = if services.rows.is_empty() { metrics } else { services };
        let worse = rows.rows.iter().filter(|row| is_worse(rows, row));
        let said = if metrics.rows.is_empty() { NOTHING } else { said.trim_end() };
        Ok(Findings {
            verdict,
            said: said.to_string(),
            services: worse.map(|row| finding(rows, row)).collect(),
            all_services: services.rows.iter().map(|row| text(services, row, "service")).collect(),
        })
    }

    /// The verdict, and what the page says of it.
    pub fn words(&self) -> String {
        let verdict = match self.verdict {
            Verdict::Quiet => "Quiet",
            Verdict::Undecided => "Undecided",
            Verdict::Worse => "Worse",
        };
        format!("{verdict}: {}", self.said)
    }
}

impl Finding {
    /// The service, or the metric where no service is known.
    pub fn name(&self) -> &str {
        if self.service.is_empty() { &self.metric } else { &self.service }
    }

    /// True when its metric had samples before, and has none after.
    pub fn is_gone(&self) -> bool {
        self.steady.is_some() && self.overload.is_none()
    }

    /// A mean of its metric as the page has it, with its unit.
    pub fn level(&self, mean: f64) -> String {
        number(mean, unit(&self.metric))
    }

    /// How its metric changed.
    pub fn words(&self) -> String {
        let level = |value: Option<f64>| value.map_or_else(|| String::from("nothing"), |value| self.level(value));
        if self.is_gone() {
            return format!("{} is gone, it was {}", self.metric, level(self.steady));
        }
        format!("{} went from {} to {}", self.metric, level(self.steady), level(self.overload))
    }
}

/// By the column `moved`: `yes` of a metric, and of a service how many of its metrics did.
fn is_worse(table: &Table, row: &[Cell]) -> bool {
    table.column("moved").is_some_and(|at| match &row[at] {
        Cell::Text(word) => word == "yes",
        cell => cell.number().is_some_and(|count| count > 0.0),
    })
}

fn finding(table: &Table, row: &[Cell]) -> Finding {
    let cell = |name: &str| table.column(name).and_then(|at| row[at].number());
    Finding {
        service: text(table, row, "service"),
        metric: text(table, row, "metric"),
        steady: cell("steady"),
        overload: cell("overload"),
        pct_change: cell("pct_change"),
    }
}

fn text(table: &Table, row: &[Cell], name: &str) -> String {
    table.column(name).map(|at| row[at].text()).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A table from lines of cells.
    pub(crate) fn table(lines: &[&str]) -> Table {
        let mut rows = lines.iter().map(|line| line.split(',').collect::<Vec<_>>());
        let header = rows.next().unwrap_or_default().iter().map(ToString::to_string).collect();
        let cell = |text: &&str| text.parse::<f64>().map_or_else(|_| Cell::Text(text.to_string()), Cell::Number);
        Table { header, rows: rows.map(|row| row.iter().map(cell).collect()).collect() }
    }

    pub(crate) fn found(verdict: &str) -> Findings {
        let head = "service,metric,steady,overload,pct_change,moved,verdict";
        let moved = if verdict == "worse" { "yes" } else { "" };
        let first = format!("carts,queue,0.016667,75.933,455500,{moved},{verdict}");
        let second = format!("orders,rss,39551249,41836407,5.8,,{verdict}");
        let services = [first.replace(",yes,", ",3,"), second.replace(",,", ",0,")];
        Findings::new(
            &table(&[head, &first, &second]),
            &table(&[head, &services[0], &services[1]]),
            "carts gives first.\n",
        )
        .unwrap()
    }

    #[test]
    fn the_verdict_is_said_before_the_words_of_the_page() {
        assert_eq!(found("worse").words(), "Worse: carts gives first.");
        assert_eq!(found("quiet").words(), "Quiet: carts gives first.");
        assert_eq!(found("undecided").words(), "Undecided: carts gives first.");
    }

    #[test]
    fn a_table_without_a_verdict_is_refused() {
        let bare = table(&["service,metric", "a,b"]);
        assert!(Findings::new(&bare, &bare, "").is_err());
    }

    #[test]
    fn without_a_metric_nothing_can_be_told() {
        let empty = table(&["service,metric,verdict"]);
        let found = Findings::new(&empty, &empty, "The ranking is empty.").unwrap();
        assert_eq!(found.words(), "Undecided: There is no metric to compare.");
    }

    #[test]
    fn what_has_no_samples_after_is_gone() {
        let carts = found("worse").services[0].clone();
        assert_eq!(carts.words(), "queue went from 0.0167 to 75.9");
        assert_eq!(Finding { overload: None, ..carts }.words(), "queue is gone, it was 0.0167");
    }

    #[test]
    fn levels_have_the_unit_of_their_metric() {
        let carts = found("worse").services[0].clone();
        let cpu = Finding { metric: String::from("process_cpu_seconds_total"), ..carts };
        assert_eq!(cpu.words(), "process_cpu_seconds_total went from 0.0167\u{a0}cores to 75.9\u{a0}cores");
    }
}
