//! How a request ended, by what the load generator says of it.

use std::sync::LazyLock;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Good,
    /// With an answer that is none of the wanted ones.
    Failed,
    /// Without any answer, after all the time that the client was ready to wait, or for a reason that is not known.
    Unanswered,
    /// Refused, or cut off before an answer: there is no response time, however long it took.
    Refused,
}

/// What an error says, by any of its words in any letter case: the first that it has. Words of waiting come first, as clients tell
/// of a connection that is refused and of one that timed out by the same exception.
static ERRORS: LazyLock<Vec<(String, End)>> = LazyLock::new(|| {
    let row = |row: csv::StringRecord| {
        let end = if &row[1] == "waited" { End::Unanswered } else { End::Refused };
        (row[0].to_ascii_lowercase(), end)
    };
    let mut table = csv::Reader::from_reader(include_bytes!("../../tables/errors.csv").as_slice());
    table.records().filter_map(Result::ok).map(row).collect()
});

impl End {
    /// Of a request that was answered.
    pub(super) fn answered(failed: bool) -> End {
        if failed { End::Failed } else { End::Good }
    }

    /// Of one that was not, by the text of its error.
    pub(super) fn unanswered(error: &str) -> End {
        let error = error.to_ascii_lowercase();
        ERRORS.iter().find(|(word, _)| error.contains(word)).map_or(End::Unanswered, |(_, end)| *end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_whether_there_was_an_answer_to_wait_for() {
        for (error, end) in [
            ("ConnectionRefusedError(111, 'Connection refused')", End::Refused),
            (
                "ConnectionError(MaxRetryError(\"… NewConnectionError('…: [Errno 111] Connection refused'))\"))",
                End::Refused,
            ),
            (
                "ConnectionError(MaxRetryError(\"… NewConnectionError('…: [Errno 110] Connection timed out'))\"))",
                End::Unanswered,
            ),
            ("ReadTimeout('timed out')", End::Unanswered),
            ("timeout('The read operation …')", End::Unanswered),
            ("Non HTTP response code: java.net.SocketTimeoutException", End::Unanswered),
            ("Non HTTP response code: java.net.ConnectException", End::Refused),
            (
                "Non HTTP response code: java.net.ConnectException Non HTTP response message: Connection timed out",
                End::Unanswered,
            ),
            ("j.n.ConnectException: Connection refused: shop/10.0.0.1:80", End::Refused),
            ("i.g.h.c.i.RequestTimeoutException: Request timeout to shop/10.0.0.1:80 after 60000 ms", End::Unanswered),
            ("dial tcp: lookup shop on 10.0.0.10:53: no such host", End::Refused),
            (
                "Get \"http://a/\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
                End::Unanswered,
            ),
            ("error_code=1212 dial: connection refused", End::Refused),
            ("error_code=1050 request timeout", End::Unanswered),
            ("ConnectionError", End::Unanswered),
            ("", End::Unanswered),
        ] {
            assert_eq!(End::unanswered(error), end, "{error}");
        }
    }

    #[test]
    fn every_row_of_the_table_has_a_word_an_end_and_a_source() {
        let text = include_str!("../../tables/errors.csv");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), ERRORS.len());
        for (row, (word, _)) in rows.iter().zip(ERRORS.iter()) {
            assert_eq!((&row[0].to_ascii_lowercase(), row.len()), (word, 3), "the word stands without quotes");
            assert!(matches!(&row[1], "waited" | "refused") && !row[2].is_empty(), "{row:?}");
        }
        assert!(rows.is_sorted_by_key(|row| &row[1] == "refused"), "words of waiting come first");
    }
}
