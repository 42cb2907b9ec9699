//! What a path names: the release, a table, one row of it, or something of our own.
//!
//! API Gateway delivers the path percent-decoded, so a `%2F` in a key can't be distinguished from a `/`
//! there; everything behind the table's name is the key, slashes included.

use super::feed::Feed;

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// `/`
    Release,
    /// `/<table>`
    Table(String),
    /// `/<table>/<key>`
    Row {
        /// The table's name.
        table: String,
        /// The key's text.
        key: String,
    },
    /// `/-/changes/<table>` etc.
    Feed(Feed),
    /// `/-/find/<table>`: where forms ask.
    Find(String),
    /// `/-/columns/<table>`: the data dictionary, a page.
    Columns(String),
    /// `/-/proof/<table>` and `/-/proof/<table>/<key>`.
    Proof {
        /// The table's name.
        table: String,
        /// The key's text; `None` for the table as a whole.
        key: Option<String>,
    },
    /// `/-/at/<when>/<path>`: tables as they were.
    At {
        when: String,
        /// From the table's name on.
        path: String,
    },
    /// `/-/versions/<dataset>`
    Versions(String),
    /// `/-/timemap/<table>`: its versions, as links.
    TimeMap(String),
    /// `/-/<name>`: no table may be called `-`, so nothing there can shadow a key.
    Reserved(String),
}

/// The OpenAPI document, unless a table has that name.
pub(crate) const OPENAPI_FILE: &str = "openapi.json";
/// For crawlers (RFC 9309), unless a table has that name.
pub(crate) const ROBOTS: &str = "robots.txt";
/// For crawlers (sitemaps.org, 0.9), unless a table has that name.
pub(crate) const SITEMAP: &str = "sitemap.xml";

impl Target {
    /// Whether there is one form, which a client gets even if it accepts others: who asks for it knows it.
    pub(super) fn has_one_form(&self) -> bool {
        match self {
            Self::Feed(feed) => *feed == Feed::Atom,
            Self::Table(name) => matches!(name.as_str(), ROBOTS | SITEMAP),
            Self::Proof { .. } | Self::TimeMap(_) => true,
            Self::At { path, .. } => path.starts_with("-/proof/"),
            Self::Reserved(name) => {
                matches!(name.as_str(), "attestation" | "dcat.jsonld" | "manifest.json")
                    || name.starts_with("croissant/")
            }
            _ => false,
        }
    }

    /// The table whose rows, or one of them, are asked for.
    pub(crate) fn table(&self) -> Option<&str> {
        match self {
            Self::Table(table) | Self::Row { table, .. } => Some(table),
            _ => None,
        }
    }

