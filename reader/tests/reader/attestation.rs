//! `/-/attestation`: the Sigstore bundle beside the release, where it is about the manifest.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::json;

use crate::release::{Shop, header, text};

/// A bundle as `actions/attest-build-provenance` writes it, about a file with that digest.
fn bundle(sha256: &str) -> String {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "manifest.json", "digest": {"sha256": sha256}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {},
    });
    let bundle = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"tlogEntries": [], "certificate": {"rawBytes": "MIIG"}},
        "dsseEnvelope": {
            "payload": BASE64_STANDARD.encode(statement.to_string()),
            "payloadType": "application/vnd.in-toto+json",
            "signatures": [{"sig": "MEUCIQ=="}],
        },
    });
    format!("{bundle}\n")
}

const NONE: &str = r#"{"code":"CP121","message":"the release has no attestation","details":"none was packaged with it: it is made where a workflow of GitHub's builds the release","hint":"build the commit that /-/manifest.json names again and compare: `publisher verify URL --rebuild`"}"#;

#[test]
fn a_bundle_beside_the_release_is_served_as_it_is() {
    let shop = Shop::open();
    let answer = |expected: (u16, &str)| {
        let found = shop.get("/-/attestation");
        assert_eq!((found.status, text(&found)), expected);
    };
    answer((404, NONE));
    let file = shop.directory.path().join("attestation.json");
    let (sha256, _) = catalog::file_digest(&shop.directory.path().join("manifest.json")).unwrap();
    let own = bundle(&sha256);
    std::fs::write(&file, &own).unwrap();
    answer((200, &own));
    let found = shop.ask("GET", "/-/attestation", &[("accept", "text/csv")]);
    assert_eq!(header(&found, "content-type"), Some("application/vnd.dev.sigstore.bundle.v0.3+json"));
    assert!(header(&found, "repr-digest").is_some());
    let tag = header(&found, "etag").unwrap().to_owned();
    assert_eq!(shop.ask("GET", "/-/attestation", &[("if-none-match", &tag)]).status, 304);
    let head = shop.ask("HEAD", "/-/attestation", &[]);
    assert_eq!((head.status, head.length, head.body.len()), (200, own.len(), 0));
    assert_eq!(shop.ask("OPTIONS", "/-/attestation", &[]).status, 200);
    assert_eq!(shop.get("/-/attestation?x=1").status, 400);
    // Of another release: of the one that replaced this one, say.
    std::fs::write(&file, bundle(&"ab".repeat(32))).unwrap();
    answer((404, NONE));
    std::fs::write(&file, "{}").unwrap();
    assert_eq!(shop.get("/-/attestation").status, 500);
    assert!(text(&shop.get("/-/attestation")).contains("CP500"));
}
