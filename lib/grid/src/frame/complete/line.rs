//! A line of bash up to the cursor: its words, and how a candidate is written in place of the last one.

/// Where a line has been read to.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// The words before the one at the cursor, without the first, which is the program.
    pub(super) before: Vec<String>,
    /// The word at the cursor, so far, without its quotes.
    pub(super) current: String,
    /// The quote that is open at the cursor.
    quote: Option<char>,
    /// How much of the current word bash leaves as it is: what stands before the quote, or up to the last break.
    kept: usize,
}

impl Line {
    /// Reads a line as a shell does. `breaks` is bash's COMP_WORDBREAKS.
    pub(super) fn read(text: &str, breaks: &str) -> Self {
        let (mut line, mut any) = (Line::default(), false);
        let mut letters = text.trim_start().chars();
        while let Some(letter) = letters.next() {
            match (line.quote, letter) {
                (Some(quote), _) if letter == quote => line.quote = None,
                (None, '\'' | '"') => {
                    (line.quote, line.kept, any) = (Some(letter), line.current.len(), true);
                }
                (None, '\\') => line.current.extend(letters.next()),
                (Some('"'), '\\') => match letters.next() {
                    Some(escaped) if "\"\\$`".contains(escaped) => line.current.push(escaped),
                    other => line.current.extend(['\\'].into_iter().chain(other)),
                },
                (None, _) if letter.is_whitespace() => {
                    if any || !line.current.is_empty() {
                        line.before.push(std::mem::take(&mut line.current));
                    }
                    (line.kept, any) = (0, false);
                }
                _ => {
                    line.current.push(letter);
                    if line.quote.is_none() && breaks.contains(letter) {
                        line.kept = line.current.len();
                    }
                }
            }
        }
        if !line.before.is_empty() {
            line.before.remove(0);
        }
        line
    }

    /// Those that begin as the current word does, as bash is to put them in its place: quoted where one of them needs it.
    pub(super) fn inserted(&self, candidates: &[String]) -> Vec<String> {
        let fit = candidates.iter().filter(|text| text.starts_with(&self.current));
        let rest: Vec<&str> = fit.filter_map(|text| text.get(self.kept..)).collect();
        let plain = |text: &&str| text.chars().all(|c| c.is_alphanumeric() || "_-.,:/%+@=".contains(c));
        let quotes = self.quote.is_none() && !rest.iter().all(plain);
        let quoted = |text: &str| match self.quote {
            Some('"') => {
                text.chars().flat_map(|c| ['\\'].into_iter().filter(move |_| "\"\\$`".contains(c)).chain([c])).collect()
            }
            _ => text.replace('\'', r"'\''"),
        };
        rest.into_iter().map(|text| if quotes { format!("'{}'", quoted(text)) } else { quoted(text) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKS: &str = " \t\n\"'><=;|&(:";

    fn inserted(text: &str, candidate: &str) -> Vec<String> {
        Line::read(text, BREAKS).inserted(&[candidate.to_string()])
    }

    #[test]
    fn words_lose_their_quotes() {
        let line = Line::read(r#" rank 'a b' c\ d "e\"f" '' --on"#, BREAKS);
        assert_eq!(
            (line.before, line.current.as_str()),
            (["a b", "c d", "e\"f", ""].map(String::from).to_vec(), "--on")
        );
        assert_eq!(Line::read("rank --by ", BREAKS).current, "");
    }

    #[test]
    fn a_candidate_is_put_behind_what_bash_leaves() {
        assert_eq!(inserted("rank --on lo", "load"), ["load"]);
        assert_eq!(inserted("rank --on c", "cpu{a=\"b\"}"), ["'cpu{a=\"b\"}'"]);
        assert_eq!(inserted("rank --on 'c", "cpu{a=\"b\"}"), ["cpu{a=\"b\"}"]);
        assert_eq!(inserted("rank --on \"c", "cpu{a=\"b\"}"), ["cpu{a=\\\"b\\\"}"]);
        assert_eq!(inserted("rank --on c\\{", "c{a=\"b\"}"), ["'c{a=\"b\"}'"]);
        assert_eq!(inserted("rank --on=c", "--on=cpu"), ["cpu"]);
        assert_eq!(inserted("rank --on='c", "--on=cpu"), ["cpu"]);
        assert_eq!(inserted("rank --on job:", "job:rate5m"), ["rate5m"]);
        assert_eq!(inserted("rank --on x", "cpu"), [""; 0]);
    }

    #[test]
    fn where_one_is_quoted_all_are() {
        let both = ["a b".to_string(), "ac".to_string()];
        assert_eq!(Line::read("rank --on a", BREAKS).inserted(&both), ["'a b'", "'ac'"]);
    }
}
