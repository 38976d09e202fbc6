//! Dates with the year last: `20.11.2026`, `20/11/2026`, `11/20/2026`.

/// Whether the day or the month is in front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// A date with the year last, and what follows it.
struct YearLast<'a> {
    first: u8,
    second: u8,
    year: &'a str,
    /// The order that its own text shows: dots are always behind the day, and there are twelve months.
    shown: Option<Order>,
    clock: &'a str,
}

impl<'a> YearLast<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (date, clock) = text.split_once([' ', ',', 'T']).unwrap_or((text, ""));
        let between = date.chars().find(|c| !c.is_ascii_digit()).filter(|c| ['.', '/'].contains(c))?;
        let parts: Vec<&str> = date.split(between).collect();
        let [first, second, year] = parts[..] else { return None };
        let number = |text: &str| text.parse::<u8>().ok().filter(|_| text.len() <= 2);
        let (first, second) = (number(first)?, number(second)?);
        let shown = match between {
            '.' => Some(Order::DayFirst),
            _ if first > 12 => Some(Order::DayFirst),
            _ if second > 12 => Some(Order::MonthFirst),
            _ => None,
        };
        (year.len() == 4).then_some(YearLast { first, second, year, shown, clock: clock.trim() })
    }
}

/// The order that a date shows, where it shows one.
pub(super) fn order(text: &str) -> Option<Order> {
    YearLast::of(text)?.shown
}

/// True for a date of either order.
pub(super) fn is_ambiguous(text: &str) -> bool {
    YearLast::of(text).is_some_and(|date| date.shown.is_none())
}

/// A date with the year last as `YYYY-MM-DD hh:mm:ss`; none where its column has another order, or none is known.
pub(super) fn year_first(text: &str, order: Option<Order>) -> Option<String> {
    let date = YearLast::of(text)?;
    let (day, month) = match order.or(date.shown)? {
        known if date.shown.is_some_and(|shown| shown != known) => return None,
        Order::DayFirst => (date.first, date.second),
        Order::MonthFirst => (date.second, date.first),
    };
    let text = format!("{}-{month:02}-{day:02} {}", date.year, of_a_day(date.clock)?);
    Some(text.trim_end().to_string())
}

/// A time of the day of 24 hours, from one of 12 with AM or PM.
pub(super) fn of_a_day(clock: &str) -> Option<String> {
    let upper = clock.to_ascii_uppercase();
    let Some(noon) = upper.find(['A', 'P']).filter(|_| upper.ends_with('M')) else { return Some(clock.to_string()) };
    let (hour, rest) = upper[..noon].trim().split_once(':')?;
    let hour = hour.parse::<u8>().ok().filter(|hour| (1..=12).contains(hour))? % 12;
    Some(format!("{:02}:{rest}", hour + if upper[noon..].starts_with('P') { 12 } else { 0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_shown_by_dots_or_by_a_day_over_twelve() {
        let read = |text: &str, order| year_first(text, order).unwrap_or_default();
        for (text, want) in [
            ("20.11.2026 12:00:00", "2026-11-20 12:00:00"),
            ("1.2.2026, 12:00", "2026-02-01 12:00"),
            ("20/11/2026", "2026-11-20"),
            ("11/20/2026 1:30 PM", "2026-11-20 13:30"),
            ("11/20/2026 12:30:15 am", "2026-11-20 00:30:15"),
            ("11/10/2026", ""),
            ("1.2.3", ""),
        ] {
            assert_eq!(read(text, None), want, "{text}");
        }
        assert_eq!(read("11/10/2026", Some(Order::MonthFirst)), "2026-11-10");
        assert_eq!(read("20/11/2026", Some(Order::MonthFirst)), "");
        assert!(is_ambiguous("11/10/2026") && !is_ambiguous("11.10.2026"));
    }
}
