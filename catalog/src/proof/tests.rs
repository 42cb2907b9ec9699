//! A proof of a row that the release has is accepted; anything else is not.

use rusqlite::types::ValueRef;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::answer::{Absence, Leaf, Path, Proof, ProvedRow, ProvedTable};
use super::{ProofError, ProvedVersion, ReleaseRoot, Verdict, row_values, table_root};
use crate::canonical::write_canonical;
use crate::digest::hex;
use crate::table::ColumnType;
use crate::tree::{Hash, leaf_hash, pair_path, path, tree_root};

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
            tree: Some(hex(&tree_root(&tree))),
            index: 1,
            tables: 3,
            path: Path::default(),
        };
        let own = table_root(&table.name, table.rows, &table.schema(), &tree_root(&tree));
        let roots = [leaf_hash(b"a"), own, leaf_hash(salt.as_bytes())];
        table.path = Path(path(1, &roots));
        let names = ["a", "items", "z"].map(str::to_owned).to_vec();
        let root =
            ReleaseRoot { root: tree_root(&roots), commit: Some(salt.into()), tables: names, history: None };
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
        let path = Path(path(index, &self.tree));
        ProvedRow { values, leaf: Leaf(leaf.clone()), index: index as u64, path }
    }

    fn proof(&self, row: Option<ProvedRow>, absent: Option<Absence>) -> Proof {
        let root = hex(&self.root.root);
        let mut table = self.table.clone();
        if row.is_some() || absent.is_some() {
            table.tree = None;
        }
        Proof { commit: self.root.commit.clone(), root, version: None, table, row, absent }
    }

    fn of(&self, index: usize) -> Proof {
        self.proof(Some(self.row(index)), None)
    }

    /// That there is no row before the one with that index.
    fn before(&self, index: usize) -> Proof {
        let before = index.checked_sub(1).map(|index| self.row(index));
        let after = (index < self.rows.len()).then(|| self.row(index));
        self.around(index, before, after)
    }

    fn around(&self, index: usize, before: Option<ProvedRow>, after: Option<ProvedRow>) -> Proof {
        let path = match (&before, &after) {
            (Some(before), Some(after)) => {
                pair_path(before.index, self.table.rows, &before.path.0, &after.path.0)
            }
            (one, other) => one.as_ref().or(other.as_ref()).map(|row| row.path.0.clone()).unwrap_or_default(),
        };
        let [before, after] = [before, after].map(|row| row.map(|row| row.leaf));
        self.proof(None, Some(Absence { index: index as u64, before, after, path: Path(path) }))
    }

    /// The same proof of a version.
    fn past(&self, mut proof: Proof) -> Proof {
        let leaves = self.history();
        proof.root = hex(&tree_root(&leaves));
        proof.version = Some(self.version());
        (proof.table.index, proof.table.tables) = (3, leaves.len() as u64);
        proof.table.path = Path(path(3, &leaves));
        proof
    }

    fn version(&self) -> ProvedVersion {
        let salt = self.root.commit.clone().unwrap_or_default();
        let version = format!("1.{}.0", salt.len());
        let commit = format!("c0ffee0{salt}");
        let date = "2025-01-02T03:04:05Z".to_owned();
        ProvedVersion { dataset: "shop".into(), version: Some(version), commit, date }
    }

    /// The leaves of a history of five tables, in which this one is the fourth.
    fn history(&self) -> Vec<Hash> {
        let tree = tree_root(&self.tree);
        let own = table_root(&self.table.name, self.table.rows, &self.table.schema(), &tree);
        let leaf = |place: u8| if place == 3 { self.version().leaf(&own) } else { leaf_hash(&[place]) };
        (0..5).map(leaf).collect()
    }

    fn verify(&self, proof: &Proof, key: &str) -> Result<Verdict, ProofError> {
        proof.verify_row("items", key, None, &self.root)
    }

    fn verify_past(&self, proof: &Proof, key: &str) -> Result<Verdict, ProofError> {
        let leaves = self.history();
        let history = Some((tree_root(&leaves), leaves.len() as u64));
        proof.verify_row(
            "items",
            key,
            self.version().version.as_deref(),
            &ReleaseRoot { history, ..self.root.clone() },
        )
    }
}

