//! `docs/metrics.md` is made of the tables: `BLESS=1 cargo test -p strain-names page` writes it.

#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use names::{Catalogue, Name, Reading, Role};

const HEAD: &str = "\
# The metrics, and what strain makes of them

Made of the tables in `lib/names/tables` and of the labelled names in `lib/names/tests/labelled.csv`, each of which is a
test; `BLESS=1 cargo test -p strain-names page` writes it anew. `rank --explain` prints the same for any grid.

From a metric's name, labels and type strain reads what it measures (its *kind*), which way is harm, and what part it plays: a
*cause* (a resource that runs out), *saturation* (work that waits, or what is no longer there), a *symptom* (what users feel), a
*driver* (load, what only follows it, and settings: never a suspect), or *other*. Harm is `up` (more is worse), `down` (less is
worse), `both`, or `gone` (each time it is not there is an event).

| kind | what it is |
| --- | --- |
| cpu | processor time, or its idle share, which falls |
| memory | memory in use, faults and garbage collection, or what is free, which falls |
| disk, network | reads, writes, space; states of links |
| saturation | queues, locks, work in flight, busy workers; idle ones, which fall |
| presence | flags and counts of what is there while all is well: targets, servers, replicas |
| delay, work | of spans: what a call took on the way, and what a service took itself |
| latency | how long something took; `_sum` and totals of seconds are the time spent |
| errors | failures, refusals, restarts, drops; requests counted by a status that is a failure |
| availability | shares of success, which fall: harm is what they lack of 1 or 100 |
| traffic | work asked for or done: requests, bytes sent, rows, allocations |
| handles | what is held and follows the load: connections, files, threads, keys |
| setting | limits, versions, times of day, and what else does not move by itself |
| maximum | the largest so far: it never falls, so it is no level |
| other | what nothing is known of |
";

fn rows<const N: usize>(text: &str, columns: [&str; N]) -> Vec<[String; N]> {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let row = |row: csv::StringRecord| columns.map(|name| row.get(place(name)).unwrap_or_default().to_string());
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// A Markdown table; bars in cells are escaped.
fn table<const N: usize>(page: &mut String, head: [&str; N], rows: &[[String; N]]) {
    writeln!(page, "\n| {} |\n|{}", head.join(" | "), " --- |".repeat(N)).unwrap();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        writeln!(page, "| {} |", cells.join(" | ")).unwrap();
    }
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

/// A header without the labels that say where it is from.
fn short(header: &str) -> String {
    let mut name = Name::parse(header);
    let catalogue = Catalogue::default();
    name.labels.retain(|(label, _)| !catalogue.names_service(label) && !["image", "namespace"].contains(&&label[..]));
    name.to_string()
}

fn role(reading: &Reading) -> &'static str {
    if reading.outcome.is_some() { Role::Driver.name() } else { reading.role.name() }
}

fn metrics(page: &mut String) {
    let mut labelled = rows(include_str!("labelled.csv"), ["header", "exporter"]);
    let mut first = HashMap::new();
    labelled.iter().enumerate().for_each(|(at, row)| _ = first.entry(row[1].clone()).or_insert(at));
    labelled.sort_by_key(|row| first[&row[1]]);
    let catalogue = Catalogue::default();
    page.push_str("\n## Metrics by exporter\n");
    for exporter in labelled.chunk_by(|a, b| a[1] == b[1]) {
        writeln!(page, "\n### {}", exporter[0][1]).unwrap();
        let row = |[header, _]: &[String; 2]| {
            let name = Name::parse(header);
            let reading = catalogue.read(&name);
            let counter = reading.counter.map_or("", |counter| if counter { "yes" } else { "no" });
            let words = [reading.kind, reading.harm.name(), role(&reading), reading.unit, counter];
            let [kind, harm, role, unit, counter] = words.map(str::to_string);
            [code(&short(header)), kind, harm, role, unit, counter]
        };
        let rows: Vec<_> = exporter.iter().map(row).collect();
        table(page, ["metric", "kind", "harm", "role", "unit", "counter"], &rows);
    }
}

