//! What is the same for the head of every page: the stylesheet, and what a browser may do with the page.

/// The stylesheet of all pages, inline: one request is the whole page.
pub(super) const STYLE: &str = include_str!("style.css");

/// The SHA-256 of [`STYLE`], in base64: computing it would be a tenth of what a first page costs.
macro_rules! digest {
    () => {
        "vWs5FoS91G1eRYMYZfE4mDkiEIw0Ld13QSj2U7/TRtY="
    };
}

/// The headers of every page beside those of an answer: what a browser may load, run and send for a page (CSP Level 3): the
/// stylesheet, known by its digest, and forms to this server. Where a page shows what somebody else wrote, this is the
/// second wall behind escaping.
pub(crate) const STYLE_POLICY: [(&str, &str); 3] = [
    (
        "content-security-policy",
        concat!(
            "default-src 'none'; style-src 'sha256-",
            digest!(),
            "'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        ),
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
];

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    use super::STYLE;

    #[test]
    fn the_policy_names_the_stylesheet() {
        assert_eq!(digest!(), STANDARD.encode(Sha256::digest(STYLE)), "write the right one into document.rs");
    }
}
