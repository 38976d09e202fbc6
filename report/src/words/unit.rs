//! The unit of the cells of a column.

use names::{Catalogue, Name, Treatment};

/// The unit of a column's cells, in short, by its header: what was done to the series, what the metadata said, what the name
/// says. A rate is that of a second: of processor time in cores, of bytes in bytes a second. Empty where none is known.
pub fn unit(header: &str) -> &'static str {
    let (name, catalogue) = (Name::parse(header), Catalogue::default());
    let reading = catalogue.read(&name);
    let [level, rate, cores] = in_short(reading.unit);
    match name.treatment() {
        Treatment::Rate if reading.kind == "cpu" && !cores.is_empty() => cores,
        Treatment::Rate => rate,
        Treatment::Level if !level.is_empty() && is_per_second(&name.name) => rate,
        Treatment::Level | Treatment::Delta => level,
    }
}

/// True for the unit of what takes so much of each second.
pub fn is_time_per_second(unit: &str) -> bool {
    ["s/s", "ms/s", "µs/s", "ns/s"].contains(&unit)
}

/// Values, rates, and rates of processor time.
fn in_short(unit: &str) -> [&'static str; 3] {
    match unit {
        "seconds" => ["s", "s/s", "cores"],
        "milliseconds" => ["ms", "ms/s", "mcores"],
        "microseconds" => ["µs", "µs/s", "µcores"],
        "nanoseconds" => ["ns", "ns/s", "ncores"],
        "bytes" => ["B", "B/s", ""],
        "kilobytes" => ["kB", "kB/s", ""],
        "megabytes" => ["MB", "MB/s", ""],
        "kibibytes" => ["KiB", "KiB/s", ""],
        "mebibytes" => ["MiB", "MiB/s", ""],
        "gibibytes" => ["GiB", "GiB/s", ""],
        "millicores" => ["mcores", "/s", ""],
        "percent" => ["%", "%/s", ""],
        "celsius" => ["°C", "°C/s", ""],
        "watts" => ["W", "W/s", ""],
        _ => ["", "/s", ""],
    }
}

/// True for a name that says so: `sent_bytes_per_second`.
fn is_per_second(name: &str) -> bool {
    let words: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    words.windows(2).any(|pair| pair[0] == "per" && ["s", "sec", "second"].contains(&pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::number;

    #[test]
    fn units_are_read_from_names() {
        for (header, short) in [
            ("process_resident_memory_bytes{a=\"b_seconds\"}", "B"),
            ("locust_response_time_ms_mean", "ms"),
            ("queue_length", ""),
            ("process_cpu_seconds_total", "cores"),
            ("dnsdist_cpu_user_msec{__as__=\"rate\",job=\"dns\"}", "mcores"),
            ("container_cpu_cfs_throttled_seconds_total", "s/s"),
            ("request_duration_seconds_sum{a=\"b\"}", "s/s"),
            ("request_duration_seconds_count{a=\"b\"}", "/s"),
            ("sent_bytes_total", "B/s"),
            ("sent_bytes_per_second{job=\"a\"}", "B/s"),
            ("hits_per_sec{job=\"a\"}", ""),
            ("room_celsius", "°C"),
        ] {
            assert_eq!(unit(header), short, "{header}");
        }
    }

    #[test]
    fn labels_say_what_was_done_and_what_the_metadata_said() {
        for (header, short) in [
            ("things_total{__as__=\"level\"}", ""),
            ("things_total{__as__=\"delta\"}", ""),
            ("things{__as__=\"rate\",job=\"a\"}", "/s"),
            ("disk_bytes{__as__=\"rate\",job=\"a\"}", "B/s"),
            ("sent_bytes_total{__as__=\"level\"}", "B"),
            ("sent_bytes_total{__as__=\"delta\"}", "B"),
            ("carts_ms{__unit__=\"seconds\"}", "s"),
            ("spins_total{__unit__=\"bytes\"}", "B/s"),
        ] {
            assert_eq!(unit(header), short, "{header}");
        }
    }

    #[test]
    fn parts_of_a_unit_are_written_in_it() {
        let cases = [(2048.0, "KiB"), (1.5, "kB"), (3e6, "µs"), (250.0, "mcores"), (40.0, "ms/s"), (2.0, "MiB/s")];
        let words = cases.map(|(value, unit)| number(value, unit).replace('\u{a0}', " "));
        assert_eq!(words, ["2.1 MB", "1.5 kB", "3 s", "0.25 cores", "0.04 s/s", "2.1 MB/s"]);
    }
}
