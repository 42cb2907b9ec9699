//! Whether the changes of one row follow from one another: each has to leave the values that the next one, and in the
//! end the row itself, begins with. Restoring versions reads the values before a change only; this reads those after it.

use std::collections::BTreeMap;

use catalog::{Change, ChangeKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::diff::Cell;

/// The values of a row as JSON, by column. One that is null counts as absent, as in the feed.
pub(super) type Values = BTreeMap<String, String>;

/// A change's values, as the feed has them.
#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    old: BTreeMap<String, Box<RawValue>>,
    #[serde(default)]
    new: BTreeMap<String, Box<RawValue>>,
}

/// The values of a row that the table has.
pub(super) fn values(cells: Vec<Cell>) -> Values {
    let cells = cells.into_iter().filter(|cell| cell.json != "null");
    cells.map(|cell| (cell.column.to_string(), cell.json)).collect()
}

/// The version whose change leaves other values than the row had then, or happened to a row that was not there.
/// `changes` are all of the row, the oldest first; `now` is the row, `None` if there isn't one.
pub(super) fn first_unfit(changes: &[Change], now: Option<Values>) -> Option<u64> {
    let mut after = now;
    for change in changes.iter().rev() {
        // One that is not an object is reported as such.
        let Ok(Listed { old, new }) = serde_json::from_str(&change.values) else { return None };
        after = match (change.kind, after) {
            (ChangeKind::Added, Some(row)) if old.is_empty() && without_null(&new) == row => None,
            (ChangeKind::Removed, None) if new.is_empty() => Some(without_null(&old)),
            (ChangeKind::Changed, Some(mut row)) => {
                let (old, new) = (without_null(&old), without_null(&new));
                if old.keys().chain(new.keys()).any(|column| new.get(column) != row.get(column)) {
                    return Some(change.ordinal);
                }
                row.retain(|column, _| !new.contains_key(column));
                row.extend(old);
                Some(row)
            }
            _ => return Some(change.ordinal),
        };
    }
    None
}

fn without_null(listed: &BTreeMap<String, Box<RawValue>>) -> Values {
    let values = listed.iter().map(|(column, json)| (column.clone(), json.get().to_owned()));
    values.filter(|(_, json)| json != "null").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(ordinal: u64, kind: ChangeKind, values: &str) -> Change {
        Change { ordinal, key: "1".into(), kind, values: values.into() }
    }

    #[test]
    fn each_change_leaves_what_the_next_one_begins_with() {
        let right = [
            change(1, ChangeKind::Added, r#"{"new":{"id":1,"a":null,"b":"x"}}"#),
            change(2, ChangeKind::Changed, r#"{"old":{"a":null},"new":{"a":2}}"#),
            change(3, ChangeKind::Removed, r#"{"old":{"id":1,"a":2,"b":"x"}}"#),
            change(4, ChangeKind::Added, r#"{"new":{"id":1,"b":"y"}}"#),
            // The column `b` goes, `c` comes.
            change(5, ChangeKind::Changed, r#"{"old":{"b":"y"},"new":{"c":[1, 2]}}"#),
        ];
        fn row(values: &[(&str, &str)]) -> Option<Values> {
            Some(values.iter().map(|(column, json)| ((*column).to_owned(), (*json).to_owned())).collect())
        }
        let now = row(&[("id", "1"), ("c", "[1, 2]")]);
        assert_eq!(first_unfit(&right, now.clone()), None);
        assert_eq!(first_unfit(&right[..3], None), None);
        assert_eq!(first_unfit(&right, row(&[("id", "1"), ("c", "[1,2]")])), Some(5));
        assert_eq!(first_unfit(&right, row(&[("id", "1"), ("b", "y"), ("c", "[1, 2]")])), Some(5));
        assert_eq!(first_unfit(&right, None), Some(5));
        for (at, values, unfit) in [
            (0, r#"{"new":{"id":1,"b":"z"}}"#, 1),
            (0, r#"{"new":{"id":1,"a":3,"b":"x"}}"#, 1),
            (0, r#"{"old":{"id":1},"new":{"id":1,"b":"x"}}"#, 1),
            (1, r#"{"old":{"a":null},"new":{"a":3}}"#, 2),
            (1, r#"{"old":{"a":null},"new":{}}"#, 1),
            (1, r#"{"old":{"b":"w"},"new":{"a":2}}"#, 2),
            (2, r#"{"old":{"id":1,"b":"x"}}"#, 2),
            (2, r#"{"old":{"id":1,"a":2,"b":"x"},"new":{"id":1}}"#, 3),
            (3, r#"{"new":{"id":1,"b":"y","d":0}}"#, 4),
        ] {
            let mut wrong = right.clone();
            wrong[at].values = values.into();
            assert_eq!(first_unfit(&wrong, now.clone()), Some(unfit), "{values}");
        }
    }
}
