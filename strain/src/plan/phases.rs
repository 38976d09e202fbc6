//! The comparison of two phases: an overload with a steady state, or a phase of one run with the same of another.

pub use super::phase::{Joined, Phase, Source};
use super::{Command, Plan, Step};
use crate::range::Range;
use crate::run::filters::FILTERS;

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phases {
    /// The folder for the results.
    pub folder: String,
    /// The title of the page.
    pub title: String,
    /// What is compared with.
    pub before: Phase,
    /// What is compared.
    pub after: Phase,
    /// The server, where one is asked.
    pub url: Option<String>,
    /// The time between two points.
    pub step: Option<String>,
    /// What to fetch; everything when there is none.
    pub queries: Vec<String>,
    /// The column whose rise is looked into.
    pub on: Option<String>,
    /// The folder of known faults.
    pub library: Option<String>,
    /// True for two runs, of which either may be the later.
    pub in_any_order: bool,
    /// True to print no notes.
    pub quiet: bool,
}

/// The page.
pub const PAGE: &str = "report.html";
/// What got worse, metric by metric.
pub const METRICS: &str = "rank.csv";
/// The same, service by service.
pub const SERVICES: &str = "services.csv";
/// Which known fault it looks like.
pub const FAULTS: &str = "faults.csv";
/// What the page says in words.
pub const WORDS: &str = "words.txt";
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

    /// The grids that are compared: the files that are given, or those that are made.
    pub fn grids(&self) -> [String; 2] {
        [&self.before, &self.after].map(|phase| self.grid_file(phase))
    }

    fn grid_file(&self, phase: &Phase) -> String {
        match &phase.source {
            Source::Grid(file) => file.clone(),
            Source::Lines(_) | Source::Server(_) => self.file(&format!("{}.csv", phase.name)),
        }
    }

    fn asks_server(&self) -> bool {
        [&self.before, &self.after].iter().any(|phase| matches!(phase.source, Source::Server(_)))
    }

    /// What the traces say. A grid is taken as it is: of its traces, only who calls whom is used.
    fn calls(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for phase in [&self.before, &self.after] {
            let Some(traces) = phase.joined.traces.as_deref() else { continue };
            let output = self.call_series(phase);
            if matches!(phase.source, Source::Grid(_)) || steps.iter().any(|step: &Step| step.output == output) {
                continue;
            }
            let series = Command::new("spans", &[]).option("--step", self.step.as_deref()).with(&[traces]);
            steps.push(Step::new("What calls cost", series, output));
        }
        if let Some(traces) = self.after.joined.traces.as_deref() {
            let edges = Command::new("spans", &["--edges", "--to", "csv", traces]);
            steps.push(Step::new("Who calls whom", edges, self.file("edges.csv")));
        }
        steps
    }

    /// The file of what the calls of a phase cost.
    fn call_series(&self, phase: &Phase) -> String {
        match self.before.joined.traces == self.after.joined.traces {
            true => self.file("spans.jsonl"),
            false => self.file(&format!("{}-spans.jsonl", phase.name)),
        }
    }

    /// Adds what makes the grid of a phase; its file.
    fn grid(&self, phase: &Phase, like: Option<&str>, steps: &mut Vec<Step>) -> String {
        let name = phase.name;
        let grid = self.grid_file(phase);
        let lines = match &phase.source {
            Source::Grid(_) => return grid,
            Source::Lines(file) => file.clone(),
            Source::Server(range) => {
                let lines = self.file(&format!("{name}.jsonl"));
                steps.push(Step::new(&format!("What was recorded: {name}"), self.fetch(range), lines.clone()));
                lines
            }
        };
        let build = Command::new("grid-build", &["--histograms", "quantiles"])
            .option("--like", like)
            .option("--step", self.step.as_deref().filter(|_| like.is_none()))
            .option("--locust", phase.joined.locust.as_deref())
            .option("--requests", phase.joined.requests.as_deref())
            .with(&window(phase).iter().map(String::as_str).collect::<Vec<_>>())
            .with(&[&lines]);
        let build = if phase.joined.traces.is_some() { build.with(&[&self.call_series(phase)]) } else { build };
        steps.push(Step::new(&format!("One row per timestamp, one column per series: {name}"), build, grid.clone()));
        grid
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
        let edges = self.after.joined.traces.as_ref().map(|_| self.file("edges.csv"));
        let (dtw, pca) = (self.on.as_ref().map(|_| self.file("dtw.csv")), self.file("pca.csv"));
        let rank = |by: &[&str]| {
            // Proxies and clients name in their labels whom they wait for.
            let rank = Command::new("rank", &["--baseline", steady, "--calls", "labels"]);
            let rank = rank.option("--calls", edges.as_deref());
            let rank = rank.option("--with", dtw.as_deref());
            rank.with(&["--with", &pca, "--to", "csv"]).with(by).with(&[overload])
        };
        let (metrics, services, faults) = (self.file(METRICS), self.file(SERVICES), self.file(FAULTS));
        steps.push(Step::new("What got worse, metric by metric", rank(&[]), metrics.clone()));
        steps.push(Step::new("What got worse, service by service", rank(&["--by", "service"]), services.clone()));
        if let Some(library) = &self.library {
            let known = Command::new("faults", &["--library", library, "--with", &services, "--baseline", steady]);
            steps.push(Step::new("Which known fault it looks like", known.with(&[overload]), faults.clone()));
        }
        let report = Command::new("report", &["--title", &self.title, "--grid", overload, "--baseline", steady])
            .with(&["--services", &services, "--words", &self.file(WORDS)])
            .option("--on", self.on.as_deref())
            .option("--dtw", dtw.as_deref())
            .option("--edges", edges.as_deref())
            .option("--faults", self.library.as_ref().map(|_| faults.as_str()))
            .option("--locust", self.after.joined.locust.as_deref())
            .option("--link-prometheus", self.url.as_deref().filter(|_| self.asks_server()))
            .with(if self.in_any_order { &["--any-order"] } else { &[] })
            .with(&["--pca", &pca, &metrics]);
        steps.push(Step::new("All of it as a page", report, self.file(PAGE)));
    }
}

