//! Where somebody can go who was refused.

use catalog::similar;

use super::super::mementos::readable;
use super::Reader;
use crate::error::{Code, Error};
use crate::pages::Way;
use crate::plan::{Plan, Tables};
use crate::request::Target;
use crate::response::row_key;

impl Reader {
    /// Ways on from an error at `path`: the tables that it names, or one of a similar name.
    pub(super) fn ways(&self, error: &Error, path: &str) -> Vec<Way> {
        if error.code() == Code::Release {
            return vec![];
        }
        if let Target::At { path, .. } = Target::parse(path) {
            return self.ways_of_then(&path);
        }
        let names = self.table_names().unwrap_or_default();
        let mut ways: Vec<Way> = vec![];
        if error.code() == Code::RemovedRow
            && let Some((table, key)) = path.trim_start_matches('/').split_once('/')
        {
            let href = self.root().path(&["-", "history", table, key]);
            ways.push(Way { href, text: "What happened to it".to_owned() });
            ways.extend(self.last_seen(table, key).unwrap_or_default());
        }
        let meant = path.strip_prefix("/-/").filter(|_| error.code() == Code::InvalidPath);
        if let Some(meant) =
            meant.and_then(|name| self.meant_reserved(name)).filter(|meant| !meant.contains('<'))
        {
            let parts: Vec<_> = std::iter::once("-").chain(meant.split('/')).collect();
            ways.push(Way { href: self.root().path(&parts), text: format!("/-/{meant}") });
        }
        for part in path.split('/').filter(|part| !part.is_empty() && *part != "-") {
            let known = match self.table(part) {
                Ok(Some(_)) => Some(part),
                _ => similar(part, names.iter().map(String::as_str)),
            };
            let Some(known) = known else { continue };
            let href = self.root().path(&[known]);
            if !ways.iter().any(|way| way.href == href) {
                ways.push(Way { href, text: format!("The table {known}") });
            }
        }
        ways
    }

    /// Ways on from `path` as of then: the table as it is now, and its versions.
    fn ways_of_then(&self, path: &str) -> Vec<Way> {
        let Some(name) = path.split('/').find(|part| matches!(self.table(part), Ok(Some(_)))) else {
            return vec![];
        };
        let root = self.root();
        let (now, versions) = (root.path(&[name]), root.path(&["-", "changes", name]));
        vec![
            Way { href: now, text: format!("The table {name} as it is now") },
            Way { href: versions, text: "Its versions".to_owned() },
        ]
    }

    /// The removed row as of the last version that had it.
    fn last_seen(&self, table: &str, key: &str) -> Result<Option<Way>, Error> {
        let table = self.known_table(table)?;
        let text = row_key(&table, &Plan::key(&table, key, &self.config)?)?;
        let connection = self.release.connection()?;
        let versions = catalog::versions(connection, &table.dataset)?;
        let Some((removed, _)) = catalog::last_change(connection, &table.name, &text)? else {
            return Ok(None);
        };
        let readable = readable(&table, &versions);
        let before = versions.iter().rev().find(|version| version.ordinal < removed);
        Ok(before.filter(|before| readable.contains(&before.ordinal)).map(|before| {
            let at = catalog::version_address(&versions, before);
            Way {
                href: self.root().path(&["-", "at", at, &table.name, &text]),
                text: format!("The row as of {at}, when it was last there"),
            }
        }))
    }
}
