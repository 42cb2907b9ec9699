//! Values as cells of CSV.

use catalog::{Storage, write_csv};
use rusqlite::types::ValueRef;

use crate::error::Error;
use crate::sql::Kind;

pub(super) use catalog::write_csv_cell as cell;

pub(super) fn value(value: ValueRef<'_>, kind: Kind, out: &mut Vec<u8>) -> Result<(), Error> {
    let storage = if kind == Kind::Boolean { Storage::Boolean } else { Storage::Text };
    write_csv(value, storage, out).map_err(Error::release)
}

/// JSON in a cell; its null is no value.
pub(super) fn json(json: &[u8], out: &mut Vec<u8>) {
    if json != b"null" {
        cell(json, out);
    }
}
