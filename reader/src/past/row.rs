//! One row of then by its key: from the row of now and the changes of that row alone.

use catalog::{Table, Undone, converted};
use rusqlite::types::Value;

use super::Past;
use super::restored::refused;
use crate::error::Error;
use crate::query;
use crate::sql::Statement;
use crate::storage::{self, FoundRow, NotHandled};

impl Past {
    /// The columns of the row of `table` with that key, whose text is `text`; `None` if there wasn't one. Errors:
    /// the rows of the table can't be restored.
    pub(crate) fn row(
        &self,
        table: &Table,
        key: &[(usize, Value)],
        text: &str,
    ) -> Result<Option<Vec<Value>>, Error> {
        let now = self.current(table)?;
        let undone = self.undone(table, &now, text)?;
        if undone.as_ref().is_some_and(|undone| !undone.existed) {
            return Ok(None);
        }
        let current = match undone.as_ref().is_some_and(|undone| undone.is_whole) {
            true => vec![],
            false => match self.current_row(table, &now, key)? {
                Some(current) => current,
                None if undone.is_none() => return Ok(None),
                None => return Err(Error::release("the change feed has a row that the table has not")),
            },
        };
        self.row_before(undone, &current, &Columns::of(table, &now)).map(Some)
    }

    /// The changes of the row with that key since then, taken back; `None` where there are none.
    pub(super) fn undone(&self, table: &Table, now: &Table, key: &str) -> Result<Option<Undone>, Error> {
        let (version, then) = self.version(table)?;
        if then.digest == now.digest {
            return Ok(None);
        }
        let feed = self.base.connection()?;
        let mut undone: Option<Undone> = None;
        for change in catalog::row_history(feed, &table.name, key, Some(version.ordinal), usize::MAX)? {
            undone
                .get_or_insert_with(|| Undone::before(change.kind, table))
                .add(change.kind, &change.values, table)
                .map_err(|error| refused(error, &table.name))?;
        }
        Ok(undone)
    }

    /// The row before its changes were made, by the columns of then: what no change says, `current` has, which is the
    /// row of now.
    pub(super) fn row_before(
        &self,
        undone: Option<Undone>,
        current: &[Value],
        columns: &Columns<'_>,
    ) -> Result<Vec<Value>, Error> {
        let (then, now) = (columns.then, columns.now);
        let undone = undone.unwrap_or_else(|| Undone::unchanged(then));
        let is_whole = undone.is_whole;
        let value = |(index, known): (usize, Option<Value>)| match (known, columns.places[index]) {
            (Some(known), _) => Ok(known),
            (None, Some(at)) if !is_whole => {
                converted((&current[at]).into(), &now.schema.columns[at], &then.schema.columns[index])
                    .map_err(|error| refused(error, &then.name))
            }
            (None, _) => Ok(Value::Null),
        };
        undone.values.into_iter().enumerate().map(value).collect()
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
        match storage::row(self.base.pages(), now, &of_now) {
            Ok(None) => Ok(None),
            Ok(Some(row)) => {
                values(&row, now).map(Some).map_err(|NotHandled| Error::release("a row can't be read"))
            }
            Err(NotHandled) => query::one(&Statement::row(now, &of_now), self.base.connection()?, |row| {
                let columns = 0..now.schema.columns.len();
                columns.map(|index| Value::try_from(row.get(index)?).map_err(Error::release)).collect()
            }),
        }
    }
}

/// The columns of a row of `table`.
pub(super) fn values(row: &FoundRow, table: &Table) -> Result<Vec<Value>, NotHandled> {
    let columns = 0..table.schema.columns.len();
    columns.map(|index| Value::try_from(row.get(index, table)?).map_err(|_| NotHandled)).collect()
}

/// Where the columns of then are among those of now.
pub(super) struct Columns<'a> {
    then: &'a Table,
    now: &'a Table,
    places: Vec<Option<usize>>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(then: &'a Table, now: &'a Table) -> Self {
        let place = |name: &str| now.schema.columns.iter().position(|column| column.name == name);
        let places = then.schema.columns.iter().map(|column| place(&column.name)).collect();
        Self { then, now, places }
    }
}
