//! Tables by their names in paths.

use std::rc::Rc;

use catalog::{Table, similar};

use super::Reader;
use crate::error::{Code, Error};
use crate::plan::Tables;
use crate::request::Download;
use crate::storage::{self, NotHandled, Pages};

impl Reader {
    /// Errors: there is no table of that name.
    pub(super) fn known_table(&self, name: &str) -> Result<Rc<Table>, Error> {
        self.table(name)?.ok_or_else(|| self.unknown_table(name))
    }

    /// The table of that name, or the one that the name has with an extension.
    pub(super) fn table_or_download(&self, name: &str) -> Result<(Rc<Table>, Option<Download>), Error> {
        if let Some(table) = self.table(name)? {
            return Ok((table, None));
        }
        if let Some((name, download)) = Download::split(name)
            && let Some(table) = self.table(name)?
        {
            return Ok((table, Some(download)));
        }
        Err(self.unknown_table(name))
    }

    /// The file's pages: they have the tables of now, and nothing of then.
    pub(super) fn current_pages(&self) -> Result<&Pages, NotHandled> {
        if self.past.is_some() { Err(NotHandled) } else { Ok(self.release.pages()) }
    }

    /// The table that a foreign key names; `None` if there isn't one, or none of the moment is kept.
    pub(super) fn referred_table(&self, name: &str) -> Result<Option<Rc<Table>>, Error> {
        match self.table(name) {
            Err(error) if is_not_kept(&error) => Ok(None),
            found => found,
        }
    }

    pub(super) fn table_names(&self) -> Result<Vec<String>, Error> {
        Ok(catalog::table_names(self.release.connection()?)?)
    }

    pub(super) fn unknown_table(&self, name: &str) -> Error {
        let error =
            Error::new(Code::UnknownTable, format!("Could not find the table '{name}' in the schema cache"));
        let names = match self.table_names() {
            Ok(names) => names,
            Err(failure) => return failure,
        };
        match similar(name, names.iter().map(String::as_str)) {
            Some(known) => error.hint(format!("Perhaps you meant the table '{known}'")),
            None => error,
        }
    }
}

/// Whether an error says that what was there then can't be had.
pub(super) fn is_not_kept(error: &Error) -> bool {
    matches!(error.code(), Code::NotKept | Code::NotRestorable | Code::NoFeed)
}

impl Tables for Reader {
    fn table(&self, name: &str) -> Result<Option<Rc<Table>>, Error> {
        if let Some(table) = self.tables.borrow().get(name) {
            return Ok(Some(Rc::clone(table)));
        }
        let found = self.current_pages().and_then(|pages| storage::table(pages, name));
        let table = match found {
            Ok(table) => table,
            Err(NotHandled) => catalog::table(self.release.connection()?, name)?,
        };
        let Some(table) = table else {
            let unkept = self.past.as_ref().map_or(Ok(None), |past| past.unkept(name))?;
            return unkept.map_or(Ok(None), Err);
        };
        let table = Rc::new(table);
        self.tables.borrow_mut().insert(name.to_owned(), Rc::clone(&table));
        Ok(Some(table))
    }
}
