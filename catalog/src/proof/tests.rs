//! A proof of a row that the release has is accepted; anything else is not.

use rusqlite::types::ValueRef;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::answer::{Absence, NextRow, Proof, ProvedRow, ProvedTable};
use super::{ProofError, ReleaseRoot, Verdict, row_values, table_root};
use crate::canonical::write_canonical;
use crate::digest::hex;
use crate::table::ColumnType;
use crate::tree::{Hash, leaf_hash, path, tree_root};

/// A table of three columns, in a release of three tables.
struct Release {
    rows: Vec<Vec<u8>>,
    tree: Vec<Hash>,
    table: ProvedTable,
    root: ReleaseRoot,
}

impl Release {
    /// Keys are even numbers; `salt` makes one release differ from another in each row.
    fn new(rows: u64, salt: &str) -> Self {
        Self::with_names(rows, salt, ColumnType::String, |row| format!("{salt} {row}"))
    }

    /// The column `name` is of that type, with these texts.
    fn with_names(rows: u64, salt: &str, of: ColumnType, name: impl Fn(u64) -> String) -> Self {
        let columns = vec![
            ("id".to_owned(), ColumnType::Integer),
            ("name".to_owned(), of),
            ("price".to_owned(), ColumnType::Number),
        ];
        let rows: Vec<Vec<u8>> = (0..rows).map(|row| Self::leaf(row, &name(row))).collect();
        let tree: Vec<Hash> = rows.iter().map(|row| leaf_hash(row)).collect();
        let mut table = ProvedTable {
            name: "items".into(),
            rows: rows.len() as u64,
            columns,
            key: vec!["id".into()],
            tree: hex(&tree_root(&tree)),
            index: 1,
            tables: 3,
            path: vec![],
        };
        let own = table_root(&table.name, table.rows, &table.schema(), &tree_root(&tree));
        let roots = [leaf_hash(b"a"), own, leaf_hash(salt.as_bytes())];
        table.path = path(1, &roots).into_iter().map(super::answer::PathHash).collect();
        let names = ["a", "items", "z"].map(str::to_owned).to_vec();
        let root = ReleaseRoot { root: tree_root(&roots), commit: Some(salt.into()), tables: names };
        Self { rows, tree, table, root }
    }

    fn leaf(row: u64, name: &str) -> Vec<u8> {
        let mut leaf = vec![];
        write_canonical(ValueRef::Integer(2 * row.cast_signed()), &mut leaf);
        write_canonical(ValueRef::Text(name.as_bytes()), &mut leaf);
        write_canonical(ValueRef::Real(row as f64 / 4.0), &mut leaf);
        leaf
    }

    fn row(&self, index: usize) -> ProvedRow {
        let leaf = &self.rows[index];
        let values = row_values(&self.table.columns, &crate::read_canonical(leaf).unwrap()).unwrap();
        ProvedRow::new(leaf, values, index as u64, &path(index, &self.tree))
    }

    fn proof(&self, row: Option<ProvedRow>, absent: Option<Absence>) -> Proof {
        let root = hex(&self.root.root);
        Proof { commit: self.root.commit.clone(), root, table: self.table.clone(), row, absent }
    }

    fn of(&self, index: usize) -> Proof {
        self.proof(Some(self.row(index)), None)
    }

    /// That there is no row before the one with that index.
    fn before(&self, index: usize) -> Proof {
        let before = index.checked_sub(1).map(|index| self.row(index));
        let after = (index < self.rows.len()).then(|| NextRow::new(self.row(index), before.as_ref()));
        self.proof(None, Some(Absence { before, after }))
    }

    fn verify(&self, proof: &Proof, key: &str) -> Result<Verdict, ProofError> {
        proof.verify_row("items", key, &self.root)
    }
}

#[test]
fn every_row_and_every_gap_is_proved() {
    for rows in [0, 1, 2, 3, 7, 8, 9, 40] {
        let release = Release::new(rows, "r");
        for row in 0..rows as usize {
            assert_eq!(release.verify(&release.of(row), &(2 * row).to_string()), Ok(Verdict::Present));
        }
        for row in 0..=rows as usize {
            let key = (2 * row as i64 - 1).to_string();
            assert_eq!(release.verify(&release.before(row), &key), Ok(Verdict::Absent), "{key} of {rows}");
        }
        let table = release.proof(None, None);
        assert_eq!(table.verify_table("items", &release.root), Ok(tree_root(&release.tree)));
    }
}

#[test]
fn what_is_not_proved_is_refused() {
    let (release, other) = (Release::new(9, "r"), Release::new(9, "s"));
    let refused = |proof: &Proof, key: &str, expected: ProofError| {
        assert_eq!(release.verify(proof, key), Err(expected), "{key}");
    };
    refused(&release.of(3), "8", ProofError::OtherKey);
    refused(&release.of(3), "three", ProofError::Key("three".into()));
    refused(&release.before(3), "6", ProofError::NotBetween);
    refused(&release.before(3), "9", ProofError::NotBetween);
    refused(&other.of(3), "6", ProofError::OtherRelease("commit"));
    refused(&release.proof(None, None), "6", ProofError::NoRow);
    let both = release.proof(Some(release.row(3)), release.before(3).absent);
    refused(&both, "6", ProofError::TooMuch);
    // Rows that are not neighbours, and ends that are none.
    let around = |before: Option<usize>, after: Option<usize>| {
        let before = before.map(|row| release.row(row));
        let after = after.map(|row| NextRow::new(release.row(row), before.as_ref()));
        release.proof(None, Some(Absence { before, after }))
    };
    refused(&around(Some(2), Some(4)), "6", ProofError::Gap);
    refused(&around(Some(7), None), "16", ProofError::Gap);
    refused(&around(None, Some(1)), "0", ProofError::Gap);
    refused(&around(None, None), "6", ProofError::Gap);
    let release = Release::new(9, "r");
    assert_eq!(
        release.of(3).verify_row("a", "6", &release.root),
        Err(ProofError::OtherTable("items".into()))
    );
    assert_eq!(release.of(3).verify_table("items", &release.root), Err(ProofError::TooMuch));
}

