//! The command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args as Options, Parser, Subcommand, ValueEnum};
use grid::TableOutput;
use strain::run::filters::FILTERS;

/// Say what gives first: compare two stretches of time, or two releases
///
/// One command over the filters, as git is over its own: `strain rank …` runs the filter rank, `strain compare` runs
/// them one after the other, each that the input has something for, and ends with a verdict, `strain show` draws a grid.
#[derive(Parser, Debug)]
#[command(name = "strain", version, after_help = after(), max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What is to be done.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Compare(Box<Compare>),
    Show(Show),
    /// Print this message, or the help of a command or a filter
    Help {
        /// Its name
        #[arg(value_name = "COMMAND")]
        words: Vec<OsString>,
    },
    /// A filter and its words.
    #[command(external_subcommand)]
    Filter(Vec<OsString>),
}

/// Compare an overload with a steady state, or run B with run A
///
/// The series come from a Prometheus-compatible server, or from files: series lines, or grids. Every filter that runs is
/// shown with its options; its result stays in the folder of --output. Exit status: 0 nothing got worse, 3 something did,
/// 1 the input or the machine failed (or there is too little to tell), 2 the command line is wrong.
#[derive(Options, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Compare {
    /// Two files: a steady state and an overload; or two folders with the results of two runs: what got worse from A to B,
    /// phase by phase
    #[arg(value_names = ["A", "B"], num_args = 2, conflicts_with_all = ["steady", "overload", "at", "last", "against"])]
    pub(crate) runs: Vec<PathBuf>,
    /// The steady state: a range of time FROM/TO, or a file
    #[arg(long, value_name = "RANGE|FILE")]
    pub(crate) steady: Option<String>,
    /// The overload: a range of time FROM/TO, or a file
    #[arg(long, value_name = "RANGE|FILE", requires = "steady")]
    pub(crate) overload: Option<String>,
    /// The time from which something went wrong
    #[arg(long, value_name = "TIME", conflicts_with = "overload")]
    pub(crate) at: Option<String>,
    /// With --at: for how long [default: 5m]
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    pub(crate) length_ms: Option<i64>,
    /// The overload is this long and ends now
    #[arg(long, value_name = "DURATION", value_parser = duration, conflicts_with_all = ["at", "overload"])]
    pub(crate) last: Option<i64>,
    /// With --at or --last: what it is compared with
    #[arg(long, value_name = "WHEN", default_value = "before", conflicts_with = "steady")]
    pub(crate) against: Against,
    /// The server, with any path in front of /api/v1
    #[arg(long, value_name = "URL", env = "PROM_URL", hide_env_values = true)]
    pub(crate) url: Option<String>,
    /// What to fetch (repeatable) [default: everything]
    #[arg(long, value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    /// The time between two rows [default: the shortest scrape interval]
    #[arg(long, value_name = "DURATION")]
    pub(crate) step: Option<String>,
    /// The zone of times that name none, such as Europe/Berlin or UTC [default: this machine's]
    #[arg(long, value_name = "ZONE")]
    pub(crate) tz: Option<String>,
    /// Join what `locust --csv PREFIX` wrote
    #[arg(long, value_name = "PREFIX")]
    pub(crate) locust: Option<String>,
    /// Join a log of requests: of Locust's CsvRequestLogger, k6 (csv, json), JMeter (JTL), Gatling, or vegeta (encode)
    #[arg(long, visible_alias = "locust-requests", value_name = "FILE")]
    pub(crate) requests: Option<String>,
    /// Traces (OTLP, Jaeger or Zipkin JSON), one file for both phases or one for each: what calls cost, who calls whom
    #[arg(long, value_name = "FILE")]
    pub(crate) spans: Vec<String>,
    /// The column whose rise is looked into [default: the response time that the load generator saw]
    #[arg(long, value_name = "COLUMN")]
    pub(crate) on: Option<String>,
    /// Known faults, as `faults --library FOLDER add KIND` files them: say which of them it looks like
    #[arg(long, value_name = "FOLDER")]
    pub(crate) library: Option<PathBuf>,
    /// An extra argument for a filter (repeatable), such as prom-fetch=--bearer-file=token
    #[arg(long = "word", value_name = "FILTER=WORD")]
    pub(crate) words: Vec<String>,
    /// The title of the page
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// The folder for the results
    #[arg(short, long, value_name = "FOLDER", default_value = "strain-results")]
    pub(crate) output: PathBuf,
    /// With two folders: add the figures of B to this history (CSV, one row per run)
    #[arg(long, value_name = "FILE", requires = "runs")]
    pub(crate) history: Option<PathBuf>,
    /// Print the commands as a shell script of the same exit status, and run nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Show no commands and no notes, only the verdict
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

impl Compare {
    /// The folders of two runs; none where A and B are files.
    pub(crate) fn folders(&self) -> Option<[&Path; 2]> {
        match self.runs.as_slice() {
            [a, b] if !(a.is_file() && b.is_file()) => Some([a, b]),
            _ => None,
        }
    }
}

/// Show the course of every column of a grid, one per line
///
/// A picture has a block for each stretch of time, as high as its mean between the column's least and greatest value; a
/// stretch without a sample is blank.
#[derive(Options, Debug)]
pub(crate) struct Show {
    /// The grid; standard input when it is absent or `-` (plain, gzip or zstd)
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Show only these columns: an exact name, or a selector such as '{job="carts"}' (repeatable)
    #[arg(id = "shown", long = "select", value_name = "SELECTOR")]
    pub(crate) select: Vec<String>,
    #[command(flatten)]
    pub(crate) output: TableOutput,
    /// How many blocks a picture has
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) width: u16,
}

/// What an overload is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Against {
    /// The same length of time, just before
    Before,
    /// The same time of the day before
    Yesterday,
    /// The same time of the week before
    LastWeek,
}

fn duration(text: &str) -> Result<i64, String> {
    match grid::parse_duration_ms(text)? {
        0 => Err(String::from("expected more than nothing")),
        ms => Ok(ms),
    }
}

/// The filters, and examples.
fn after() -> String {
    let filters: String = FILTERS.iter().map(|(name, about)| format!("  {name:<11} {about}\n")).collect();
    format!(
        "Filters:\n{filters}\nExamples:\n  \
         strain compare --url http://prometheus:9090 --steady 12:00/12:10 --overload 12:20/12:30\n  \
         strain compare --url http://prometheus:9090 --at 12:31 --for 5m --against yesterday\n  \
         strain show overload.csv --select '{{job=\"carts\"}}'\n  \
         strain rank --help"
    )
}

const EXAMPLES: &str = "\
Examples:
  strain compare --url http://prometheus:9090 --steady 12:00/12:10 --overload 12:20/12:30 --locust load
  strain compare --url http://prometheus:9090 --at 12:31 --for 5m --against last-week
  strain compare steady.jsonl.gz overload.jsonl.gz -o results
  strain compare release-1/ release-2/ --history history.csv";
