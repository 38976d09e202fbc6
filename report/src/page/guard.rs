//! What the page may load and run: its own style and script, and nothing else.

use std::sync::LazyLock;

use base64::Engine;
use sha2::{Digest, Sha256};

use crate::script::SCRIPT;
use crate::style::STYLE;

/// The Content-Security-Policy. Style and script are known by their hashes; no address is allowed.
pub(super) fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        format!(
            "default-src &#39;none&#39;; style-src &#39;sha256-{}&#39;; script-src &#39;sha256-{}&#39;; base-uri &#39;none&#39;; \
             form-action &#39;none&#39;",
            hash(STYLE),
            hash(SCRIPT)
        )
    });
    &POLICY
}

fn hash(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_that_of_the_standard() {
        assert_eq!(hash(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn script_and_style_cannot_end_their_element() {
        assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!--") && !STYLE.contains("</"));
    }
}
