//! Dates with the month in English words, as `date`, HTTP, Apache's log, Kibana, Google Cloud and browsers write them.

use super::dates::of_a_day;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The parts of a date as they were found.
#[derive(Default)]
struct Parts<'a> {
    year: Option<&'a str>,
    month: Option<usize>,
    day: Option<u8>,
    clock: Option<&'a str>,
    half: &'a str,
    zone: Option<String>,
}

/// `Nov 14, 2023 @ 22:13:20.5` or `14/Nov/2023:22:13:20 +0100` as `YYYY-MM-DD hh:mm:ss`, with the offset where there is one. None
/// for what has no such month, and where a word is not known, such as the short name of a zone.
pub(super) fn in_numbers(text: &str) -> Option<String> {
    // Most dates have a `T` and a `Z` at most.
    if text.bytes().filter(u8::is_ascii_alphabetic).count() < 3 {
        return None;
    }
    // Browsers say the name of the zone behind its offset.
    let text = text.split(" (").next()?;
    let mut parts = Parts::default();
    for word in text.split([' ', ',', '/', '@']).filter(|word| !word.is_empty()) {
        // `2023:22:13:20` in Apache's log.
        match word.split_once(':').filter(|(year, _)| year.len() == 4) {
            Some((year, clock)) => parts.take(year).and_then(|()| parts.take(clock)),
            None if is_by_hyphens(word) => word.split('-').try_for_each(|word| parts.take(word)),
            None => parts.take(word),
        }?;
    }
    let Parts { year, month, day, clock, half, zone } = parts;
    let clock = match clock {
        Some(clock) => of_a_day(&format!("{clock} {half}"))?,
        None => String::new(),
    };
    let text = format!("{}-{:02}-{:02} {}{}", year?, month?, day?, clock.trim(), zone.unwrap_or_default());
    Some(text.trim_end().to_string())
}

/// True for `14-Nov-2023`, not for an offset.
fn is_by_hyphens(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit()) && word.matches('-').count() == 2
}

impl<'a> Parts<'a> {
    /// Takes a word; none for one that is not known, or of a part that is there.
    fn take(&mut self, word: &'a str) -> Option<()> {
        let lower = word.to_ascii_lowercase();
        let is = |name: &&str| lower.len() >= 3 && (lower.len() == 3 || lower == **name) && name.starts_with(&lower);
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        if let Some(at) = MONTHS.iter().position(is) {
            return self.month.replace(at + 1).is_none().then_some(());
        }
        match word {
            _ if DAYS.iter().any(is) => Some(()),
            _ if digits && word.len() == 4 => self.year.replace(word).is_none().then_some(()),
            _ if digits && word.len() <= 2 => self.day.replace(word.parse().ok()?).is_none().then_some(()),
            _ if word.contains(':') && !word.starts_with(|c: char| !c.is_ascii_digit()) => {
                self.clock.replace(word).is_none().then_some(())
            }
            "AM" | "PM" | "am" | "pm" => {
                self.half = word;
                Some(())
            }
            _ => self.zone.replace(offset(word)?).is_none().then_some(()),
        }
    }
}

/// The offset of `Z`, `UTC`, `GMT`, `+0100`, `GMT+0100`.
fn offset(word: &str) -> Option<String> {
    let rest = word.strip_prefix("GMT").or_else(|| word.strip_prefix("UTC")).unwrap_or(word);
    match rest {
        "" | "Z" => Some("Z".to_string()),
        _ => rest.starts_with(['+', '-']).then(|| rest.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_numbered_whoever_wrote_them() {
        for (text, want) in [
            ("Nov 14, 2023 @ 22:13:20.500", "2023-11-14 22:13:20.500"),
            ("14/Nov/2023:22:13:20 +0100", "2023-11-14 22:13:20+0100"),
            ("Tue, 14 Nov 2023 22:13:20 GMT", "2023-11-14 22:13:20Z"),
            ("Tue Nov 14 2023 22:13:20 GMT+0100 (Central European Standard Time)", "2023-11-14 22:13:20+0100"),
            ("Tue Nov  4 22:13:20 UTC 2023", "2023-11-04 22:13:20Z"),
            ("November 14, 2023 10:13:20 PM", "2023-11-14 22:13:20"),
            ("14-NOV-2023 22:13", "2023-11-14 22:13"),
            ("14 May 2023", "2023-05-14"),
        ] {
            assert_eq!(in_numbers(text).as_deref(), Some(want), "{text}");
        }
        for text in
            ["carts", "Nov 14", "Nov 14 22:13:20 CET 2023", "Nov Dec 14 2023", "14 Nov 2023 15", "may", "12.5 MiB"]
        {
            assert_eq!(in_numbers(text), None, "{text}");
        }
    }
}
