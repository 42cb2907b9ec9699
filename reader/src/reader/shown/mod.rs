//! Requests for pages: what is read for one, through the same stages as data for programs.

mod front;
mod refused;

use std::time::Duration;

use super::Reader;
use crate::config::Verbosity;
use crate::error::{Code, Error};
use crate::pages::{self, Site};
use crate::request::{Headers, RawRequest, Request, Target, page_path};
use crate::response::Response;

impl Reader {
    /// The page that is asked for; `None` where data is, or where there is no page of it.
    pub(super) fn shown(&self, raw: &RawRequest<'_>, _time: Duration) -> Result<Option<Response>, Error> {
        let Some((path, fixed)) = page_path(raw) else { return Ok(None) };
        let headers = Headers { accept: None, ..raw.headers.clone() };
        let plain = RawRequest { method: raw.method, path, query: raw.query, headers };
        let Request { target, .. } = Request::parse(&plain).map_err(|error| self.guessed(error, &plain))?;
        let body = match &target {
            Target::Release => self.front_page()?,
            _ if fixed => return Err(no_page(path)),
            _ => return Ok(None),
        };
        Response::html(self.with_base(body), &plain.headers, &self.config).map(Some)
    }

    /// What is on every page. Errors: the release can't be read.
    fn site(&self) -> Result<Site<'_>, Error> {
        let manifest = self.release.manifest()?;
        let connection = self.release.connection()?;
        let mut has_feed = false;
        for dataset in &manifest.datasets {
            has_feed = has_feed || !catalog::versions(connection, &dataset.name)?.is_empty();
        }
        Ok(Site { commit: manifest.commit.as_deref(), sha256: &manifest.database.sha256, has_feed })
    }

    /// The error as its client can read it.
    pub(super) fn refused(&self, error: &Error, raw: &RawRequest<'_>) -> Response {
        let path = self.config.below_base(raw.path).unwrap_or(raw.path);
        let below = RawRequest { method: raw.method, path, query: raw.query, headers: raw.headers.clone() };
        if page_path(&below).is_none() {
            return Response::error(error);
        }
        let error = &match self.config.error_verbosity {
            Verbosity::Verbose => error.clone(),
            Verbosity::Minimal => error.minimal(),
        };
        // An error of the release itself says nothing of it, and needs nothing of it.
        let site = (error.code() != Code::Release).then(|| self.site().ok()).flatten();
        let body = pages::error(error, &self.ways(error, path), site.as_ref());
        Response::error(error).into_html(self.with_base(body))
    }

    /// The page with its addresses under the base path. In text a quotation mark is escaped, so only attributes
    /// begin with one.
    fn with_base(&self, page: Vec<u8>) -> Vec<u8> {
        match self.config.base_path.as_str() {
            "" => page,
            base => match String::from_utf8(page) {
                Ok(page) => page.replace("=\"/", &format!("=\"{base}/")).into_bytes(),
                Err(error) => error.into_bytes(),
            },
        }
    }
}

fn no_page(path: &str) -> Error {
    Error::new(Code::InvalidPath, "there is no page of this").hint(format!("ask at {path}, without /-/html"))
}
