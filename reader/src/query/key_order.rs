//! A table's rows in the order of its key, a group of the Merkle tree at a time.

use catalog::{
    GROUP, Group, Hash, RowTree, Table, TreeWriter, compare_keys, leaf_hash, read_canonical, tree_root,
    write_canonical,
};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, params_from_iter};

use crate::error::Error;
use crate::sql::Statement;

/// A table's rows by their place in the order of the key.
pub(crate) struct KeyOrder<'a> {
    table: &'a Table,
    tree: &'a RowTree,
    connection: &'a Connection,
    /// The columns of the key.
    columns: Vec<usize>,
}

/// The rows of a group, as the bytes that its leaves are hashes of.
#[derive(Clone)]
pub(crate) struct GroupRows {
    /// The place of the first one among all rows.
    pub(crate) start: usize,
    pub(crate) rows: Vec<Vec<u8>>,
    pub(crate) leaves: Vec<Hash>,
}

/// Where a key is among all rows.
pub(crate) enum Place {
    /// The row with that place in the group has it.
    Found(GroupRows, usize),
    /// No row has it: those around it.
    Between(Option<(GroupRows, usize)>, Option<(GroupRows, usize)>),
}

impl<'a> KeyOrder<'a> {
    /// Of a table whose key has these columns.
    pub(crate) fn new(
        table: &'a Table,
        tree: &'a RowTree,
        connection: &'a Connection,
        columns: Vec<usize>,
    ) -> Self {
        Self { table, tree, connection, columns }
    }

    /// The tree over a table's rows, by the key or in the file's order: for tables whose release has none.
    pub(crate) fn grown(table: &Table, connection: &Connection) -> Result<RowTree, Error> {
        let statement = Statement::all_by_key(table);
        let mut prepared = connection.prepare(&statement.text)?;
        let mut found = prepared.query([])?;
        let (mut writer, mut first, mut bytes) = (TreeWriter::default(), vec![], vec![]);
        while let Some(row) = found.next()? {
            if writer.size().is_multiple_of(GROUP as u64) {
                first.push(row.get(0)?);
            }
            bytes.clear();
            for column in 1..=table.schema.columns.len() {
                write_canonical(row.get_ref(column)?, &mut bytes);
            }
            writer.leaf(leaf_hash(&bytes));
        }
        let groups = first.into_iter().zip(writer.finish());
        Ok(RowTree { groups: groups.map(|(rowid, hash)| Group { rowid, hash }).collect() })
    }

    /// The place of that key.
    pub(crate) fn find(&self, key: &[Value]) -> Result<Place, Error> {
        let wanted: Vec<ValueRef<'_>> = key.iter().map(ValueRef::from).collect();
        // How many groups begin at or before it.
        let (mut low, mut high) = (0, self.tree.groups.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let first = self.first_key(middle)?;
            let first: Vec<ValueRef<'_>> = first.iter().map(ValueRef::from).collect();
            if compare_keys(&first, &wanted).is_le() { low = middle + 1 } else { high = middle }
        }
        let after = |number: usize| -> Result<Option<(GroupRows, usize)>, Error> {
            match number < self.tree.groups.len() {
                true => self.group(number).map(|group| Some((group, 0))),
                false => Ok(None),
            }
        };
        let Some(number) = low.checked_sub(1) else { return Ok(Place::Between(None, after(0)?)) };
        let group = self.group(number)?;
        for index in 0..group.rows.len() {
            match compare_keys(&self.key(&group.rows[index])?, &wanted) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => return Ok(Place::Found(group, index)),
                std::cmp::Ordering::Greater => {
                    let before = index.checked_sub(1).ok_or_else(damaged)?;
                    return Ok(Place::Between(Some((group.clone(), before)), Some((group, index))));
                }
            }
        }
        let last = group.rows.len().checked_sub(1).ok_or_else(damaged)?;
        Ok(Place::Between(Some((group, last)), after(low)?))
    }

    fn key<'r>(&self, row: &'r [u8]) -> Result<Vec<ValueRef<'r>>, Error> {
        let values = read_canonical(row).ok_or_else(damaged)?;
        self.columns.iter().map(|column| values.get(*column).copied().ok_or_else(damaged)).collect()
    }

    /// The key of a group's first row.
    fn first_key(&self, number: usize) -> Result<Vec<Value>, Error> {
        let statement = Statement::key_of(self.table, self.tree.groups[number].rowid);
        let mut prepared = self.connection.prepare_cached(&statement.text)?;
        let mut rows = prepared.query(params_from_iter(&statement.values))?;
        let row = rows.next()?.ok_or_else(damaged)?;
        Ok((0..self.columns.len()).map(|column| row.get(column)).collect::<Result<_, _>>()?)
    }

    /// The rows of a group. Errors: they do not have its hash.
    fn group(&self, number: usize) -> Result<GroupRows, Error> {
        let statement = Statement::rows_from(self.table, self.first_key(number)?, GROUP);
        let mut prepared = self.connection.prepare_cached(&statement.text)?;
        let mut found = prepared.query(params_from_iter(&statement.values))?;
        let (mut rows, mut leaves) = (vec![], vec![]);
        while let Some(row) = found.next()? {
            let mut bytes = vec![];
            for column in 0..self.table.schema.columns.len() {
                write_canonical(row.get_ref(column)?, &mut bytes);
            }
            leaves.push(leaf_hash(&bytes));
            rows.push(bytes);
        }
        let Group { hash, .. } = self.tree.groups[number];
        if tree_root(&leaves) != hash {
            return Err(damaged());
        }
        Ok(GroupRows { start: number * GROUP, rows, leaves })
    }
}

fn damaged() -> Error {
    Error::release("the rows of a table are not those of its Merkle tree; `builder verify` says more")
}
