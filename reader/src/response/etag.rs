//! Entity tags: from the content digests of what an answer shows and the request's meaning, so a
//! release that changes one table leaves the cached answers of all others valid.

use catalog::{Manifest, Table};
use sha2::{Digest, Sha256};

use super::content_coding::tag;
use super::page::PageRequest;
use crate::config::Config;
use crate::pages::SOURCES;
use crate::plan::Node;
use crate::request::{Coding, Format, Headers};

/// A strong entity tag (RFC 9110, section 8.8.3), quotes included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ETag(String);

/// Raised when the same rows are written in another way than before.
const REPRESENTATION: &[u8] = b"coldpress representation 1\n";

impl ETag {
    /// Of a page of rows. What it says depends on the tables that it touches, on the question,
    /// and on the maxima that a deployment sets.
    pub(crate) fn rows(root: &Node, asked: &PageRequest<'_>, config: &Config) -> Self {
        let mut hash = Sha256::new();
        hash.update(REPRESENTATION);
        root.digests(&mut |digest| hash.update(digest.as_bytes()));
        for part in
            [asked.canonical, asked.format.content_type(), asked.preferences.count.unwrap_or_default()]
        {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        for number in [root.limit.unwrap_or(u64::MAX), root.offset, config.max_limit, config.max_bytes as u64]
        {
            hash.update(number.to_le_bytes());
        }
        Self::quoted(&hash.finalize())
    }

    /// Of one row. The URL tells one key from another; the tag only has to change with the rows
    /// and their form, so it is the start of the content digest as it is: a hash of it would be
    /// a tenth of what a warm row costs. The number is raised like [`REPRESENTATION`].
    pub(crate) fn row(table: &Table, format: Format) -> Self {
        let form = match format {
            Format::Json => "k",
            Format::Csv => "c",
            Format::Lines => "l",
            Format::Stripped | Format::Object { stripped: true } => "n",
            Format::Object { stripped: false } => "o",
        };
        let digest = table.digest.get(..24).unwrap_or(&table.digest);
        Self(["\"", digest, form, "1\""].concat())
    }

    /// Of a page for people. Its request does not say what of the release it shows, so its tag is of all of the
    /// release; `origin` is the start of that hash, which pages have in common.
    pub(crate) fn page(origin: &Sha256, path: &str, query: &str) -> Self {
        let mut hash = origin.clone();
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update(query.as_bytes());
        Self::quoted(&hash.finalize())
    }

    /// What decides all pages of a release, beside their requests: the `release` as pages name it, where they are served,
    /// and how they are made.
    pub(crate) fn page_origin(release: &Manifest, address: &str, config: &Config) -> Sha256 {
        let mut hash = Sha256::new();
        hash.update(REPRESENTATION);
        let commit = release.commit.as_deref().unwrap_or_default();
        for part in
            [release.database.sha256.as_str(), commit, address, &config.base_path, env!("CARGO_PKG_VERSION")]
        {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        for number in [SOURCES, config.max_limit, config.default_limit, config.max_bytes as u64] {
            hash.update(number.to_le_bytes());
        }
        hash
    }

    /// Of an answer that shows the release itself.
    pub(crate) fn release(manifest: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(REPRESENTATION);
        hash.update(manifest);
        Self::quoted(&hash.finalize())
    }

    /// As it stands in the header.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag of the representation that the client has, in any coding that it accepts.
    pub(crate) fn held(&self, headers: &Headers) -> Option<Self> {
        headers.if_none_match.as_ref()?;
        let accepted = headers.accept_encoding.as_deref().unwrap_or_default();
        let codings = Coding::ALL.iter().copied().filter(|coding| coding.is_taken(accepted));
        std::iter::once(self.clone())
            .chain(codings.map(|coding| Self(tag(&self.0, coding))))
            .find(|tag| headers.has(tag.as_str()))
    }

    /// 96 bits: enough for the few representations that one URL ever has.
    fn quoted(hash: &[u8]) -> Self {
        let mut tag = String::with_capacity(26);
        tag.push('"');
        for byte in &hash[..12] {
            for digit in [byte >> 4, byte & 15] {
                tag.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
            }
        }
        tag.push('"');
        Self(tag)
    }
}
