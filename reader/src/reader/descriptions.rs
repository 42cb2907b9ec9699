//! Requests for descriptions, and what these are written from.

use super::file::Begun;
use catalog::{ADDRESS, CATALOG, DocumentKind, document};
use serde_json::Value;

use super::Reader;
use crate::describe::{self, Description, RowSchema};
use crate::error::Error;
use crate::plan::Tables;
use crate::request::{Headers, OPENAPI, RawRequest, no_parameters};
use crate::response::Response;

impl Reader {
    pub(super) fn description(
        &self,
        description: Option<Description<'_>>,
        raw: &RawRequest<'_>,
    ) -> Result<Response, Error> {
        let nothing = || self.nothing_reserved(raw.path.strip_prefix("/-/").unwrap_or_default());
        let connection = self.release.connection()?;
        let body = match description.ok_or_else(nothing)? {
            _ if raw.method == "OPTIONS" => return Ok(Response::options()),
            Description::Api => match self.api.get() {
                Some(api) => api.clone(),
                None => {
                    let api = self.read_api()?;
                    self.api.get_or_init(|| api).clone()
                }
            },
            Description::Table(name) => match document(connection, DocumentKind::RowSchema, name)? {
                Some(schema) => self.at_base(schema).into_bytes(),
                None if self.table(name)?.is_some() => return Err(not_stored("JSON Schema", name)),
                None => return Err(self.unknown_table(name)),
            },
            Description::Dataset(name) => match document(connection, DocumentKind::DataPackage, name)? {
                Some(package) => package.into_bytes(),
                None if catalog::dataset(connection, name)?.is_some() => {
                    return Err(not_stored("Data Package", name));
                }
                None => return Err(nothing()),
            },
            Description::Croissant(name) => match document(connection, DocumentKind::Croissant, name)? {
                Some(document) => self.with_addresses(&document, "../.."),
                // Releases of earlier versions have none.
                None => return Err(nothing()),
            },
            Description::Dcat => match document(connection, DocumentKind::Dcat, CATALOG)? {
                Some(document) => self.with_addresses(&document, ".."),
                None => return Err(nothing()),
            },
        };
        Response::document(body, &raw.headers, &self.config)
    }

    /// The document with this server's address; where that is not configured, with addresses from its own on.
    fn with_addresses(&self, document: &str, up: &str) -> Vec<u8> {
        let root = self.address().unwrap_or_else(|| up.to_owned());
        document.replace(&format!("\"{ADDRESS}"), &format!("\"{root}/")).into_bytes()
    }

    /// The OpenAPI document under its own media type.
    pub(super) fn openapi(&self, raw: &RawRequest<'_>) -> Result<Response, Error> {
        if let Some(name) = raw.query.split(['&', '=']).find(|name| !name.is_empty()) {
            return Err(no_parameters(name));
        }
        let headers = Headers { accept: None, ..raw.headers.clone() };
        let plain = RawRequest { method: raw.method, path: raw.path, query: "", headers };
        Ok(self.description(Some(Description::Api), &plain)?.of_type(OPENAPI))
    }

    /// The JSON Schema with its address under the base path.
    fn at_base(&self, schema: String) -> String {
        const ID: &str = "\"$id\": \"/-/schema/";
        match self.config.base_path.as_str() {
            "" => schema,
            base => schema.replacen(ID, &ID.replacen("/-/", &format!("{base}/-/"), 1), 1),
        }
    }

    fn read_api(&self) -> Result<Vec<u8>, Error> {
        let connection = self.release.connection()?;
        let tables = catalog::tables(connection)?;
        let (mut datasets, mut versions) = (vec![], vec![]);
        for name in catalog::dataset_names(connection)? {
            if let Some(dataset) = catalog::dataset(connection, &name)? {
                versions.push(catalog::versions(connection, &name)?);
                datasets.push((name, dataset));
            }
        }
        let schemas = tables.iter().map(|table| {
            let name = &table.entry.name;
            let schema = document(connection, DocumentKind::RowSchema, name)?;
            RowSchema::parse(&schema.ok_or_else(|| not_stored("JSON Schema", name))?).map_err(Error::release)
        });
        let schemas = schemas.collect::<Result<Vec<_>, _>>()?;
        let first = |of: &str| -> Vec<_> {
            tables.iter().map(|table| self.first(&format!("{of}{}", table.entry.name))).collect()
        };
        describe::api(&describe::Source {
            manifest: self.release.manifest()?,
            datasets: &datasets,
            tables: &tables,
            schemas: &schemas,
            examples: &first("/"),
            versions: &versions,
            changes: &first("/-/changes/"),
            config: &self.config,
        })
        .map_err(Error::release)
    }

    /// The first item of a list, where it is small enough to be shown as an example.
    fn first(&self, path: &str) -> Option<Value> {
        let first = RawRequest { method: "GET", path, query: "limit=1", headers: Headers::default() };
        let Begun::Response(Response { body, .. }) = self.begin_below(&first, None).ok()? else {
            return None;
        };
        let items: Vec<Value> = serde_json::from_slice(&body).ok().filter(|_| body.len() <= 4096)?;
        items.into_iter().next()
    }
}

/// Builders store it; the first ones did not.
fn not_stored(what: &str, name: &str) -> Error {
    Error::release(format!("the release has no {what} of {name:?}; build it again"))
}
