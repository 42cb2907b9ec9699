//! The frame of every page.

use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use super::document::STYLE;
use super::linked_data::{Object, block};
use super::text::{Root, short};

/// What all pages of a release have in common.
#[derive(Debug)]
pub(crate) struct Site<'a> {
    /// The commit that is served, where it is known.
    pub(crate) commit: Option<&'a str>,
    /// The database's SHA-256.
    pub(crate) sha256: &'a str,
    /// Whether there is a feed of changes.
    pub(crate) has_feed: bool,
    /// Whether rows can be proved.
    pub(crate) has_proofs: bool,
    /// The server's own address without a path, where it is known.
    pub(crate) origin: Option<&'a str>,
    pub(crate) root: Root<'a>,
}

impl Site<'_> {
    /// The address of a path, whole where it can be.
    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin.unwrap_or_default())
    }
}

/// One page.
pub(super) struct Page<'a> {
    pub(super) title: &'a dyn Render,
    pub(super) description: &'a str,
    /// Its address in one spelling; `None` for what has none, as an error.
    pub(super) address: Option<&'a str>,
    /// The pages that it is below, each with its address.
    pub(super) trail: &'a [(&'a str, String)],
    /// The name of this page in the trail.
    pub(super) here: &'a str,
    /// The same as data: address, media type, name.
    pub(super) alternates: &'a [(Markup, &'static str, &'static str)],
    pub(super) root: Root<'a>,
    /// `None` for an error that is found before there is a release.
    pub(super) site: Option<&'a Site<'a>>,
    /// The data of the page for search engines, where there are some.
    pub(super) linked_data: Option<Object>,
}

impl Page<'_> {
    /// The document around `main`.
    pub(super) fn render(self, main: &Markup) -> Vec<u8> {
        let (mut document, end) = self.around();
        document.push_str(&main.0);
        document.push_str(&end);
        document.into_bytes()
    }

    /// The document up to its main part, and from its end on.
    pub(super) fn around(self) -> (String, String) {
        const MAIN: &str = "<main id=\"main\">";
        let Self { title, description, address, trail, here, alternates, root, site, linked_data } = self;
        let document = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (title) }
                    meta name="description" content=(description);
                    meta property="og:title" content=(title);
                    meta property="og:description" content=(description);
                    meta property="og:type" content="website";
                    @match address {
                        Some(address) => {
                            @let address = site.map_or_else(|| address.to_owned(), |site| site.at(address));
                            meta property="og:url" content=(address);
                            link rel="canonical" href=(address);
                        },
                        None => meta name="robots" content="noindex";,
                    }
                    link rel="icon" href="data:,";
                    @for (href, media_type, name) in alternates {
                        link rel="alternate" type=(media_type) href=(href) title=(name);
                    }
                    @if site.is_some_and(|site| site.has_feed) {
                        link rel="alternate" type="application/atom+xml" href=(root.at("/-/changes.atom")) title="Changes";
                    }
                    @if let Some(data) = linked_data { (block(data)) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    header {
                        nav aria-label="Breadcrumb" {
                            ol {
                                @for (name, href) in trail { li { a href=(href) { (name) } } }
                                li aria-current="page" { (here) }
                            }
                        }
                    }
                    main id="main" {}
                    footer {
                        ul {
                            @if let Some(site) = site {
                                @if let Some(commit) = site.commit {
                                    li { "Commit " span.code title=(commit) { (short(commit)) } }
                                }
                                li { "SHA-256 " span.code title=(site.sha256) { (short(site.sha256)) } }
                                @if site.has_feed { li { a href=(root.at("/-/changes.atom")) { "Feed of changes" } } }
                            }
                            li { a href=(root.at("/openapi.json")) { "OpenAPI" } }
                            li { a href=(root.front()) { "All data" } }
                        }
                    }
                }
            }
        };
        // No text has it: it would be escaped.
        let mut document = document.into_string();
        let end = document.find(MAIN).map_or(document.len(), |start| start + MAIN.len());
        let behind = document.split_off(end);
        (document, behind)
    }
}