    pub(crate) fn parse(path: &str) -> Self {
        let path = path.strip_prefix('/').unwrap_or(path);
        match path.split_once('/') {
            None if path.is_empty() => Self::Release,
            None => Self::Table(path.to_owned()),
            Some(("-", path)) if let Some(feed) = Feed::parse(path) => Self::Feed(feed),
            Some(("-", name)) if let Some(at) = name.strip_prefix("at/") => {
                let (when, path) = at.split_once('/').unwrap_or((at, ""));
                Self::At { when: when.to_owned(), path: path.to_owned() }
            }
            Some(("-", name)) => match name.strip_prefix("datapackage/") {
                // A package's paths are relative to it (Data Package v2, "path").
                Some(file) if file.ends_with(".csv") && !file.contains('/') => Self::Table(file.to_owned()),
                _ if let Some(proof) = name.strip_prefix("proof/").filter(|table| !table.is_empty()) => {
                    let (table, key) = proof.split_once('/').unwrap_or((proof, ""));
                    let key = Some(key).filter(|key| !key.is_empty()).map(str::to_owned);
                    Self::Proof { table: table.to_owned(), key }
                }
                _ => {
                    match name.split_once('/').filter(|(_, table)| !table.is_empty() && !table.contains('/'))
                    {
                        Some(("find", table)) => Self::Find(table.to_owned()),
                        Some(("columns", table)) => Self::Columns(table.to_owned()),
                        Some(("versions", dataset)) => Self::Versions(dataset.to_owned()),
                        Some(("timemap", table)) => Self::TimeMap(table.to_owned()),
                        _ => Self::Reserved(name.to_owned()),
                    }
                }
            },
            // `/products/` is the table: an empty key would be a row that nobody can want.
            Some((table, "")) => Self::Table(table.to_owned()),
            Some((table, key)) => Self::Row { table: table.to_owned(), key: key.to_owned() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Feed, Target};

    #[test]
    fn a_key_may_hold_slashes() {
        let row = |key: &str| Target::Row { table: "t".into(), key: key.into() };
        assert_eq!(Target::parse("/"), Target::Release);
        assert_eq!(Target::parse(""), Target::Release);
        assert_eq!(Target::parse("/t"), Target::Table("t".into()));
        assert_eq!(Target::parse("/t/"), Target::Table("t".into()));
        assert_eq!(Target::parse("/t/42"), row("42"));
        assert_eq!(Target::parse("/t/a/b"), row("a/b"));
        assert_eq!(Target::parse("/t//"), row("/"));
        assert_eq!(Target::parse("/t/-/x"), row("-/x"));
        assert_eq!(Target::parse("/-/schema/t"), Target::Reserved("schema/t".into()));
        assert_eq!(Target::parse("/-/datapackage/t.json"), Target::Reserved("datapackage/t.json".into()));
        assert_eq!(Target::parse("/-/find/t"), Target::Find("t".into()));
        assert_eq!(Target::parse("/-/columns/t"), Target::Columns("t".into()));
        assert_eq!(Target::parse("/-/columns/"), Target::Reserved("columns/".into()));
        assert_eq!(Target::parse("/-/datapackage/t.csv"), Target::Table("t.csv".into()));
        assert_eq!(Target::parse("/-"), Target::Table("-".into()));
        let at = |when: &str, path: &str| Target::At { when: when.into(), path: path.into() };
        assert_eq!(Target::parse("/-/at/1.4.0/t/a/b"), at("1.4.0", "t/a/b"));
        assert_eq!(Target::parse("/-/at/1.4.0"), at("1.4.0", ""));
        assert_eq!(Target::parse("/-/versions/d"), Target::Versions("d".into()));
        assert_eq!(Target::parse("/-/timemap/t"), Target::TimeMap("t".into()));
        assert_eq!(Target::parse("/t/-/changes"), row("-/changes"));
    }

    #[test]
    fn a_proof_is_of_a_row_or_of_a_table() {
        let proof = |key: Option<&str>| Target::Proof { table: "t".into(), key: key.map(str::to_owned) };
        assert_eq!(Target::parse("/-/proof/t"), proof(None));
        assert_eq!(Target::parse("/-/proof/t/"), proof(None));
        assert_eq!(Target::parse("/-/proof/t/42"), proof(Some("42")));
        assert_eq!(Target::parse("/-/proof/t/a/b"), proof(Some("a/b")));
        assert_eq!(Target::parse("/-/proof/"), Target::Reserved("proof/".into()));
        assert_eq!(Target::parse("/-/proof"), Target::Reserved("proof".into()));
    }

    #[test]
    fn a_feed_is_behind_no_table() {
        let history = Feed::History { table: "t".into(), key: "a/b".into() };
        assert_eq!(Target::parse("/-/changes.atom"), Target::Feed(Feed::Atom));
        assert_eq!(Target::parse("/-/changes/t"), Target::Feed(Feed::Changes("t".into())));
        assert_eq!(Target::parse("/-/history/t/a/b"), Target::Feed(history));
        assert_eq!(Target::parse("/-/history/t"), Target::Reserved("history/t".into()));
        assert_eq!(Target::parse("/-/changes/"), Target::Reserved("changes/".into()));
    }
}
