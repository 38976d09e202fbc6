//! Rankings as tables: with bars for a few rows, with search, filters and sorting for many.

mod row;

use std::fmt::Write;

use crate::words::{escape, number};

/// Things in order, with the numbers that put them there.
#[derive(Clone, Debug, Default)]
pub struct Ranking {
    /// Its heading.
    pub title: String,
    /// A sentence below it.
    pub note: String,
    /// The columns; the first names the row.
    pub headings: Vec<Heading>,
    /// The rows, first to last.
    pub entries: Vec<Entry>,
    /// True for a table of series: each row can be pointed at, and is found by the heat map.
    pub series: bool,
}

/// A column of a ranking.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Its name.
    pub text: String,
    /// What its numbers mean.
    pub meaning: String,
    /// True for numbers, which are set flush right.
    pub numeric: bool,
}

/// A row of a ranking.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The cells; the first is the row's name.
    pub cells: Vec<Field>,
    /// The whole name, where the first cell shortens it.
    pub full_name: String,
    /// Length of the bar, of at most 1; none when not finite.
    pub bar: f64,
    /// True for what may be chance.
    pub faint: bool,
    /// Its place among the series over time.
    pub series: Option<usize>,
    /// The page that its name leads to, below the folder of this one; none when it is empty.
    pub page: String,
}

/// A cell of a ranking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// As it is read.
    pub text: String,
    /// The number behind the text, by which the column is sorted and which is copied; not finite for words.
    pub value: f64,
}

impl Field {
    /// Words.
    pub fn words(text: impl Into<String>) -> Self {
        Field { text: text.into(), value: f64::NAN }
    }
}

impl Ranking {
    /// The table.
    pub(crate) fn html(&self) -> String {
        let class = if self.series { "ranking series sortable" } else { "ranking sortable" };
        let bars = self.entries.iter().any(|entry| entry.bar.is_finite());
        let mut out = format!("<table class=\"{class}\"><caption>{}</caption>\n", escape(&self.note));
        out += "<thead><tr><th scope=\"col\" class=\"number\">#</th>";
        for (i, heading) in self.headings.iter().enumerate() {
            let class = if heading.numeric { " class=\"number\"" } else { "" };
            let title = match heading.meaning.as_str() {
                "" => String::new(),
                meaning => format!(" title=\"{}\"", escape(meaning)),
            };
            let _ = write!(out, "<th scope=\"col\"{class}{title}>{}</th>", escape(&heading.text));
            if i == 0 && bars {
                out += "<th scope=\"col\" class=\"bar\"><span class=\"hidden\">its size as a bar</span></th>";
            }
        }
        out += "</tr></thead>\n<tbody>\n";
        for (rank, entry) in self.entries.iter().enumerate() {
            out += &self.row(rank + 1, entry, bars);
        }
        out + "</tbody></table>\n" + &self.meanings()
    }

    /// What the columns mean, for those who have no pointer.
    fn meanings(&self) -> String {
        let told: Vec<&Heading> = self.headings.iter().filter(|heading| !heading.meaning.is_empty()).collect();
        if told.is_empty() {
            return String::new();
        }
        let mut out = String::from("<details class=\"meanings\"><summary>What the columns mean</summary><dl>");
        for heading in told {
            let _ = write!(out, "<dt>{}</dt><dd>{}</dd>", escape(&heading.text), escape(&heading.meaning));
        }
        out + "</dl></details>\n"
    }

    /// "The first 20 of 248."
    pub fn first_of(shown: usize, all: usize) -> String {
        match shown < all {
            true => format!("The first {} of {}.", number(shown as f64, ""), number(all as f64, "")),
            false => format!("All {}.", number(all as f64, "")),
        }
    }
}
