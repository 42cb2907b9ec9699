//! What is the same for the head of every page: the stylesheet, and what a browser may do with the page.

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The stylesheet of all pages, inline: one request is the whole page.
pub(super) const STYLE: &str = include_str!("style.css");

/// The headers of every page beside those of an answer: what a browser may load, run and send for a page (CSP Level 3): the stylesheet, known by its digest, and forms
/// to this server. Where a page shows what somebody else wrote, this is the second wall behind escaping.
pub(crate) fn style_policy() -> [(&'static str, &'static str); 3] {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let digest = STANDARD.encode(Sha256::digest(STYLE));
        format!(
            "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'"
        )
    });
    [
        ("content-security-policy", POLICY.as_str()),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
    ]
}
