//! Changes taken back: what a row was before the first of those that are added.

use std::borrow::Cow;
use std::collections::BTreeMap;

use catalog::{Change, ChangeKind, Table};
use rusqlite::types::Value;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::json::stored;
use crate::error::Error;

/// A row before its changes, as far as they say what it was.
#[derive(Debug)]
pub(super) struct Undone {
    /// Whether there was such a row.
    pub(super) existed: bool,
    /// Whether no later change says more.
    pub(super) is_whole: bool,
    /// By the columns of the table then; `None` where no change says it.
    pub(super) values: Vec<Option<Value>>,
}

/// A change's values by column.
#[derive(Deserialize)]
struct Values<'a> {
    #[serde(borrow, default)]
    old: BTreeMap<Cow<'a, str>, &'a RawValue>,
    #[serde(borrow, default)]
    new: BTreeMap<Cow<'a, str>, &'a RawValue>,
}

impl Undone {
    /// Nothing is known of the row, but that `first` is the first thing that happened to it.
    pub(super) fn before(first: &Change, table: &Table) -> Self {
        let values = vec![None; table.schema.columns.len()];
        Self { existed: first.kind != ChangeKind::Added, is_whole: false, values }
    }

    /// Takes the next change back; they come oldest first. `table` is the one of then. Errors: the feed is damaged.
    pub(super) fn add(&mut self, change: &Change, table: &Table) -> Result<(), Error> {
        if self.is_whole {
            return Ok(());
        }
        if change.kind == ChangeKind::Added {
            self.is_whole = true;
            return Ok(());
        }
        let Values { old, new } = serde_json::from_str(&change.values).map_err(Error::release)?;
        for (column, value) in table.schema.columns.iter().zip(&mut self.values) {
            if value.is_some() {
                continue;
            }
            match old.get(column.name.as_str()) {
                Some(json) => *value = Some(stored(json.get(), column)?),
                // What came with a value had none before; nor had what a removed row does not list.
                None if change.kind == ChangeKind::Removed || new.contains_key(column.name.as_str()) => {
                    *value = Some(Value::Null);
                }
                None => {}
            }
        }
        self.is_whole = change.kind == ChangeKind::Removed;
        Ok(())
    }

    /// About how much memory it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        let text = |value: &Option<Value>| match value {
            Some(Value::Text(text)) => text.len(),
            _ => 0,
        };
        self.values.iter().map(|value| size_of::<Option<Value>>() + text(value)).sum::<usize>() + 64
    }
}