/// The rows of a phase, where what traces tell reaches beyond it.
fn window(phase: &Phase) -> Vec<String> {
    match &phase.source {
        Source::Server(range) if phase.joined.traces.is_some() => {
            ["--start", &range.start.to_string(), "--end", &range.end.to_string()].map(String::from).to_vec()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(name: &'static str, source: Source) -> Phase {
        Phase { name, source, joined: Joined::default() }
    }

    fn phases(on: Option<&str>) -> Phases {
        Phases {
            folder: String::from("out"),
            title: String::from("t"),
            before: phase("steady", Source::Grid(String::from("a.csv"))),
            after: phase("overload", Source::Lines(String::from("b.jsonl"))),
            url: None,
            step: None,
            queries: Vec::new(),
            on: on.map(String::from),
            library: None,
            in_any_order: false,
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
    fn traces_of_each_phase_are_joined_with_it_and_those_of_a_grid_say_who_calls_whom() {
        let mut phases = phases(None);
        phases.before.joined.traces = Some(String::from("a-traces.json"));
        phases.after.joined.traces = Some(String::from("b-traces.json"));
        let lines: Vec<String> = phases.plan().steps.iter().map(super::super::line).collect();
        assert_eq!(lines[0], "spans b-traces.json > out/overload-spans.jsonl");
        assert_eq!(lines[1], "spans --edges --to csv b-traces.json > out/edges.csv");
        assert!(lines[2].ends_with("b.jsonl out/overload-spans.jsonl > out/overload.csv"), "{}", lines[2]);
        assert!(
            lines.iter().any(|line| line.starts_with("rank") && line.contains("--calls labels --calls out/edges.csv"))
        );
    }

    #[test]
    fn a_response_time_brings_peaks_and_dtw() {
        let plan = phases(Some("delay")).plan();
        assert!(plan.steps.iter().any(|step| step.pipe.len() == 2 && step.pipe[1].filter == "dtw"));
    }

    #[test]
    fn a_library_brings_the_known_faults() {
        let plan = Phases { library: Some(String::from("known")), ..phases(None) }.plan();
        let lines: Vec<String> = plan.steps.iter().map(super::super::line).collect();
        let faults =
            "faults --library known --with out/services.csv --baseline a.csv out/overload.csv > out/faults.csv";
        assert_eq!(lines[lines.len() - 2], faults);
        assert!(lines[lines.len() - 1].contains("--faults out/faults.csv"));
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
