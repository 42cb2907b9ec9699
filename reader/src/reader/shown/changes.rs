//! `/-/changes/<table>`, `/-/history/<table>/<key>` and `/-/columns/<table>` as pages.

use std::time::Duration;

use catalog::Version;

use super::super::Reader;
use super::super::mementos::readable;
use crate::error::Error;
use crate::pages::{self, ChangesPage};
use crate::plan::Plan;
use crate::request::{Feed, FeedQuery, Headers};
use crate::response::{FeedRequest, ListedChanges, row_key};

impl Reader {
    /// The page of a feed; `None` for the one that feed readers read.
    pub(super) fn changes_page(
        &self,
        feed: &Feed,
        query: &FeedQuery,
        pairs: &[(String, String)],
        time: Duration,
    ) -> Result<Option<Vec<u8>>, Error> {
        let (connection, _limited) = self.release.limited(time)?;
        let (table, key) = match feed {
            Feed::Atom => return Ok(None),
            Feed::Changes(table) => (self.known_table(table)?, None),
            Feed::History { table, key } => {
                let table = self.known_table(table)?;
                let key = row_key(&table, &Plan::key(&table, key, &self.config)?)?;
                (table, Some(key))
            }
        };
        let versions = catalog::versions(connection, &table.dataset)?;
        // Where nothing is named, the newest version's rows are shown.
        let query = match (&key, &query.since, &query.cursor) {
            (None, None, None) => FeedQuery { since: before_last(&versions, &table.name), ..query.clone() },
            _ => query.clone(),
        };
        let asked = FeedRequest { feed, query: &query, pairs, headers: &Headers::default() };
        let ListedChanges { versions, changes, next } =
            ListedChanges::read(&table, key.as_deref(), &asked, connection, &self.config)?;
        let (about, _) = self.abouts(&table)?;
        Ok(Some(pages::changes(&ChangesPage {
            table: &table,
            about: &about,
            key: key.as_deref(),
            versions: &versions,
            kept: &readable(&table, &versions),
            changes: &changes,
            since: query.since.as_deref(),
            next,
            site: &self.site(Some(&table))?,
        })))
    }

    pub(super) fn columns_page(&self, name: &str) -> Result<Vec<u8>, Error> {
        let table = self.known_table(name)?;
        let (about, _) = self.abouts(&table)?;
        Ok(pages::columns(&table, &about, self.statistics(&table)?.as_ref(), &self.site(Some(&table))?))
    }
}

/// The version before the newest, unless the table's changes are kept from the newest on.
fn before_last(versions: &[Version], table: &str) -> Option<String> {
    let [.., before, last] = versions else { return None };
    let is_reset = last.tables.get(table).is_none_or(|did| did.reset);
    (!is_reset && before.name() != last.name()).then(|| before.name().to_owned())
}
