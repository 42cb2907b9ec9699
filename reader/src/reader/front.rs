//! What the release and the process say of themselves: `GET /` and `/-/health`.

use super::Reader;
use crate::error::Error;
use crate::request::RawRequest;
use crate::response::{ETag, Response, release_json};

/// What under `/-/` says how the process is.
pub(super) const HEALTH: &str = "health";

/// The answer to `GET /`.
#[derive(Debug)]
pub(super) struct Front {
    body: Vec<u8>,
    etag: ETag,
}

impl Reader {
    pub(super) fn front(&self, raw: &RawRequest<'_>) -> Result<Response, Error> {
        let front = match self.front.get() {
            Some(front) => front,
            None => {
                let front = self.read_front()?;
                self.front.get_or_init(|| front)
            }
        };
        if let Some(held) = front.etag.held(&raw.headers) {
            return Ok(Response::not_modified(&held, &self.config));
        }
        Response::json(front.body.clone(), &front.etag, &raw.headers, &self.config)
            .map(|response| response.described(&self.config))
    }

    pub(super) fn health(&self) -> Result<Response, Error> {
        let body = self.health.to_json(self.release.manifest()?).map_err(Error::release)?;
        Ok(Response::momentary(body))
    }

    fn read_front(&self) -> Result<Front, Error> {
        let connection = self.release.connection()?;
        let manifest = self.release.manifest()?;
        let mut datasets = vec![];
        for name in catalog::dataset_names(connection)? {
            if let Some(dataset) = catalog::dataset(connection, &name)? {
                datasets.push((name, dataset.about));
            }
        }
        let tables = catalog::tables(connection)?;
        let body =
            release_json(manifest, &datasets, &tables, &self.config.base_path).map_err(Error::release)?;
        Ok(Front { etag: ETag::release(&manifest.to_bytes()), body })
    }
}
