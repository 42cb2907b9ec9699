//! A deployment, and the release that its manifest describes.

use catalog::{FileDigest, Manifest, ReleaseRoot, hex, percent_encode};

use super::check::Check;
use crate::deploy::Http;

/// A deployment whose manifest is known.
pub struct Served {
    http: Http,
    base: String,
    /// The manifest's bytes.
    pub(super) bytes: Vec<u8>,
    /// The manifest.
    pub manifest: Manifest,
    /// What proofs have to lead to.
    pub(super) root: ReleaseRoot,
}

impl Served {
    /// The deployment at `url`. Errors, as a sentence: there is no answer, or none of a release with roots.
    pub async fn open(url: &str) -> Result<Self, String> {
        let base = url.trim_end_matches('/').to_owned();
        let http = Http::new();
        let bytes = get(&http, &format!("{base}/-/manifest.json")).await?;
        let manifest = Manifest::parse(&bytes).map_err(|error| format!("{base}/-/manifest.json: {error}"))?;
        let root = ReleaseRoot::of(&manifest).ok_or_else(|| match manifest.root {
            None => "the release has no Merkle trees: an earlier version built it".to_owned(),
            Some(_) => "the manifest's root is not that of its tables".to_owned(),
        })?;
        Ok(Self { http, base, bytes, manifest, root })
    }

    /// What the manifest says.
    pub fn check(&self) -> Check {
        let commit = self.manifest.commit.as_deref().unwrap_or("unknown");
        let mut digest = FileDigest::default();
        digest.update(&self.bytes);
        let (tables, (sha256, _)) = (self.manifest.tables.len(), digest.finish());
        let root = hex(&self.root.root);
        Check::of("manifest", Ok(format!("commit {commit}, {tables} tables, root {root}, sha256 {sha256}")))
    }

    /// The body at a path of these parts; `None` where there is nothing. Errors: as of [`Served::get`].
    pub(super) async fn find(&self, parts: &[&str]) -> Result<Option<Vec<u8>>, String> {
        let url = self.url(parts, "");
        match self.http.get(&url).await.map_err(|error| format!("{url}: {error}"))? {
            (200, body) => Ok(Some(body)),
            (404, _) => Ok(None),
            (status, body) => Err(other_status(&url, status, &body)),
        }
    }

    /// The body at a path of these parts, with that query. Errors, as a sentence: no answer, or another status
    /// than 200.
    pub(super) async fn get(&self, parts: &[&str], query: &str) -> Result<Vec<u8>, String> {
        get(&self.http, &self.url(parts, query)).await
    }

    fn url(&self, parts: &[&str], query: &str) -> String {
        let mut url = self.base.clone();
        for part in parts {
            url.push('/');
            percent_encode(part, &mut url);
        }
        url.push_str(query);
        url
    }
}

async fn get(http: &Http, url: &str) -> Result<Vec<u8>, String> {
    let (status, body) = http.get(url).await.map_err(|error| format!("{url}: {error}"))?;
    if status == 200 { Ok(body) } else { Err(other_status(url, status, &body)) }
}

fn other_status(url: &str, status: u16, body: &[u8]) -> String {
    let error: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let message = error.as_ref().and_then(|error| error.get("message")?.as_str()).unwrap_or_default();
    format!("{url}: status {status} {message}").trim_end().to_owned()
}
