//! The frame of every page.

use catalog::Version;
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use super::document::STYLE;
use super::linked_data::{Object, block};
use super::text::{Root, day, short, shown};

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
    /// Where pages of now are: the same as `root`, unless tables are shown as they were.
    pub(crate) now: Root<'a>,
    pub(crate) then: Option<Then<'a>>,
}

/// The moment of a page that shows tables as they were.
#[derive(Debug)]
pub(crate) struct Then<'a> {
    /// As it was named.
    pub(crate) when: &'a str,
    /// The dataset of the page, with its version; `None` for a page of all datasets.
    pub(crate) version: Option<(&'a str, &'a Version)>,
    /// The versions before and behind it in which the page is there, too: their names, and where their pages are.
    pub(crate) beside: [Option<(&'a str, String)>; 2],
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
    /// What was asked behind that address: begins with `?`, or is empty.
    pub(super) query: &'a dyn Render,
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
        let Self { title, description, address, query, trail, here, alternates, root, site, linked_data } =
            self;
        let then = site.and_then(|site| site.then.as_ref());
        let now = site.map_or(root, |site| site.now);
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
                        None => {},
                    }
                    @if address.is_none() || then.is_some() { meta name="robots" content="noindex"; }
                    link rel="icon" href="data:,";
                    @for (href, media_type, name) in alternates {
                        link rel="alternate" type=(media_type) href=(href) title=(name);
                    }
                    @if site.is_some_and(|site| site.has_feed) {
                        link rel="alternate" type="application/atom+xml" href=(root.at("/-/changes.atom")) title="Changes";
                    }
                    @if let Some(data) = linked_data.filter(|_| then.is_none()) { (block(data)) }
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
                            @if let Some(site) = site.filter(|_| then.is_none()) {
                                @if let Some(commit) = site.commit {
                                    li { "Commit " span.code title=(commit) { (short(commit)) } }
                                }
                                li { "SHA-256 " span.code title=(site.sha256) { (short(site.sha256)) } }
                                @if site.has_feed { li { a href=(root.at("/-/changes.atom")) { "Feed of changes" } } }
                            }
                            li { a href=(now.at("/openapi.json")) { "OpenAPI" } }
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
        if let (Some(then), Some(address)) = (then, address) {
            let path = address.strip_prefix(root.at("").as_str()).unwrap_or(address);
            document.push_str(&notice(then, path, query, now).0);
        }
        (document, behind)
    }
}

/// Which version is shown, and where the same page is of now and of the versions beside it.
fn notice(then: &Then<'_>, path: &str, query: &dyn Render, now: Root<'_>) -> Markup {
    let Then { when, version, beside: [before, after] } = then;
    html! {
        p.then {
            @match version {
                Some((dataset, version)) => {
                    "As of version " strong { (shown(version.version.as_deref().unwrap_or_else(|| short(&version.digest)))) } " of " (shown(dataset))
                    ", " time datetime=(version.date) { (day(&version.date)) } ", commit " span.code title=(version.commit) { (short(&version.commit)) } ". "
                },
                None => { "As of " strong { (shown(when)) } ". " },
            }
            a href={ (now.at(path)) (query) } { "As it is now" }
            @if let Some((name, root)) = before { " " a href={ (Root(root).at(path)) (query) } rel="prev nofollow" { "Before: " (shown(name)) } }
            @if let Some((name, root)) = after { " " a href={ (Root(root).at(path)) (query) } rel="next nofollow" { "After: " (shown(name)) } }
        }
    }
}