fn tables(page: &mut String) {
    page.push_str(
        "\n## Words of names, where no exporter is known\n\nThe first row that matches decides. `a b`: two words in \
                   sequence; `a|b`: either; `*`: any words; `?`: any one; `^`, `$`: the name's beginning and end.\n",
    );
    let conventions =
        rows(include_str!("../tables/conventions.csv"), ["pattern", "labels", "kind", "harm", "role", "source"]);
    let row = |[pattern, labels, kind, harm, role, source]: &[String; 6]| {
        [code(pattern), code(labels), kind.clone(), harm.clone(), role.clone(), source.clone()]
    };
    table(
        page,
        ["words", "labels", "kind", "harm", "role", "source"],
        &conventions.iter().map(row).collect::<Vec<_>>(),
    );
    page.push_str("\n## Labels that say how a request ended\n");
    let statuses = rows(include_str!("../tables/statuses.csv"), ["label", "conventions", "source"]);
    let row = |[label, conventions, source]: &[String; 3]| [code(label), conventions.clone(), source.clone()];
    table(page, ["label", "conventions of its values", "source"], &statuses.iter().map(row).collect::<Vec<_>>());
    let values = rows(include_str!("../tables/status_values.csv"), ["convention", "value", "fails", "why"]);
    let failures: Vec<_> = values.iter().filter(|row| row[2] == "yes").collect();
    let row = |row: &&[String; 4]| [row[0].clone(), code(&row[1]), row[3].clone()];
    table(page, ["convention", "failure", "why"], &failures.iter().map(row).collect::<Vec<_>>());
    for (title, text) in [
        (
            "Labels that name a service\n\nThe first that tells series apart decides.",
            include_str!("../tables/services.csv"),
        ),
        (
            "Labels that name the one waited for\n\nWhat a client or a proxy sees of it is charged to it.",
            include_str!("../tables/peers.csv"),
        ),
        (
            "Labels that name the one probed\n\nWhere it is a service of the grid; else the proxy's.",
            include_str!("../tables/probed.csv"),
        ),
        (
            "Labels of what a server of gRPC serves\n\nThey tell who it is that a client of the interface waits for.",
            include_str!("../tables/served.csv"),
        ),
    ] {
        writeln!(page, "\n## {title}").unwrap();
        let labels = rows(text, ["label", "form", "of", "source"]);
        let row = |[label, form, of, source]: &[String; 4]| [code(label), form.clone(), code(of), source.clone()];
        table(page, ["label", "form", "only of", "source"], &labels.iter().map(row).collect::<Vec<_>>());
    }
    page.push_str(
        "\n## Names that tell what exposes them\n\nA store is a database or a cache: it answers and asks nobody. A machine is \
         what services run on.\n",
    );
    let exposers = rows(include_str!("../tables/exposers.csv"), ["pattern", "what", "source"]);
    let row = |[pattern, what, source]: &[String; 3]| [code(pattern), what.clone(), source.clone()];
    table(page, ["words", "what", "source"], &exposers.iter().map(row).collect::<Vec<_>>());
    page.push_str("\n## What is used, and its limit\n");
    let limits = rows(include_str!("../tables/limits.csv"), ["used", "limit", "share", "source"]);
    let row = |[used, limit, share, source]: &[String; 4]| [code(used), code(limit), share.clone(), source.clone()];
    table(page, ["used", "limit", "share", "source"], &limits.iter().map(row).collect::<Vec<_>>());
    page.push_str("\n## Columns of load generators\n\nNever a suspect: what they put on, and what they saw.\n");
    let outcomes = rows(include_str!("../tables/outcomes.csv"), ["pattern", "outcome", "source"]);
    let row = |[pattern, outcome, source]: &[String; 3]| [code(pattern), outcome.clone(), source.clone()];
    table(page, ["words", "outcome", "source"], &outcomes.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn the_page_of_metrics_is_made_of_the_tables() {
    let mut page = HEAD.to_string();
    metrics(&mut page);
    tables(&mut page);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/metrics.md is not what the tables say: BLESS=1 cargo test -p strain-names page");
}
