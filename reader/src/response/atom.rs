//! The change feed for feed readers: an entry for each version of each dataset (RFC 4287).
//!
//! Ids and dates come from the commits: the same versions make the same bytes.

use catalog::Version;
use sha2::{Digest, Sha256};

use super::{ETag, Response};
use crate::config::Config;
use crate::error::{Code, Error};
use crate::request::{Headers, encode};

/// The most entries, the newest first; feed readers look more often than versions come.
const ENTRIES: usize = 100;

impl Response {
    /// The feed of all datasets, each with its name and its versions.
    pub(crate) fn atom(
        datasets: &[(String, Vec<Version>)],
        headers: &Headers,
        config: &Config,
    ) -> Result<Self, Error> {
        let mut entries: Vec<(&str, &Version)> = datasets
            .iter()
            .flat_map(|(name, versions)| versions.iter().map(move |version| (name.as_str(), version)))
            .collect();
        entries.sort_by(|(name, version), (other, older)| {
            (&older.date, older.ordinal, name).cmp(&(&version.date, version.ordinal, other))
        });
        entries.truncate(ENTRIES);
        let Some((_, newest)) = entries.first() else {
            return Err(Error::new(Code::NoFeed, "the release has no change feed")
                .hint("build the release in a full clone of its Git repository"));
        };
        let names: Vec<_> = datasets.iter().map(|(name, _)| name.as_str()).collect();
        let mut xml = String::from(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
        );
        element(&mut xml, "  ", "id", &uuid(&["feed", &names.join("\n")]));
        element(&mut xml, "  ", "title", &format!("Changes of {}", names.join(", ")));
        element(&mut xml, "  ", "updated", &newest.date);
        let base = &config.base_path;
        xml.push_str(&format!("  <link rel=\"self\" href=\"{base}/-/changes.atom\"/>\n"));
        for (name, version) in entries {
            entry(&mut xml, base, name, version);
        }
        xml.push_str("</feed>\n");
        let etag = ETag::release(xml.as_bytes());
        if headers.has_any() {
            return Ok(Self::not_modified(&etag, config));
        }
        if let Some(held) = etag.held(headers) {
            return Ok(Self::not_modified(&held, config));
        }
        let response = Self::new(200).header("content-type", "application/atom+xml; charset=utf-8");
        Ok(response.cached(&etag, config).body(xml.into_bytes()))
    }
}

fn entry(xml: &mut String, base: &str, dataset: &str, version: &Version) {
    let named = version.version.as_deref().unwrap_or(&version.digest[..12.min(version.digest.len())]);
    xml.push_str("  <entry>\n");
    element(xml, "    ", "id", &uuid(&["version", dataset, &version.commit, &version.digest]));
    element(xml, "    ", "title", &format!("{dataset} {named}"));
    element(xml, "    ", "updated", &version.date);
    xml.push_str("    <author>");
    xml.push_str(&format!("<name>{}</name></author>\n", escaped(dataset)));
    let mut lines = vec![];
    for (table, did) in &version.tables {
        let mut url = format!("{base}/-/changes/");
        encode(table, &mut url);
        xml.push_str(&format!("    <link rel=\"related\" href=\"{}\"/>\n", escaped(&url)));
        lines.push(match did.reset {
            true => format!("{table}: {} rows; the changes are kept from here on", did.rows),
            false => format!(
                "{table}: {} added, {} removed, {} changed; {} rows",
                did.added, did.removed, did.changed, did.rows
            ),
        });
    }
    lines.push(format!("commit {}", version.commit));
    xml.push_str(&format!(
        "    <content type=\"text\">{}</content>\n  </entry>\n",
        escaped(&lines.join("\n"))
    ));
}

fn element(xml: &mut String, indent: &str, name: &str, text: &str) {
    xml.push_str(&format!("{indent}<{name}>{}</{name}>\n", escaped(text)));
}

/// Text for elements and attributes; XML has no escape for most control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A UUID of version 8 (RFC 9562, section 5.8) from a SHA-256 over the parts.
fn uuid(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    hash.update(b"coldpress atom id 1\n");
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut bytes: [u8; 16] = std::array::from_fn({
        let hash = hash.finalize();
        move |index| hash[index]
    });
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
