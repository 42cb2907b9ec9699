//! The API in a form that programs know: OpenAPI.
//!
//! The JSON Schemas in it are those that the builder stored in the release; the rest says what this
//! reader takes and answers, with the limits of its deployment. Nothing here is on the way of a row:
//! it runs when the document is asked for.

mod document;
mod feeds;
mod openapi;
mod parameters;
mod past;
mod proofs;
mod responses;
mod row_schema;

use catalog::{Entry, Manifest, Table, Version};
use serde_json::Value;

pub(crate) use row_schema::RowSchema;

use crate::config::Config;

/// What is to be described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Description<'a> {
    /// The API: OpenAPI 3.1.
    Api,
    /// The rows of a table: JSON Schema 2020-12.
    Table(&'a str),
    /// A dataset: a Data Package v2, with its tables as CSV beside it.
    Dataset(&'a str),
    /// A dataset: Croissant 1.0.
    Croissant(&'a str),
    /// All datasets: DCAT 3.
    Dcat,
}

impl<'a> Description<'a> {
    /// The description under `/-/`, or `None` where nothing has that name.
    pub(crate) fn named(name: &'a str) -> Option<Self> {
        match name {
            "openapi.json" => return Some(Self::Api),
            "dcat.jsonld" => return Some(Self::Dcat),
            _ => {}
        }
        if let Some(table) = name.strip_prefix("schema/") {
            return Some(Self::Table(table));
        }
        if let Some(dataset) = name.strip_prefix("croissant/") {
            return Some(Self::Croissant(dataset.strip_suffix(".json")?));
        }
        Some(Self::Dataset(name.strip_prefix("datapackage/")?.strip_suffix(".json")?))
    }
}

/// What descriptions are written from.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    pub(crate) manifest: &'a Manifest,
    pub(crate) datasets: &'a [(String, Entry<Option<String>>)],
    pub(crate) tables: &'a [Entry<Table>],
    /// What the builder stored of each table's rows.
    pub(crate) schemas: &'a [RowSchema],
    /// The first row of each table that has one, as an object.
    pub(crate) examples: &'a [Option<Value>],
    /// The versions of each dataset; none where there is no change feed.
    pub(crate) versions: &'a [Vec<Version>],
    /// The first change of each table that has one.
    pub(crate) changes: &'a [Option<Value>],
    pub(crate) config: &'a Config,
}

/// The OpenAPI document. Errors: a descriptor in the catalog is no JSON.
pub(crate) fn api(source: &Source<'_>) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec_pretty(&openapi::document(source)?)
}
