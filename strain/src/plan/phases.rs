//! The comparison of two phases: an overload with a steady state, or a phase of one run with the same of another.

use super::{Command, Plan, Step};
use crate::range::Range;
use crate::run::filters::FILTERS;

/// Where the series of a phase come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A server, over a range of time.
    Server(Range),
    /// A file of series lines.
    Lines(String),
    /// A grid.
    Grid(String),
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phases {
    /// The folder for the results.
    pub folder: String,
    /// The title of the page.
    pub title: String,
    /// What is compared with: its name, and its series.
    pub before: (&'static str, Source),
    /// What is compared.
    pub after: (&'static str, Source),
    /// The server, where one is asked.
    pub url: Option<String>,
    /// The time between two points.
    pub step: Option<String>,
    /// What to fetch; everything when there is none.
    pub queries: Vec<String>,
    /// What Locust wrote: the prefix of its files, and its log of requests.
    pub locust: Option<String>,
    /// Its log of requests.
    pub requests: Option<String>,
    /// Traces, for what calls cost and who calls whom.
    pub spans: Option<String>,
    /// The column whose rise is looked into.
    pub on: Option<String>,
    /// True to print no notes.
    pub quiet: bool,
}

/// The 95 % quantile, as grid-build calls it where Locust's files are joined.
pub const LOCUST_RESPONSE: &str = r#"locust_response_time_ms{quantile="0.95"}"#;
/// How many rows are looked at before and after each peak of the response time.
const CUT: &str = "10,10";

impl Phases {
    /// The filters that make the comparison.
    pub fn plan(&self) -> Plan {
        let mut steps = self.calls();
        let steady = self.grid(&self.before, None, &mut steps);
        let overload = self.grid(&self.after, Some(&steady), &mut steps);
        self.evidence(&steady, &overload, &mut steps);
        self.ranking(&steady, &overload, &mut steps);
        let mut plan = Plan { folder: self.folder.clone(), steps };
        if self.quiet {
            FILTERS.iter().for_each(|(filter, _)| plan.extend(filter, &[String::from("--quiet")]));
        }
        plan
    }

    /// A file in the folder.
    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    fn asks_server(&self) -> bool {
        [&self.before.1, &self.after.1].iter().any(|source| matches!(source, Source::Server(_)))
    }

    /// What the traces say, over all of their time.
    fn calls(&self) -> Vec<Step> {
        let Some(traces) = self.spans.as_deref() else { return Vec::new() };
        let series = Command::new("spans", &[]).option("--step", self.step.as_deref()).with(&[traces]);
        let edges = Command::new("spans", &["--edges", "--to", "csv", traces]);
        vec![
            Step::new("What calls cost", series, self.file("spans.jsonl")),
            Step::new("Who calls whom", edges, self.file("edges.csv")),
        ]
    }

    /// Adds what makes the grid of a phase; its file.
    fn grid(&self, (phase, source): &(&str, Source), like: Option<&str>, steps: &mut Vec<Step>) -> String {
        let lines = match source {
            Source::Grid(file) => return file.clone(),
            Source::Lines(file) => file.clone(),
            Source::Server(range) => {
                let lines = self.file(&format!("{phase}.jsonl"));
                steps.push(Step::new(&format!("What was recorded: {phase}"), self.fetch(range), lines.clone()));
                lines
            }
        };
        let grid = self.file(&format!("{phase}.csv"));
        let build = Command::new("grid-build", &["--histograms", "quantiles"])
            .option("--like", like)
            .option("--step", self.step.as_deref().filter(|_| like.is_none()))
            .option("--locust", self.locust.as_deref())
            .option("--locust-requests", self.requests.as_deref())
            .with(&self.window(source).iter().map(String::as_str).collect::<Vec<_>>())
            .with(&[&lines]);
        let build = if self.spans.is_some() { build.with(&[&self.file("spans.jsonl")]) } else { build };
        steps.push(Step::new(&format!("One row per timestamp, one column per series: {phase}"), build, grid.clone()));
        grid
    }

    /// The rows of a phase, where what traces tell reaches beyond it.
    fn window(&self, source: &Source) -> Vec<String> {
        match source {
            Source::Server(range) if self.spans.is_some() => {
                ["--start", &range.start.to_string(), "--end", &range.end.to_string()].map(String::from).to_vec()
            }
            _ => Vec::new(),
        }
    }

    fn fetch(&self, range: &Range) -> Command {
        let queries: Vec<&str> = self.queries.iter().map(String::as_str).collect();
        Command::new("prom-fetch", &[])
            .option("--url", self.url.as_deref())
            .with(&["--start", &range.start.to_string(), "--end", &range.end.to_string()])
            .option("--step", self.step.as_deref())
            .with(&queries)
    }

    fn evidence(&self, steady: &str, overload: &str, steps: &mut Vec<Step>) {
        let normal = self.file("z.csv");
        let znorm = Command::new("znorm", &["--baseline", steady, overload]);
        steps.push(Step::new("Every column in units of its steady state", znorm, normal.clone()));
        if let Some(on) = &self.on {
            let peaks =
                Command::new("peaks", &["--on", on, "--prominence", "3", "--cut", CUT, "--no-peak", "whole", &normal]);
            let dtw = Command::new("dtw", &["--query", on]);
            steps.push(Step {
                about: String::from("What moves as the response time does, and what before it"),
                pipe: vec![peaks, dtw],
                output: self.file("dtw.csv"),
            });
        }
        let pca = Command::new("pca", &[&normal]);
        steps.push(Step::new("What moves together", pca, self.file("pca.csv")));
    }

    fn ranking(&self, steady: &str, overload: &str, steps: &mut Vec<Step>) {
        let edges = self.spans.as_ref().map(|_| self.file("edges.csv"));
        let (dtw, pca) = (self.on.as_ref().map(|_| self.file("dtw.csv")), self.file("pca.csv"));
        let rank = |by: &[&str]| {
            let rank = Command::new("rank", &["--baseline", steady]).option("--calls", edges.as_deref());
            let rank = rank.option("--with", dtw.as_deref());
            rank.with(&["--with", &pca, "--to", "csv"]).with(by).with(&[overload])
        };
        let (metrics, services) = (self.file("rank.csv"), self.file("services.csv"));
        steps.push(Step::new("What got worse, metric by metric", rank(&[]), metrics.clone()));
        steps.push(Step::new("What got worse, service by service", rank(&["--by", "service"]), services.clone()));
        let report = Command::new("report", &["--title", &self.title, "--grid", overload, "--baseline", steady])
            .with(&["--services", &services])
            .option("--on", self.on.as_deref())
            .option("--dtw", dtw.as_deref())
            .option("--edges", edges.as_deref())
            .option("--locust", self.locust.as_deref())
            .option("--link-prometheus", self.url.as_deref().filter(|_| self.asks_server()))
            .with(&["--pca", &pca, &metrics]);
        steps.push(Step::new("All of it as a page", report, self.file("report.html")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phases(on: Option<&str>) -> Phases {
        Phases {
            folder: String::from("out"),
            title: String::from("t"),
            before: ("steady", Source::Grid(String::from("a.csv"))),
            after: ("overload", Source::Lines(String::from("b.jsonl"))),
            url: None,
            step: None,
            queries: Vec::new(),
            locust: None,
            requests: None,
            spans: None,
            on: on.map(String::from),
            quiet: false,
        }
    }

    #[test]
    fn a_grid_is_used_as_it_is_and_lines_become_one_like_it() {
        let plan = phases(None).plan();
        let filters: Vec<&str> = plan.steps.iter().map(|step| step.pipe[0].filter).collect();
        assert_eq!(filters, ["grid-build", "znorm", "pca", "rank", "rank", "report"]);
        assert!(plan.steps[0].pipe[0].words.windows(2).any(|pair| pair == ["--like", "a.csv"]));
    }

    #[test]
    fn a_response_time_brings_peaks_and_dtw() {
        let plan = phases(Some("delay")).plan();
        assert!(plan.steps.iter().any(|step| step.pipe.len() == 2 && step.pipe[1].filter == "dtw"));
    }

    #[test]
    fn further_words_stand_first_or_take_the_place_of_defaults() {
        let mut plan = phases(Some("delay")).plan();
        plan.extend("pca", &[String::from("-k"), String::from("3")]);
        plan.extend("peaks", &[String::from("--cut=60s,30s"), String::from("--znorm")]);
        let words = |filter| {
            let mut commands = plan.steps.iter().flat_map(|step| &step.pipe);
            commands.find(|command| command.filter == filter).map(|command| command.words.join(" ")).unwrap()
        };
        assert_eq!(words("pca"), "-k 3 out/z.csv");
        assert_eq!(words("peaks"), "--znorm --on delay --prominence 3 --cut 60s,30s --no-peak whole out/z.csv");
    }
}
