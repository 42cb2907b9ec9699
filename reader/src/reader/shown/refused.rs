//! Where somebody can go who was refused.

use catalog::similar;

use super::Reader;
use crate::error::{Code, Error};
use crate::pages::Way;
use crate::plan::Tables;

impl Reader {
    /// Ways on from an error at `path`: the tables that it names, or one of a similar name.
    pub(super) fn ways(&self, error: &Error, path: &str) -> Vec<Way> {
        if error.code() == Code::Release {
            return vec![];
        }
        let names = self.table_names().unwrap_or_default();
        let mut ways: Vec<Way> = vec![];
        if error.code() == Code::RemovedRow
            && let Some((table, key)) = path.trim_start_matches('/').split_once('/')
        {
            let href = self.root().path(&["-", "history", table, key]);
            ways.push(Way { href, text: "What happened to it".to_owned() });
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
}
