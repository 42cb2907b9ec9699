//! What is asked of the change feed, which is under `/-/`: no table may be called `-`, so
//! nothing there can be a row's key.
//!
//! ```text
//! /-/changes/<table>?since=1.3.0&change=added,removed&limit=100
//! /-/history/<table>/<key>
//! /-/changes.atom
//! ```

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalog::ChangeKind;
use sha2::{Digest, Sha256};

use super::page::Page;
use super::page::repeated;
use crate::cursor;
use crate::error::{Code, Error};

/// What a path behind `/-/` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Feed {
    /// What happened to the rows of a table.
    Changes(String),
    /// What happened to one row.
    History { table: String, key: String },
    /// What versions did, for feed readers.
    Atom,
}

/// What a feed's parameters ask for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct FeedQuery {
    /// A version; what happened after it is reported.
    pub(crate) since: Option<String>,
    /// The kinds of change; `None` for all.
    pub(crate) kinds: Option<Vec<ChangeKind>>,
    pub(crate) limit: Option<u64>,
    pub(crate) cursor: Option<FeedCursor>,
}

/// The change behind which a page begins. What a version did never changes, so a cursor outlives
/// releases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedCursor {
    pub(crate) ordinal: u64,
    pub(crate) key: String,
}

impl Feed {
    /// `path` is what stands behind `/-/`.
    pub(super) fn parse(path: &str) -> Option<Self> {
        if path == "changes.atom" {
            return Some(Self::Atom);
        }
        match path.split_once('/')? {
            ("changes", table) if !table.is_empty() => Some(Self::Changes(table.to_owned())),
            ("history", row) => {
                let (table, key) = row.split_once('/').filter(|(_, key)| !key.is_empty())?;
                Some(Self::History { table: table.to_owned(), key: key.to_owned() })
            }
            _ => None,
        }
    }

    fn parameters(&self) -> &'static [&'static str] {
        match self {
            Self::Changes(_) => &["since", "change", "limit", "cursor"],
            Self::History { .. } => &["limit", "cursor"],
            Self::Atom => &[],
        }
    }

    /// What the feed's name is bound to in a cursor.
    pub(crate) fn scope(&self) -> String {
        match self {
            Self::Changes(table) => format!("changes/{table}"),
            Self::History { table, key } => format!("history/{table}/{key}"),
            Self::Atom => String::new(),
        }
    }
}

impl FeedQuery {
    pub(super) fn parse(feed: &Feed, pairs: &[(String, String)]) -> Result<Self, Error> {
        let (mut query, mut page) = (Self::default(), Page::default());
        for (name, value) in pairs {
            let taken = match name.as_str() {
                name if !feed.parameters().contains(&name) => return Err(unknown(feed, name)),
                "since" => query.since.replace(value.clone()).is_some(),
                "change" => query.kinds.replace(kinds(value)?).is_some(),
                "cursor" => query.cursor.replace(FeedCursor::parse(value, &feed.scope())?).is_some(),
                _ => {
                    page.set("limit", name, value)?;
                    false
                }
            };
            if taken {
                return Err(repeated(name));
            }
        }
        query.limit = page.limit;
        Ok(query)
    }
}

fn kinds(value: &str) -> Result<Vec<ChangeKind>, Error> {
    let named = |name: &str| {
        ChangeKind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
            Error::new(Code::UnknownVersion, format!("there is no kind of change \"{name}\""))
                .hint("change takes added, removed, changed, or several of them, separated by commas")
        })
    };
    value.split(',').map(named).collect()
}

fn unknown(feed: &Feed, name: &str) -> Error {
    let hint = match feed.parameters() {
        [] => "this path takes no query parameters".to_owned(),
        names => format!("this path takes {}", names.join(", ")),
    };
    Error::new(Code::UnknownParameter, format!("unknown query parameter \"{name}\"")).hint(hint)
}

impl FeedCursor {
    fn parse(text: &str, scope: &str) -> Result<Self, Error> {
        let invalid = || cursor::invalid("it is no cursor of this feed, or was changed");
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| invalid())?;
        let (record, check) = bytes.split_last_chunk::<6>().ok_or_else(invalid)?;
        if *check != seal(record, scope) {
            return Err(invalid());
        }
        let (ordinal, key) = record.split_first_chunk::<8>().ok_or_else(invalid)?;
        let key = String::from_utf8(key.to_vec()).map_err(|_| invalid())?;
        Ok(Self { ordinal: u64::from_le_bytes(*ordinal), key })
    }

    /// As it stands in a URL.
    pub(crate) fn to_text(&self, scope: &str) -> String {
        let mut bytes = self.ordinal.to_le_bytes().to_vec();
        bytes.extend(self.key.as_bytes());
        bytes.extend(seal(&bytes, scope));
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

fn seal(record: &[u8], scope: &str) -> [u8; 6] {
    let mut hash = Sha256::new();
    hash.update(b"coldpress feed cursor 1\n");
    hash.update(scope.as_bytes());
    hash.update([0]);
    hash.update(record);
    let hash = hash.finalize();
    std::array::from_fn(|index| hash[index])
}
