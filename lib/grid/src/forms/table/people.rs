//! A table as people read it: aligned, numbers of about five digits, cut to the width of the terminal.

use std::collections::HashMap;
use std::io::Write;

use super::{Cell, Table};
use crate::{Error, Name, printable};

/// The widest text where no terminal sets the width; the other forms never shorten.
const WIDEST: usize = 100;

/// A column of text is not made narrower than this.
const NARROWEST: usize = 16;

/// Blanks between two columns.
const GAP: usize = 2;

/// How a table is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Letters in a line; `None` for as many as it takes.
    pub(crate) width: Option<usize>,
    /// Whether the header is bold.
    pub(crate) colour: bool,
}

/// Writes the header and the rows. Where they are wider than the terminal, texts are shortened in the middle, so that no two
/// become alike, and then columns are left out from the right.
pub(crate) fn write(table: &Table, look: Look, out: &mut impl Write) -> Result<(), Error> {
    let mut texts: Vec<Vec<String>> =
        table.rows.iter().map(|row| row.iter().map(|cell| short(cell, row)).collect()).collect();
    let is_text = |at: usize| table.rows.iter().any(|row| matches!(row.get(at), Some(Cell::Text(_))));
    let wordy: Vec<bool> = (0..table.header.len()).map(is_text).collect();
    let header: Vec<String> = table.header.iter().map(|name| printable(name).into_owned()).collect();
    let heads: Vec<usize> = header.iter().map(|name| length(name)).collect();
    let widest = |at: usize| texts.iter().map(|row| length(&row[at])).max().unwrap_or(0).max(heads[at]);
    let mut widths: Vec<usize> = (0..table.header.len()).map(widest).collect();
    for at in (0..widths.len()).filter(|&at| wordy[at]) {
        widths[at] = widths[at].min(WIDEST);
    }
    let shown = fit(&mut widths, &heads, &wordy, look.width);
    for at in (0..shown).filter(|&at| wordy[at]) {
        let shortened = shorten_all(texts.iter().map(|row| row[at].as_str()), widths[at]);
        texts.iter_mut().zip(shortened).for_each(|(row, text)| row[at] = text);
    }
    let (bold, plain) = if look.colour { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
    writeln!(out, "{bold}{}{plain}", line(&header[..shown], &widths, &wordy, shown < widths.len()))?;
    for row in &texts {
        writeln!(out, "{}", line(&row[..shown], &widths, &wordy, false))?;
    }
    Ok(())
}

/// Makes the widest columns of text narrower until a row fits, then leaves out columns: how many are shown.
fn fit(widths: &mut [usize], heads: &[usize], wordy: &[bool], width: Option<usize>) -> usize {
    let Some(width) = width else { return widths.len() };
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    let mut shown = widths.len();
    while total(&widths[..shown]) > width && shown > 1 {
        let narrower = |at: &usize| wordy[*at] && widths[*at] > NARROWEST.max(heads[*at]);
        match (0..shown).filter(narrower).max_by_key(|&at| widths[at]) {
            Some(at) => widths[at] -= 1,
            None => shown -= 1,
        }
    }
    // What was left out makes room again for the texts that stay.
    if let Some(at) = (0..shown).filter(|&at| wordy[at] && shown < widths.len()).max_by_key(|&at| widths[at]) {
        widths[at] += width.saturating_sub(total(&widths[..shown]) + GAP + 1);
    }
    shown
}

fn line(cells: &[String], widths: &[usize], wordy: &[bool], more: bool) -> String {
    let mut line = String::new();
    for (at, text) in cells.iter().enumerate() {
        let blanks = " ".repeat(widths[at].saturating_sub(length(text)));
        line += if at > 0 { "  " } else { "" };
        line += &if wordy[at] { format!("{text}{blanks}") } else { format!("{blanks}{text}") };
    }
    if more {
        line += "  …";
    }
    line.trim_end().to_string()
}

/// The cell as a person reads it in its row: a series without the labels whose value another cell says.
fn short(cell: &Cell, row: &[Cell]) -> String {
    match cell {
        Cell::Text(text) => {
            let mut name = Name::parse(text);
            name.labels.retain(|(_, value)| !row.iter().any(|cell| matches!(cell, Cell::Text(t) if t == value)));
            let kept = if name.labels.is_empty() && name.name.is_empty() { text } else { &name.to_string() };
            printable(kept).into_owned()
        }
        Cell::Number(value) if *value != 0.0 => {
            let digits = value.abs().log10().floor();
            match digits {
                d if !(-5.0..15.0).contains(&d) => format!("{value:.3e}"),
                d => grouped(trim_zeros(format!("{value:.*}", (4.0 - d).clamp(0.0, 9.0) as usize))),
            }
        }
        other => other.text(),
    }
}

/// A number with its whole part in groups of three, from 10,000 on.
fn grouped(number: String) -> String {
    let (whole, rest) = number.split_at(number.find('.').unwrap_or(number.len()));
    let digits = whole.trim_start_matches('-');
    if digits.len() < 5 {
        return number;
    }
    let mut out = whole[..whole.len() - digits.len()].to_string();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

fn trim_zeros(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// The texts, none longer than `width`, and no two alike that were not: those that would be are shortened before the
/// place where they begin to differ.
fn shorten_all<'a>(texts: impl Iterator<Item = &'a str>, width: usize) -> Vec<String> {
    let texts: Vec<Vec<char>> = texts.map(|text| text.chars().collect()).collect();
    let mut out: Vec<String> = texts.iter().map(|text| shorten(text, width)).collect();
    let mut alike: HashMap<&str, Vec<usize>> = HashMap::new();
    out.iter().enumerate().for_each(|(at, text)| alike.entry(text).or_default().push(at));
    let alike: Vec<Vec<usize>> = alike.into_values().filter(|group| group.len() > 1).collect();
    for group in alike {
        let first = &texts[group[0]];
        let common = |at: &usize| first.iter().zip(&texts[*at]).take_while(|(a, b)| a == b).count();
        let same = group.iter().filter(|&&at| texts[at] != *first).map(common).min();
        for &at in group.iter().filter(|_| same.is_some()) {
            out[at] = shorten_from(&texts[at], same.unwrap_or_default(), width);
        }
    }
    out
}

/// Keeps the beginning and the end of a long text.
fn shorten(text: &[char], width: usize) -> String {
    if text.len() <= width {
        return text.iter().collect();
    }
    let half = width.saturating_sub(1) / 2;
    let ends = [&text[..width.saturating_sub(1 + half)], &text[text.len() - half..]];
    ends.map(|part| part.iter().collect::<String>()).join("…")
}

/// Keeps a beginning and what stands from a little before `from` on.
fn shorten_from(text: &[char], from: usize, width: usize) -> String {
    let head = width / 4;
    let start = from.saturating_sub(3).max(head);
    let beginning: String = text.iter().take(head).collect();
    let rest = text.get(start..).unwrap_or_default();
    format!("{beginning}…{}", shorten(rest, width.saturating_sub(head + 1)))
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(table: &Table, width: usize) -> String {
        let mut out = Vec::new();
        write(table, Look { width: Some(width), colour: false }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn table() -> Table {
        let mut table = Table::new(&["metric", "change", "note"]);
        for quantile in ["0.5", "0.95", "0.99"] {
            let name =
                format!("request_duration_seconds{{job=\"carts\",quantile=\"{quantile}\",route=\"/carts/items/all\"}}");
            table.push(vec![name.into(), 39_551_249.0.into(), "a remark of some length".into()]);
        }
        table
    }

    #[test]
    fn a_row_fits_the_width_and_no_two_names_become_alike() {
        for width in [40, 60, 80, 120] {
            let text = shown(&table(), width);
            assert!(text.lines().all(|line| length(line) <= width), "{width}:\n{text}");
            let names: std::collections::HashSet<&str> =
                text.lines().skip(1).map(|l| l.split("  ").next().unwrap()).collect();
            assert_eq!(names.len(), 3, "{width}:\n{text}");
        }
    }

    #[test]
    fn numbers_have_groups_of_three() {
        assert_eq!(grouped("39551249".into()), "39,551,249");
        assert_eq!((grouped("-12345.5".into()), grouped("1234".into())), ("-12,345.5".into(), "1234".into()));
        assert!(shown(&table(), 200).contains("39,551,249"));
    }

    #[test]
    fn columns_that_do_not_fit_are_left_out_from_the_right() {
        let text = shown(&table(), 40);
        assert!(
            text.starts_with("metric") && text.lines().next().unwrap().ends_with('…') && !text.contains("remark"),
            "{text}"
        );
    }
}
