//! What `influx -format csv` prints (version 1): `name,tags,time` and a column for each field.

use super::cells::{Cells, Row};

/// Before the fields.
const OWN: [&str; 3] = ["name", "tags", "time"];

impl Cells {
    /// The same as InfluxDB's annotated CSV: a row for each value, a column for each tag.
    pub(super) fn by_field(&self) -> Option<Cells> {
        let fields = self.header.strip_prefix(OWN.map(String::from).as_slice()).filter(|fields| !fields.is_empty())?;
        let tags: Vec<Vec<(&str, &str)>> = self.column(1).map(|(_, cell)| tags(cell)).collect::<Option<_>>()?;
        let mut names: Vec<&str> = tags.iter().flatten().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        let own = ["_time", "_value", "_measurement", "_field"];
        let header = own.iter().chain(&names).map(|name| name.to_string()).collect();
        let mut rows = Vec::new();
        for (row, tags) in self.rows.iter().zip(&tags) {
            let tag = |name: &&str| tags.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value);
            for (field, value) in fields.iter().zip(&row.cells[OWN.len()..]).filter(|(_, value)| !value.is_empty()) {
                let cells = [row.cells[2].as_str(), value, &row.cells[0], field].into_iter();
                let cells = cells.chain(names.iter().map(tag)).map(String::from).collect();
                rows.push(Row { line: row.line, cells });
            }
        }
        Some(Cells { header, rows })
    }
}

/// The tags of a row, `host=a,cpu=cpu0`; none for other text.
fn tags(text: &str) -> Option<Vec<(&str, &str)>> {
    text.split(',').filter(|tag| !tag.is_empty()).map(|tag| tag.split_once('=')).collect()
}
