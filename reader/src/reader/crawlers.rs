//! `robots.txt` and `sitemap.xml`: what search engines may ask, and where the pages are.

use super::Reader;
use crate::error::{Code, Error};
use crate::request::{ROBOTS, RawRequest, SITEMAP, encode};
use crate::response::Response;

impl Reader {
    /// Errors: a sitemap has whole addresses, and the server does not know its own.
    pub(super) fn for_crawlers(&self, name: &str, raw: &RawRequest<'_>) -> Result<Response, Error> {
        if raw.method == "OPTIONS" {
            return Ok(Response::options());
        }
        let root = self.address();
        let (body, media_type) = match (name, root) {
            (ROBOTS, root) => (self.robots(root.as_deref()), "text/plain; charset=utf-8"),
            (_, Some(root)) => (self.sitemap(&root)?, "application/xml"),
            (_, None) => {
                return Err(Error::new(Code::InvalidPath, "the address of this server is not configured")
                    .hint("set COLDPRESS_PUBLIC_URL, such as https://data.example.org"));
            }
        };
        Ok(Response::document(body.into_bytes(), &raw.headers, &self.config)?.of_type(media_type))
    }

    /// Forms lead to pages that are there without them, fixed pages are there twice, and pages of then are those of now
    /// again and again.
    fn robots(&self, root: Option<&str>) -> String {
        let base = &self.config.base_path;
        let mut text = String::from("User-agent: *\n");
        for path in ["at", "find", "html"] {
            text.push_str(&format!("Disallow: {base}/-/{path}/\n"));
        }
        if let Some(root) = root {
            text.push_str(&format!("\nSitemap: {root}/{SITEMAP}\n"));
        }
        text
    }

    /// The pages of datasets and tables; those of rows are linked from them.
    fn sitemap(&self, root: &str) -> Result<String, Error> {
        let connection = self.release.connection()?;
        let mut text = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
        );
        let mut entry = |path: &str, changed: Option<&str>| {
            let changed = changed.map_or(String::new(), |date| format!("<lastmod>{date}</lastmod>"));
            text.push_str(&format!("<url><loc>{root}{path}</loc>{changed}</url>\n"));
        };
        let mut tables = vec![];
        for name in self.table_names()? {
            let table = self.known_table(&name)?;
            let version = catalog::newest_version(connection, &table.dataset)?;
            tables.push((name, version.map(|version| version.date)));
        }
        entry("/", tables.iter().filter_map(|(_, changed)| changed.as_deref()).max());
        for (name, changed) in &tables {
            let mut path = String::new();
            encode(name, &mut path);
            entry(&format!("/{path}"), changed.as_deref());
            entry(&format!("/-/columns/{path}"), changed.as_deref());
            if changed.is_some() {
                entry(&format!("/-/changes/{path}"), changed.as_deref());
            }
        }
        text.push_str("</urlset>\n");
        Ok(text)
    }

    /// The server's own address with the base path, where it is configured.
    pub(super) fn address(&self) -> Option<String> {
        let server = self.config.public_url.as_deref()?;
        Some(format!("{}{}", server.trim_end_matches('/'), self.config.base_path))
    }
}
