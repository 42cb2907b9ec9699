//! The tables of a moment, put into the catalog of its database: then every stage finds them there.

use catalog::{Entry, Reference, Search, Table};
use rusqlite::Connection;

use super::Past;
use crate::error::{Code, Error};

impl Past {
    /// Writes the catalog of the moment into `database`, which is empty. Errors: SQLite's, and a feed that is not
    /// whole.
    pub(crate) fn write_catalog(&self, database: &Connection) -> Result<(), Error> {
        let feed = self.base.connection()?;
        catalog::create(database)?;
        let mut tables = vec![];
        for (name, _) in self.history.datasets() {
            let Some(version) = self.history.at(name, self.ordinal) else { continue };
            if let Some(dataset) = catalog::dataset(feed, name)? {
                catalog::put_dataset(database, name, version.version.as_deref(), &dataset.about)?;
            }
            for (table, then) in &version.tables {
                let Some(Entry { entry, about }) = catalog::past_table(feed, table, version.ordinal)? else {
                    return Err(Error::new(
                        Code::NotRestorable,
                        "this release has no columns of earlier versions",
                    )
                    .details("it was built before they were kept")
                    .hint("build the release again"));
                };
                let about = if about.is_empty() {
                    catalog::table_about(feed, table)?.unwrap_or(about)
                } else {
                    about
                };
                let entry = Table { rows: then.rows, digest: then.digest.clone(), ..entry };
                tables.push((entry, about));
            }
        }
        for index in 0..tables.len() {
            let keys = tables
                .iter()
                .flat_map(|(from, _)| from.schema.foreign_keys.iter().map(|key| (from.name.as_str(), key)));
            let references = Reference::all_to(&tables[index].0.name, keys);
            let (entry, about) = &mut tables[index];
            entry.referenced_by = references;
            for search in entry.search.iter_mut().chain(&mut entry.stemmed) {
                self.searches.set(self.searches.get() + 1);
                *search = Search::new(self.searches.get(), search.columns.clone(), search.language);
            }
            catalog::put_table(database, entry, about)?;
        }
        Ok(())
    }

    /// The error of a table that the moment does not have, where that is not for good: its dataset is not kept so
    /// long, or has no history.
    pub(crate) fn unkept(&self, name: &str) -> Result<Option<Error>, Error> {
        let dataset = match catalog::table(self.base.connection()?, name)? {
            Some(table) => table.dataset,
            None => match self.history.dataset_of(name) {
                Some(dataset) => dataset.to_owned(),
                None => return Ok(None),
            },
        };
        let oldest = match self.history.of(&dataset) {
            Ok(versions) => &versions[0],
            Err(error) => return Ok(Some(error)),
        };
        Ok((oldest.ordinal > self.ordinal && !oldest.first).then(|| self.history.not_kept(&dataset, oldest)))
    }
}