/// Parts of one release's proof in the other's.
#[test]
fn proofs_of_two_releases_never_mix() {
    let (one, other) = (Release::new(130, "r"), Release::new(130, "s"));
    let (a, b) = (json!(one.of(77)), json!(other.of(77)));
    for pointer in [
        "/row/leaf",
        "/row/path",
        "/row/values",
        "/table/tree",
        "/table/path",
        "/row",
        "/table",
        "/root",
        "/commit",
    ] {
        let mut mixed = a.clone();
        *mixed.pointer_mut(pointer).unwrap() = b.pointer(pointer).unwrap().clone();
        let mixed: Proof = serde_json::from_value(mixed).unwrap();
        assert!(one.verify(&mixed, "154").is_err(), "{pointer}");
        assert!(other.verify(&mixed, "154").is_err(), "{pointer}");
    }
}

/// 10,000 changes, each of one value anywhere in a proof: no changed proof is accepted.
#[test]
fn every_mutation_is_refused() {
    let release = Release::new(100, "r");
    let rows = (0..100).map(|row| (json!(release.of(row)), (2 * row).to_string()));
    let gaps = (0..=100).map(|row| (json!(release.before(row)), (2 * row as i64 - 1).to_string()));
    let proofs: Vec<(Value, String)> = rows.chain(gaps).collect();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..10_000 {
        let (original, key) = &proofs[random.below(proofs.len())];
        let mut places = vec![];
        leaves(original, &mut String::new(), &mut places);
        let place = &places[random.below(places.len())];
        let mut mutated = original.clone();
        let value = mutated.pointer_mut(place).unwrap();
        *value = changed(value, &mut random);
        assert_ne!(mutated, *original);
        if let Ok(proof) = serde_json::from_value::<Proof>(mutated) {
            assert!(release.verify(&proof, key).is_err(), "{place} of the proof of {key}");
        }
    }
}

/// Numbers that a parser would make infinite, or round, are those that are in the row.
#[test]
fn a_document_is_shown_digit_by_digit() {
    let (whole, other) = ("9007199254740993", "9007199254740992");
    for number in ["1e999", "2.0", whole] {
        let release = Release::with_names(3, "a", ColumnType::Any, |_| format!("[{number}]"));
        assert_eq!(release.verify(&release.of(1), "2"), Ok(Verdict::Present), "{number}");
    }
    let release = Release::with_names(3, "a", ColumnType::Any, |_| format!("[{whole}]"));
    let mut proof = release.of(1);
    let row = proof.row.as_mut().unwrap();
    row.values = RawValue::from_string(row.values.get().replace(whole, other)).unwrap();
    assert_eq!(release.verify(&proof, "2"), Err(ProofError::Values("the row")));
}

/// The places of all values that are neither objects nor lists with something in them.
fn leaves(value: &Value, place: &mut String, found: &mut Vec<String>) {
    let mut below = |name: &str, value: &Value| {
        let length = place.len();
        place.push('/');
        place.push_str(name);
        leaves(value, place, found);
        place.truncate(length);
    };
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, value)| below(name, value));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(index, value)| below(&index.to_string(), value));
        }
        _ => found.push(place.clone()),
    }
}

/// Another value of the same kind: a number nearby or anywhere, a text with one other character.
fn changed(value: &Value, random: &mut Random) -> Value {
    match value {
        Value::Number(number) => match number.as_u64() {
            Some(number) if random.below(2) == 0 => json!(number + 1 + random.below(3) as u64),
            Some(number) => json!(number ^ 1 << random.below(40)),
            None => json!(number.as_f64().unwrap_or_default() + 0.25),
        },
        Value::String(text) if !text.is_empty() => {
            let mut bytes = text.clone().into_bytes();
            let at = random.below(bytes.len());
            let digits = b"0123456789abcdefABCDEF+/";
            let other = digits[random.below(digits.len())];
            bytes[at] = if bytes[at] == other { b'-' } else { other };
            json!(String::from_utf8(bytes).unwrap())
        }
        Value::Null => json!({}),
        _ => json!("AA=="),
    }
}

/// Xorshift: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

/// What an answer takes for a table of a million rows.
#[test]
fn a_proof_of_a_million_rows_has_less_than_2_kb() {
    let release = Release::new(130, "r");
    let long = |row: &ProvedRow| {
        let path = [leaf_hash(b"x"); 20];
        ProvedRow { path: path.into_iter().map(super::answer::PathHash).collect(), ..row.clone() }
    };
    let row = long(&release.row(123));
    let proof = release.proof(Some(row.clone()), None);
    let size = serde_json::to_vec(&proof).unwrap().len();
    assert!((1024..2048).contains(&size), "{size}");
}
