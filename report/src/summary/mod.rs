//! The page in short, as Markdown for a pull request or a chat.

use std::fmt::Write;

use crate::words::visible;
use crate::{Ranking, Report};

/// Rows of a table.
const ROWS: usize = 10;

/// Headline, story, numbers, and the first services and metrics as tables. All text is escaped.
pub fn markdown(report: &Report) -> String {
    let mut out = format!("## {}\n", plain(&report.title));
    if !report.subtitle.is_empty() {
        let _ = writeln!(out, "\n{}", plain(&report.subtitle));
    }
    if let Some((first, rest)) = &report.headline {
        let _ = writeln!(out, "\n**{}** {}", plain(first), plain(rest));
    }
    if !report.story.is_empty() {
        out += "\n";
        report.story.iter().for_each(|sentence| {
            let _ = writeln!(out, "- {}", plain(sentence));
        });
    }
    if !report.cards.is_empty() {
        out += "\n| | steady | overload | change |\n| --- | ---: | ---: | ---: |\n";
        for card in &report.cards {
            let cells = [&card.label, &card.steady, &card.overload, &card.change].map(|text| plain(text));
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }
    for ranking in
        [&report.services, &report.metrics, &report.faults, &report.against, &report.runs].into_iter().flatten()
    {
        out += &table(ranking);
    }
    out
}

impl Report {
    /// The headline and the sentences below it, on a line.
    pub fn words(&self) -> String {
        let headline = self.headline.as_ref().map(|(first, rest)| format!("{first} {rest}").trim_end().to_string());
        let sentences: Vec<String> = headline.into_iter().chain(self.story.iter().cloned()).collect();
        let one_line = |c: char| if c.is_control() { ' ' } else { c };
        visible(&sentences.join(" ")).chars().map(one_line).chain(['\n']).collect()
    }
}

fn table(ranking: &Ranking) -> String {
    if ranking.entries.is_empty() {
        return String::new();
    }
    let names: Vec<String> = ranking.headings.iter().map(|heading| plain(&heading.text)).collect();
    let rules: Vec<&str> = ranking.headings.iter().map(|h| if h.numeric { "---:" } else { "---" }).collect();
    let mut out =
        format!("\n### {}\n\n| # | {} |\n| ---: | {} |\n", plain(&ranking.title), names.join(" | "), rules.join(" | "));
    for (i, entry) in ranking.entries.iter().take(ROWS).enumerate() {
        let cells: Vec<String> = entry.cells.iter().map(|cell| plain(&cell.text)).collect();
        let _ = writeln!(out, "| {} | {} |", i + 1, cells.join(" | "));
    }
    out
}

/// Text on one line in which nothing is Markdown or HTML.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '<' | '>' | '&' | '@' => {
                out.push('\\');
                out.push(c);
            }
            // a bare address would become a link
            ':' if out.ends_with("http") || out.ends_with("https") => out.push_str("\u{200b}:"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Entry, Field, Heading};

    #[test]
    fn text_is_no_markdown() {
        assert_eq!(plain("a|b\n![x](y) <img>"), "a\\|b \\!\\[x\\]\\(y\\) \\<img\\>");
        assert_eq!(plain("a\u{202e}"), "a\\\\u{202e}");
    }

    #[test]
    fn words_are_those_of_the_page_on_a_line() {
        let headline = Some(("carts".into(), "gives first.".into()));
        let report = Report { headline, story: vec!["Its a\nb rose.".into()], ..Report::default() };
        assert_eq!(report.words(), "carts gives first. Its a b rose.\n");
        assert_eq!(
            Report { headline: Some(("Quiet.".into(), String::new())), ..Report::default() }.words(),
            "Quiet.\n"
        );
    }

    #[test]
    fn table_has_a_row_for_each_of_the_first_ten() {
        let entry = Entry { cells: vec![Field::words("a_b")], ..Entry::default() };
        let headings = vec![Heading { text: "metric".into(), ..Heading::default() }];
        let ranking = Ranking { title: "T".into(), headings, entries: vec![entry; 12], ..Ranking::default() };
        let text = table(&ranking);
        assert_eq!(text.matches("a\\_b").count(), 10);
        assert!(text.contains("| # | metric |\n| ---: | --- |\n"), "{text}");
    }
}
