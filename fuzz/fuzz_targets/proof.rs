//! Proofs of a server that lies: those of one key with bytes changed and parts of another key's proof put in. Property:
//! what is accepted is true of the release, and a row that is accepted is shown with its own values.

#![no_main]

mod cells;

use std::collections::BTreeMap;

use catalog::{Manifest, Proof, ProvedRow, ReleaseRoot, Verdict};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use reader::{Headers, RawRequest, Reader};
use serde_json::value::RawValue;
use tempfile::TempDir;

/// The keys of the table are 1 to 16.
const KEYS: i64 = 20;

/// A proof by its members, each as it was sent: a number in a document may be one that no number type holds.
type Members = BTreeMap<String, Box<RawValue>>;

#[derive(Debug, Arbitrary)]
struct Case {
    asked: u8,
    proved: u8,
    other: u8,
    /// Which members of the other key's proof are put in, by bits.
    members: u8,
    /// Where a byte becomes another one.
    bytes: Vec<(u16, u8)>,
}

fn ask(reader: &Reader, path: &str) -> Vec<u8> {
    let request = RawRequest { method: "GET", path, query: "", headers: Headers::default() };
    let response = reader.answer(&request);
    assert_eq!(response.status, 200, "{path}");
    response.body
}

thread_local! {
    static RELEASE: (Reader, TempDir, ReleaseRoot, Vec<Members>) = {
        let (reader, directory) = cells::reader();
        let manifest = Manifest::parse(&ask(&reader, "/-/manifest.json")).expect("a manifest");
        let root = ReleaseRoot::of(&manifest).expect("a root");
        let proof = |key| serde_json::from_slice(&ask(&reader, &format!("/-/proof/cells/{key}"))).expect("JSON");
        let proofs = (0..KEYS).map(proof).collect();
        (reader, directory, root, proofs)
    };
}

fn key(number: u8) -> i64 {
    i64::from(number) % KEYS
}

fuzz_target!(|case: Case| {
    RELEASE.with(|(_, _, root, proofs)| {
        let of = |number: u8| &proofs[key(number) as usize];
        let mut proof = of(case.proved).clone();
        for (bit, member) in ["table", "row", "absent"].into_iter().enumerate() {
            if case.members >> bit & 1 == 1 {
                match of(case.other).get(member) {
                    Some(value) => drop(proof.insert(member.to_owned(), value.clone())),
                    None => drop(proof.remove(member)),
                }
            }
        }
        let mut text = serde_json::to_vec(&proof).expect("JSON");
        for (place, byte) in &case.bytes {
            let place = usize::from(*place) % text.len();
            text[place] = *byte;
        }
        let asked = key(case.asked);
        let Ok(changed) = serde_json::from_slice::<Proof>(&text) else { return };
        let Ok(verdict) = changed.verify_row("cells", &asked.to_string(), None, root) else { return };
        let expected = if (1..=16).contains(&asked) { Verdict::Present } else { Verdict::Absent };
        assert_eq!(verdict, expected, "{}", String::from_utf8_lossy(&text));
        if let Some(row) = &changed.row {
            let own: ProvedRow = serde_json::from_str(proofs[asked as usize]["row"].get()).expect("a row");
            assert_eq!(row.values.get(), own.values.get());
        }
    });
});