#[test]
fn every_row_and_every_gap_is_proved() {
    for rows in [0, 1, 2, 3, 7, 8, 9, 40] {
        let release = Release::new(rows, "r");
        for row in 0..rows as usize {
            let (proof, key) = (release.of(row), (2 * row).to_string());
            assert_eq!(release.verify(&proof, &key), Ok(Verdict::Present));
            assert_eq!(release.verify_past(&release.past(proof), &key), Ok(Verdict::Present));
        }
        for row in 0..=rows as usize {
            let key = (2 * row as i64 - 1).to_string();
            let proof = release.before(row);
            assert_eq!(release.verify(&proof, &key), Ok(Verdict::Absent), "{key} of {rows}");
            assert_eq!(
                release.verify_past(&release.past(proof), &key),
                Ok(Verdict::Absent),
                "{key} of {rows}"
            );
        }
        let table = release.proof(None, None);
        assert_eq!(table.verify_table("items", None, &release.root), Ok(tree_root(&release.tree)));
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
    // Rows that are not neighbours, and ends that are not the table's.
    let around = |index: usize, before: Option<usize>, after: Option<usize>| {
        let [before, after] = [before, after].map(|row| row.map(|row| release.row(row)));
        release.around(index, before, after)
    };
    refused(&around(3, Some(2), Some(4)), "6", ProofError::Table);
    refused(&around(4, Some(2), Some(4)), "6", ProofError::Path);
    refused(&around(8, Some(7), None), "16", ProofError::Gap);
    refused(&around(9, Some(7), None), "16", ProofError::Path);
    refused(&around(0, None, Some(1)), "0", ProofError::Table);
    refused(&around(1, None, Some(1)), "0", ProofError::Gap);
    refused(&around(0, None, None), "6", ProofError::Gap);
    refused(&around(0, Some(0), Some(1)), "1", ProofError::Path);
    let mut with_tree = release.of(3);
    with_tree.table.tree = release.table.tree.clone();
    refused(&with_tree, "6", ProofError::TooMuch);
    assert_eq!(
        release.of(3).verify_row("a", "6", None, &release.root),
        Err(ProofError::OtherTable("items".into()))
    );
    assert_eq!(release.of(3).verify_table("items", None, &release.root), Err(ProofError::TooMuch));
}

#[test]
fn a_version_is_the_one_that_was_asked_for() {
    let release = Release::new(9, "r");
    let (now, past) = (release.of(3), release.past(release.of(3)));
    assert_eq!(release.verify_past(&past, "6"), Ok(Verdict::Present));
    assert_eq!(release.verify_past(&now, "6"), Err(ProofError::OtherVersion(None)));
    assert_eq!(release.verify(&past, "6"), Err(ProofError::OtherVersion(Some("1.1.0".into()))));
    let at = |when: &str| past.verify_row("items", "6", Some(when), &release.root);
    for when in ["1.1.0", "shop@1.1.0", "c0ffee0", "C0FFEE0r", "shop@c0ffee0"] {
        // The manifest has no root of a history.
        assert_eq!(at(when), Err(ProofError::NoHistory), "{when}");
    }
    for when in ["1.1", "shops@1.1.0", "c0ffee", "2025-01-02", ""] {
        assert_eq!(at(when), Err(ProofError::OtherVersion(Some("1.1.0".into()))), "{when}");
    }
    let mut other = past.clone();
    other.version.as_mut().unwrap().date = "2025-01-02T03:04:06Z".into();
    assert_eq!(release.verify_past(&other, "6"), Err(ProofError::Table));
}

/// Parts of one release's proof in the other's.
#[test]
fn proofs_of_two_releases_never_mix() {
    let (one, other) = (Release::new(130, "r"), Release::new(130, "s"));
    let (a, b) = (json!(one.of(77)), json!(other.of(77)));
    for pointer in
        ["/row/leaf", "/row/path", "/row/values", "/table/path", "/row", "/table", "/root", "/commit"]
    {
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
    let now: Vec<(Value, String)> = rows.chain(gaps).collect();
    let past = (0..100).map(|row| (json!(release.past(release.of(row))), (2 * row).to_string()));
    let proofs: Vec<(Value, String)> = now.into_iter().chain(past).collect();
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
            let refused = match original.get("version") {
                Some(_) => release.verify_past(&proof, key).is_err(),
                None => release.verify(&proof, key).is_err(),
            };
            assert!(refused, "{place} of the proof of {key}");
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
    assert_eq!(release.verify(&proof, "2"), Err(ProofError::Values));
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

/// What an answer takes for a table of a million rows of three columns, in a release of three tables. The two paths to
/// the rows around a key have the less in common, the more often the first of them goes right before it goes left:
/// but for three keys in a million, 2 KB are enough.
#[test]
fn a_proof_of_a_million_rows_has_at_most_2_kb() {
    const ROWS: u64 = 1_000_000;
    let mut release = Release::new(130, "r");
    release.root.commit = Some("c0ffee".repeat(6) + "c0ff");
    release.table.rows = ROWS;
    let size = |proof: &Proof| serde_json::to_vec(proof).unwrap().len();
    let long = |index: u64| ProvedRow { index, path: Path(vec![leaf_hash(b"x"); 20]), ..release.row(123) };
    let around = |index: u64, before: Option<u64>, after: Option<u64>| {
        size(&release.around(index as usize, before.map(long), after.map(long)))
    };
    assert_eq!(size(&release.proof(Some(long(999)), None)), 1354);
    assert_eq!(around(ROWS, Some(ROWS - 1), None), 1327);
    assert_eq!(around(1001, Some(1000), Some(1001)), 1322);
    for right in 1..=19 {
        let size = around(1 << right, Some((1 << right) - 1), Some(1 << right));
        assert!(size <= if right < 18 { 2048 } else { 2136 }, "{right}: {size}");
    }
}
