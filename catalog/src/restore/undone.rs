//! Changes taken back: what a row was before the first of those that are added.

use std::borrow::Cow;
use std::fmt;

use rusqlite::types::Value;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::RestoreError;
use super::stored::stored;
use crate::feed::ChangeKind;
use crate::table::Table;

/// A row before its changes, as far as they say what it was.
#[derive(Debug)]
pub struct Undone {
    /// Whether there was such a row.
    pub existed: bool,
    /// Whether no later change says more.
    pub is_whole: bool,
    /// By the columns of the table then; `None` where no change says it.
    pub values: Vec<Option<Value>>,
}

impl Undone {
    /// Nothing is known of the row, but of what kind the first thing is that happened to it. `then` is the table
    /// before that.
    pub fn before(first: ChangeKind, then: &Table) -> Self {
        let values = vec![None; then.schema.columns.len()];
        Self { existed: first != ChangeKind::Added, is_whole: false, values }
    }

    /// A row that nothing happened to.
    pub fn unchanged(then: &Table) -> Self {
        Self { existed: true, is_whole: false, values: vec![None; then.schema.columns.len()] }
    }

    /// Takes the next change back; they come oldest first. Errors: the feed is damaged.
    pub fn add(&mut self, kind: ChangeKind, values: &str, then: &Table) -> Result<(), RestoreError> {
        if self.is_whole {
            return Ok(());
        }
        if kind == ChangeKind::Added {
            self.is_whole = true;
            return Ok(());
        }
        let values: Values<'_> = serde_json::from_str(values).map_err(|error| {
            RestoreError::Damaged(format!("the values of a change are unreadable: {error}"))
        })?;
        // What came with a value had none before, unless the change says which.
        let mut came = vec![];
        let mut next = 0;
        for name in &values.new {
            if let Some(at) = self.unknown(name, then, &mut next) {
                came.push(at);
            }
        }
        next = 0;
        for (name, json) in &values.old {
            if let Some(at) = self.unknown(name, then, &mut next) {
                self.values[at] = Some(stored(json.get(), &then.schema.columns[at])?);
            }
        }
        for at in came {
            self.values[at].get_or_insert(Value::Null);
        }
        if kind == ChangeKind::Removed {
            // Nor had a removed row a value that the change does not list.
            for value in &mut self.values {
                value.get_or_insert(Value::Null);
            }
            self.is_whole = true;
        }
        Ok(())
    }

    /// The column of that name, where nothing is known of its value. Changes name columns in their order, so it is
    /// looked for at `next` first.
    fn unknown(&self, name: &str, then: &Table, next: &mut usize) -> Option<usize> {
        let columns = &then.schema.columns;
        let at = match columns.get(*next) {
            Some(column) if column.name == name => *next,
            _ => columns.iter().position(|column| column.name == name)?,
        };
        *next = at + 1;
        self.values[at].is_none().then_some(at)
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

/// A change's values by column. Of new ones only the names count.
#[derive(Default)]
struct Values<'a> {
    old: Vec<(Cow<'a, str>, &'a RawValue)>,
    new: Vec<Cow<'a, str>>,
}

#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The members of an object, in its order.
struct Members<'a, T>(Vec<(Cow<'a, str>, T)>);

impl<'de> Deserialize<'de> for Values<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Values<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the values of a change")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut values = Values::default();
                while let Some(Name(name)) = map.next_key()? {
                    match &*name {
                        "old" => values.old = map.next_value::<Members<'_, _>>()?.0,
                        "new" => {
                            let Members::<IgnoredAny>(members) = map.next_value()?;
                            values.new = members.into_iter().map(|(name, _)| name).collect();
                        }
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(values)
            }
        }
        deserializer.deserialize_map(Object)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<'de, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = Members<'de, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("values by column")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = vec![];
                while let Some(Name(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object(std::marker::PhantomData))
    }
}
