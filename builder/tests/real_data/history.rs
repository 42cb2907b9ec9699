//! The change feed over revisions that others made.

use std::collections::BTreeMap;
use std::path::Path;

use catalog::{Change, ChangeKind, Version};
use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::repository::Repository;
use crate::workspace::without_control_characters;

/// Rows by key, as the API shows them.
type Rows = BTreeMap<String, Map<String, Value>>;

/// Real revisions of a real dataset, each a commit, with a version and a key that it lacks.
pub(crate) fn currency_codes(revisions: &Path) {
    let mut dates: Vec<String> = std::fs::read_dir(revisions)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    dates.sort();
    assert_eq!((dates.len(), dates[6].as_str()), (14, "2024-10-21"));
    let repository = Repository::new();
    let (mut version, mut expected) = (0, vec![]);
    for date in &dates {
        let csv = std::fs::read_to_string(revisions.join(date).join("codes-all.csv")).unwrap();
        let rows = by_key(&csv);
        let against = !expected.is_empty();
        if rows.is_some() {
            version += 1;
        }
        repository.write("datasets/currency-codes/codes-all.csv", &csv);
        repository.write(
            "datasets/currency-codes/datapackage.json",
            format!(
                r#"{{
  "name": "currency-codes",
  "version": "1.{version}.0",
  "resources": [
    {{
      "name": "codes-all",
      "path": "codes-all.csv",
      "schema": {{
        "fields": [
          {{"name": "Entity"}}, {{"name": "Currency"}}, {{"name": "AlphabeticCode"}}, {{"name": "NumericCode"}},
          {{"name": "MinorUnit"}}, {{"name": "WithdrawalDate"}}
        ],
        "missingValues": [],
        "primaryKey": ["Entity", "Currency", "AlphabeticCode"]
      }}
    }}
  ]
}}
"#
            ),
        );
        if against {
            let ran = repository.run(&["check", "--against", "HEAD", "-q"]);
            let stopped = "datasets/currency-codes/codes-all.csv: [rows-lost] table `codes-all` loses 445 of 445 \
                           rows (100 %), more than 20 %\n  help: if this is intended, use `--allow-shrink codes-all`\n";
            let found = without_control_characters(&ran.stdout);
            assert_eq!(found, if date == "2024-10-21" { stopped } else { "" }, "{date}");
        }
        repository.commit_at(date, &format!("{date}T00:00:00Z"));
        if let Some(rows) = rows {
            expected.push((format!("1.{version}.0"), date.clone(), rows));
        }
    }
    // Both revisions before 2017 have rows without all of their cells.
    assert_eq!(expected.len(), 12);
    let ran = repository.run(&["build"]);
    let notes: Vec<&str> = ran.stderr.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!((notes.len(), ran.code), (2, Some(0)), "{}", ran.stderr);
    repository.run(&["verify", "dist", "-q"]).is(0, "", "");
    let connection = Connection::open(repository.path("dist/data.db")).unwrap();
    let versions = catalog::versions(&connection, "currency-codes").unwrap();
    let named: Vec<(String, String)> = versions
        .iter()
        .map(|version| (version.version.clone().unwrap(), version.date[..10].to_owned()))
        .collect();
    let wanted: Vec<(String, String)> =
        expected.iter().map(|(version, date, _)| (version.clone(), date.clone())).collect();
    assert_eq!(named, wanted);
    // From the newest rows back to the oldest, and forth again.
    let mut rows = expected.last().unwrap().2.clone();
    for (index, version) in versions.iter().enumerate().rev() {
        assert_eq!(rows, expected[index].2, "{}", version.date);
        changes_of(&connection, version).iter().for_each(|change| undo(&mut rows, change));
    }
    for (index, version) in versions.iter().enumerate() {
        changes_of(&connection, version).iter().for_each(|change| apply(&mut rows, change));
        assert_eq!(rows, expected[index].2, "{}", version.date);
    }
    // And the diffs say the same as a comparison of the files.
    for index in 1..expected.len() {
        let [old, new] = [index - 1, index].map(|index| &expected[index].2);
        let table = &versions[index].tables["codes-all"];
        let added = new.keys().filter(|key| !old.contains_key(*key)).count();
        let removed = old.keys().filter(|key| !new.contains_key(*key)).count();
        let changed = new.iter().filter(|(key, row)| old.get(*key).is_some_and(|old| old != *row)).count();
        assert_eq!(
            [table.added, table.removed, table.changed],
            [added as u64, removed as u64, changed as u64],
            "{}",
            expected[index].1
        );
    }
}

fn changes_of(connection: &Connection, version: &Version) -> Vec<Change> {
    let mut all =
        catalog::changes_since(connection, "codes-all", version.ordinal - 1, None, usize::MAX).unwrap();
    all.retain(|change| change.ordinal == version.ordinal);
    all
}

fn undo(rows: &mut Rows, change: &Change) {
    let values: Value = serde_json::from_str(&change.values).unwrap();
    match change.kind {
        ChangeKind::Added => assert_eq!(rows.remove(&change.key).as_ref(), values["new"].as_object()),
        ChangeKind::Removed => {
            assert!(rows.insert(change.key.clone(), values["old"].as_object().unwrap().clone()).is_none());
        }
        ChangeKind::Changed => {
            rows.get_mut(&change.key).unwrap().extend(values["old"].as_object().unwrap().clone())
        }
    }
}

fn apply(rows: &mut Rows, change: &Change) {
    let values: Value = serde_json::from_str(&change.values).unwrap();
    match change.kind {
        ChangeKind::Removed => assert_eq!(rows.remove(&change.key).as_ref(), values["old"].as_object()),
        ChangeKind::Added => {
            assert!(rows.insert(change.key.clone(), values["new"].as_object().unwrap().clone()).is_none());
        }
        ChangeKind::Changed => {
            rows.get_mut(&change.key).unwrap().extend(values["new"].as_object().unwrap().clone())
        }
    }
}

/// The rows of the file as another reader of CSV sees them; `None` where cells are missing.
fn by_key(csv: &str) -> Option<Rows> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut rows = Rows::new();
    for record in reader.records() {
        let record = record.ok()?;
        let part = |index: usize| {
            let part = &record[index];
            let quoted = part.contains(',') || part.starts_with('"');
            if quoted {
                format!("\"{}\"", part.replace('\\', "\\\\").replace('"', "\\\""))
            } else {
                part.to_owned()
            }
        };
        let cells = header.iter().zip(&record).map(|(name, cell)| (name.to_owned(), Value::from(cell)));
        rows.insert([part(0), part(1), part(2)].join(","), cells.collect());
    }
    Some(rows)
}
