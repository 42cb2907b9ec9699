//! `attestation.json`: who built a release, as a Sigstore bundle (the project's `sigstore_bundle.proto`, in JSON) whose
//! DSSE envelope has an in-toto statement about the manifest.
//!
//! Deliberately absent: signatures. Who verifies them needs the roots of Sigstore, and has `gh attestation verify`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::manifest::Sha256Hex;

/// The type of an envelope's payload.
const STATEMENT: &str = "application/vnd.in-toto+json";

/// What the type of a bundle begins with, in each of its versions.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";

/// What types of statements begin with.
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v";

/// A bundle, as far as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The type of the statement's predicate: of a build's provenance, `https://slsa.dev/provenance/v1`.
    pub predicate_type: String,
    /// The digests of the files that it is about.
    pub subjects: Vec<Sha256Hex>,
}

/// Why a file is no attestation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttestationError {
    /// It is not a bundle.
    #[error("it is not a Sigstore bundle: {0}")]
    Bundle(String),
    /// What is signed is not a statement.
    #[error("its envelope has the type \"{0}\", not \"{STATEMENT}\"")]
    PayloadType(String),
    /// Nobody signed it.
    #[error("its envelope has no signature")]
    Unsigned,
    /// The payload is not a statement.
    #[error("its payload is not an in-toto statement: {0}")]
    Statement(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle {
    media_type: String,
    dsse_envelope: Envelope,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload: String,
    payload_type: String,
    signatures: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    #[serde(rename = "_type")]
    statement_type: String,
    subject: Vec<Subject>,
    predicate_type: String,
}

#[derive(Deserialize)]
struct Subject {
    digest: Digests,
}

#[derive(Deserialize)]
struct Digests {
    sha256: Option<Sha256Hex>,
}

impl Attestation {
    /// Reads a bundle. Errors: the bytes are no bundle, or what it signs is no statement.
    pub fn parse(bytes: &[u8]) -> Result<Self, AttestationError> {
        let Bundle { media_type, dsse_envelope: envelope } =
            serde_json::from_slice(bytes).map_err(|error| AttestationError::Bundle(error.to_string()))?;
        if !media_type.starts_with(BUNDLE) {
            return Err(AttestationError::Bundle(format!("its type is \"{media_type}\"")));
        }
        if envelope.payload_type != STATEMENT {
            return Err(AttestationError::PayloadType(envelope.payload_type));
        }
        if envelope.signatures.is_empty() {
            return Err(AttestationError::Unsigned);
        }
        let wrong = |error: &dyn std::fmt::Display| AttestationError::Statement(error.to_string());
        let payload = STANDARD.decode(&envelope.payload).map_err(|error| wrong(&error))?;
        let Statement { statement_type, subject, predicate_type } =
            serde_json::from_slice(&payload).map_err(|error| wrong(&error))?;
        if !statement_type.starts_with(STATEMENT_TYPE) {
            return Err(wrong(&format!("its type is \"{statement_type}\"")));
        }
        let subjects = subject.into_iter().filter_map(|subject| subject.digest.sha256).collect();
        Ok(Self { predicate_type, subjects })
    }

    /// Whether it is about the file with that digest.
    pub fn is_about(&self, sha256: &str) -> bool {
        self.subjects.iter().any(|subject| subject.eq_ignore_ascii_case(sha256))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// As `actions/attest-build-provenance` writes it, with shorter keys and signatures.
    fn bundle(statement: &Value) -> Value {
        json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "tlogEntries": [{
                    "logIndex": "123456789", "logId": {"keyId": "wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0="},
                    "kindVersion": {"kind": "dsse", "version": "0.0.1"}, "integratedTime": "1764264000",
                    "inclusionPromise": {"signedEntryTimestamp": "MEUCIQ=="},
                    "inclusionProof": {"logIndex": "1", "rootHash": "AA==", "treeSize": "2", "hashes": ["AA=="],
                        "checkpoint": {"envelope": "rekor.sigstore.dev - 1\n2\nAA==\n"}},
                    "canonicalizedBody": "e30=",
                }],
                "timestampVerificationData": {},
                "certificate": {"rawBytes": "MIIG"},
            },
            "dsseEnvelope": {
                "payload": STANDARD.encode(statement.to_string()),
                "payloadType": "application/vnd.in-toto+json",
                "signatures": [{"sig": "MEUCIQ=="}],
            },
        })
    }

    fn statement() -> Value {
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [
                {"name": "data.db", "digest": {"sha256": "ab".repeat(32)}},
                {"name": "manifest.json", "digest": {"sha256": "cd".repeat(32)}},
            ],
            "predicateType": "https://slsa.dev/provenance/v1",
            "predicate": {"buildDefinition": {}, "runDetails": {}},
        })
    }

    fn parsed(bundle: &Value) -> Result<Attestation, AttestationError> {
        Attestation::parse(bundle.to_string().as_bytes())
    }

    #[test]
    fn a_bundle_is_about_its_subjects() {
        let found = parsed(&bundle(&statement())).unwrap();
        assert_eq!(found.predicate_type, "https://slsa.dev/provenance/v1");
        assert!(found.is_about(&"cd".repeat(32)) && found.is_about(&"AB".repeat(32)));
        assert!(!found.is_about(&"ef".repeat(32)));
    }

    #[test]
    fn what_is_no_attestation_says_why() {
        let changed = |pointer: &str, value: Value| {
            let mut changed = bundle(&statement());
            *changed.pointer_mut(pointer).unwrap() = value;
            parsed(&changed).unwrap_err().to_string()
        };
        assert_eq!(
            changed("/mediaType", json!("text/plain")),
            "it is not a Sigstore bundle: its type is \"text/plain\""
        );
        assert_eq!(
            changed("/dsseEnvelope/payloadType", json!("text/plain")),
            "its envelope has the type \"text/plain\", not \"application/vnd.in-toto+json\""
        );
        assert_eq!(changed("/dsseEnvelope/signatures", json!([])), "its envelope has no signature");
        assert!(changed("/dsseEnvelope/payload", json!("e30=")).starts_with("its payload is not an in-toto"));
        assert!(
            changed("/dsseEnvelope", json!({})).starts_with("it is not a Sigstore bundle: missing field")
        );
        assert!(Attestation::parse(b"[]").is_err());
    }
}
