//! Row numbers that pandas writes beside the rows.

use super::cells::Cells;

impl Cells {
    /// Takes the names off the row numbers before the column of times, if there is one by its name: they are no series and no labels.
    pub(super) fn unname_indexes(&mut self) {
        let time = self.header.iter().position(|name| grid::is_time_name(name)).unwrap_or_default();
        let count = (0..time).take_while(|at| self.is_index(*at)).count();
        self.header[..count].iter_mut().for_each(String::clear);
    }

    /// True for a column without a name of its own, and for one that is called as pandas calls an index (`reset_index`) and
    /// counts the rows: each number is one more than that before, or 0 again, as where tables were put together.
    fn is_index(&self, at: usize) -> bool {
        let name = self.header[at].as_str();
        let is_level = || name.strip_prefix("level_").is_some_and(|level| level.parse::<u32>().is_ok());
        grid::is_nameless(name) || (name == "index" || is_level()) && self.counts_rows(at)
    }

    fn counts_rows(&self, at: usize) -> bool {
        let mut last: Option<i64> = None;
        self.column(at).all(|(_, cell)| {
            let Ok(number) = cell.parse::<i64>() else { return false };
            let follows = last.is_none_or(|last| number == last + 1 || number == 0);
            last = Some(number);
            follows
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Dialect;

    fn left(text: &str) -> String {
        let mut cells = Cells::read(text.as_bytes(), &Dialect::default()).unwrap();
        cells.unname_indexes();
        cells.header.join(",").trim_start_matches(',').to_string()
    }

    #[test]
    fn row_numbers_before_the_times_are_left_out() {
        for head in ["", "Unnamed: 0", "Unnamed: 0.1,Unnamed: 0", "index", "level_0,index"] {
            let cells = |number: usize| vec![number.to_string(); head.split(',').count()].join(",");
            let text = format!("{head},time,a\n{},1700000000,1\n{},1700000001,2\n", cells(7), cells(8));
            assert_eq!(left(&text), "time,a", "{head}");
        }
    }

    #[test]
    fn what_measures_is_no_row_number() {
        assert_eq!(left("index,time,a\n3,1700000000,1\n2,1700000001,2\n"), "index,time,a");
        assert_eq!(left("a,index,time\n1,0,1700000000\n2,1,1700000001\n"), "a,index,time");
        assert_eq!(left("index,a\n0,1\n1,2\n"), "index,a");
    }
}
