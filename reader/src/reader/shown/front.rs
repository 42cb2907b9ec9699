//! `/` as a page.

use catalog::Entry;
use serde_json::Value;

use super::Reader;
use crate::error::Error;
use crate::pages::{Front, FrontDataset, FrontTable, front};

impl Reader {
    pub(super) fn front_page(&self) -> Result<Vec<u8>, Error> {
        let connection = self.release.connection()?;
        let tables = catalog::tables(connection)?;
        let mut datasets = vec![];
        for name in catalog::dataset_names(connection)? {
            let Some(Entry { entry: version, about }) = catalog::dataset(connection, &name)? else {
                continue;
            };
            let mut of_it = vec![];
            for Entry { entry: table, about } in tables.iter().filter(|table| table.entry.dataset == name) {
                let is_kept = self.past.as_ref().is_none_or(|past| past.current(table).is_ok());
                of_it.push(FrontTable {
                    name: table.name.clone(),
                    rows: table.rows,
                    is_kept,
                    about: parsed(about)?,
                });
            }
            datasets.push(FrontDataset {
                changed: self.newest_version(&name)?,
                about: parsed(&about)?,
                tables: of_it,
                name,
                version,
            });
        }
        Ok(front(&Front { manifest: self.current_release().manifest()?, datasets, site: self.site(None)? }))
    }
}

/// A descriptor of the catalog.
pub(super) fn parsed(about: &str) -> Result<Value, Error> {
    serde_json::from_str(about).map_err(Error::release)
}
