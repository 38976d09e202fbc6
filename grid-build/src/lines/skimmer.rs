//! Finds the end of a series without reading it.

/// Follows the braces of a series across chunks. Strings are told by counting quotes: whether the
/// rest is JSON is found out when the series is parsed.
#[derive(Debug, Default)]
pub(super) struct Skimmer {
    braces: usize,
    in_string: bool,
    escaped: bool,
}

impl Skimmer {
    /// Passes bytes up to and with the brace that ends the series; says how many, and whether
    /// it has ended.
    pub(super) fn skim(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(n) = memchr::memchr2(b'{', b'}', &bytes[at..]) {
            self.count_quotes(&bytes[at..at + n]);
            at += n + 1;
            if self.in_string {
                self.escaped = false;
            } else if bytes[at - 1] == b'{' {
                self.braces += 1;
            } else {
                self.braces = self.braces.saturating_sub(1);
                if self.braces == 0 {
                    return (at, true);
                }
            }
        }
        self.count_quotes(&bytes[at..]);
        (bytes.len(), false)
    }

    /// Whether a string is open after these bytes. They are looked at one by one only if there are
    /// backslashes among them.
    fn count_quotes(&mut self, bytes: &[u8]) {
        if !self.escaped && memchr::memchr(b'\\', bytes).is_none() {
            self.in_string ^= memchr::memchr_iter(b'"', bytes).count() % 2 == 1;
            return;
        }
        for &byte in bytes {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = self.in_string,
                b'"' => self.in_string = !self.in_string,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_in_strings_do_not_count() {
        let text = r#"{"metric":{"a":"}{\"}\}","b\\":"{","c":"\\\""},"v":[1,"2"]}"#;
        for size in 1..text.len() {
            let (mut skimmer, mut passed, mut ended) = (Skimmer::default(), 0, false);
            for part in format!("{text}, {{}}").as_bytes().chunks(size) {
                if !ended {
                    let (n, end) = skimmer.skim(part);
                    passed += n;
                    ended = end;
                }
            }
            assert_eq!((passed, ended), (text.len(), true), "chunks of {size}");
        }
    }
}
