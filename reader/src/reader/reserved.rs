//! Paths under `/-/` that lead nowhere.

use catalog::similar;

use super::Reader;
use crate::error::{Code, Error};

/// What is there; a name in angle brackets stands for those of the release.
const PATHS: [&str; 18] = [
    "health",
    "manifest.json",
    "attestation",
    "openapi.json",
    "schema/<table>",
    "datapackage/<dataset>.json",
    "croissant/<dataset>.json",
    "dcat.jsonld",
    "changes/<table>",
    "changes.atom",
    "columns/<table>",
    "find/<table>",
    "html/<path>",
    "proof/<table>/<key>",
    "history/<table>/<key>",
    "versions/<dataset>",
    "timemap/<table>",
    "at/<when>/<path>",
];

impl Reader {
    /// The error of `/-/name`.
    pub(super) fn nothing_reserved(&self, name: &str) -> Error {
        let [others @ .., last] = PATHS;
        let all = format!("under /-/ are {} and {last}; / lists the names", others.join(", "));
        let hint = match self.meant_reserved(name) {
            Some(path) => format!("perhaps you meant {}/-/{path}; {all}", self.config.base_path),
            None => all,
        };
        Error::new(Code::InvalidPath, "Invalid path specified in request URL").hint(hint)
    }

    /// The path that was probably meant, as far as it is known.
    pub(super) fn meant_reserved(&self, name: &str) -> Option<String> {
        let first = |path: &'static str| path.split_once('/').map_or(path, |(first, _)| first);
        let (begin, rest) = name.split_once('/').unwrap_or((name, ""));
        let known = similar(begin, PATHS.map(first))?;
        let path = PATHS.into_iter().find(|path| first(path) == known)?;
        let names = self.table_names().ok()?;
        let (table, key) = rest.split_once('/').unwrap_or((rest, ""));
        let mut meant = path.to_owned();
        if let Some(table) = similar(table, names.iter().map(String::as_str)) {
            meant = meant.replace("<table>", table);
        }
        if !key.is_empty() {
            meant = meant.replace("<key>", key);
        }
        Some(meant).filter(|meant| meant != name)
    }
}
