//! One row of then by its key: from the row of now and the changes of that row alone.

use catalog::{Table, Undone, converted};
use rusqlite::types::Value;

use super::Past;
use super::restored::refused;
use crate::error::Error;
use crate::query;
use crate::sql::Statement;
use crate::storage::{self, NotHandled};

impl Past {
    /// The columns of the row of `table` with that key, whose text is `text`; `None` where there was none. Errors:
    /// the rows of the table can't be restored.
    pub(crate) fn row(
        &self,
        table: &Table,
        key: &[(usize, Value)],
        text: &str,
    ) -> Result<Option<Vec<Value>>, Error> {
        let now = self.current(table)?;
        let (version, then) = self.version(table)?;
        let mut undone: Option<Undone> = None;
        if then.digest != now.digest {
            let feed = self.base.connection()?;
            for change in catalog::row_history(feed, &table.name, text, Some(version.ordinal), usize::MAX)? {
                undone
                    .get_or_insert_with(|| Undone::before(change.kind, table))
                    .add(change.kind, &change.values, table)
                    .map_err(|error| refused(error, &table.name))?;
            }
        }
        match undone {
            Some(undone) if !undone.existed => Ok(None),
            Some(undone) if undone.is_whole => Ok(Some(filled(undone, |_| Ok(Value::Null))?)),
            undone => {
                let Some(current) = self.current_row(table, &now, key)? else {
                    return match undone {
                        None => Ok(None),
                        Some(_) => Err(Error::release("the change feed has a row that the table has not")),
                    };
                };
                let place = |name: &str| now.schema.columns.iter().position(|column| column.name == name);
                let value = |index: usize| {
                    let column = &table.schema.columns[index];
                    match place(&column.name) {
                        Some(at) => converted((&current[at]).into(), &now.schema.columns[at], column)
                            .map_err(|error| refused(error, &table.name)),
                        None => Ok(Value::Null),
                    }
                };
                Ok(Some(filled(undone.unwrap_or_else(|| Undone::unchanged(table)), value)?))
            }
        }
    }

    /// The row of now with that key of then.
    fn current_row(
        &self,
        then: &Table,
        now: &Table,
        key: &[(usize, Value)],
    ) -> Result<Option<Vec<Value>>, Error> {
        let mut of_now = Vec::with_capacity(key.len());
        for (index, value) in key {
            let name = &then.schema.columns[*index].name;
            let place = now.schema.columns.iter().position(|column| column.name == *name);
            of_now.push((place.ok_or_else(|| Error::release("a key's column is gone"))?, value.clone()));
        }
        let columns = 0..now.schema.columns.len();
        match storage::row(self.base.pages(), now, &of_now) {
            Ok(None) => Ok(None),
            Ok(Some(row)) => columns
                .map(|index| {
                    let value =
                        row.get(index, now).map_err(|NotHandled| Error::release("a row can't be read"))?;
                    Value::try_from(value).map_err(Error::release)
                })
                .collect::<Result<_, _>>()
                .map(Some),
            Err(NotHandled) => query::one(&Statement::row(now, &of_now), self.base.connection()?, |row| {
                columns.map(|index| Value::try_from(row.get(index)?).map_err(Error::release)).collect()
            }),
        }
    }
}

/// The values of a row, with those that no change says from `value`.
fn filled(undone: Undone, value: impl Fn(usize) -> Result<Value, Error>) -> Result<Vec<Value>, Error> {
    let values = undone.values.into_iter().enumerate();
    values.map(|(index, known)| known.map_or_else(|| value(index), Ok)).collect()
}
