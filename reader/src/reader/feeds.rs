//! Requests to the change feed.

use std::time::Duration;

use super::Reader;
use crate::error::Error;
use crate::plan::Plan;
use crate::request::Feed;
use crate::response::{FeedRequest, Response, row_key};

impl Reader {
    pub(super) fn feed(&self, asked: &FeedRequest<'_>, query_time: Duration) -> Result<Response, Error> {
        let config = &self.config;
        let (connection, _limited) = self.release.limited(query_time)?;
        match asked.feed {
            Feed::Atom => {
                let mut datasets = vec![];
                for name in catalog::dataset_names(connection)? {
                    let versions = catalog::versions(connection, &name)?;
                    datasets.push((name, versions));
                }
                Response::atom(&datasets, asked.headers, config)
            }
            Feed::Changes(table) => {
                let table = self.known_table(table)?;
                Response::changes(&table, None, asked, connection, config)
            }
            Feed::History { table, key } => {
                let table = self.known_table(table)?;
                let key = row_key(&table, &Plan::key(&table, key, config)?)?;
                Response::changes(&table, Some(&key), asked, connection, config)
            }
        }
    }
}
