//! What the page of a table has around its rows: the same on all pages of a question.

use maud::html;

use super::map::{Points, maps};
use super::rows::Shape;
use super::text::grouped;

/// A page without its rows.
#[derive(Debug)]
pub(crate) struct Frame {
    /// Up to the heading of the rows.
    pub(super) before: String,
    /// The table of rows up to the first one, and from the last one on.
    pub(super) head: String,
    pub(super) foot: String,
    /// Behind the links to other pages.
    pub(super) after: String,
    /// In place of the table where there are no rows.
    pub(super) nothing: String,
    /// The address of the first page.
    pub(super) first: String,
    /// How members are shown, and what they are called.
    pub(crate) shapes: Vec<Shape>,
    pub(super) titles: Vec<String>,
}

/// The rows of a page.
#[derive(Debug)]
pub(crate) struct PageRows {
    pub(crate) html: Vec<u8>,
    pub(crate) rows: u64,
    pub(crate) points: Points,
    /// Rows before the page, and over all pages where that is known.
    pub(crate) before: u64,
    pub(crate) total: Option<u64>,
    /// The address of the next page.
    pub(crate) next: Option<String>,
}

impl Frame {
    /// How many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let texts = [&self.before, &self.head, &self.foot, &self.after, &self.nothing];
        texts.iter().map(|text| text.len()).sum::<usize>() + self.shapes.len() * size_of::<Shape>()
    }

    /// The page with these rows.
    pub(crate) fn page(&self, of: &PageRows) -> Vec<u8> {
        let PageRows { html, rows, points, before, total, next } = of;
        let heading = match (rows, total) {
            (0, _) => "No rows".to_owned(),
            (rows, Some(total)) => {
                format!("Rows {} to {} of {}", grouped(before + 1), grouped(before + rows), grouped(*total))
            }
            (rows, None) => format!("Rows {} to {}", grouped(before + 1), grouped(before + rows)),
        };
        let pages = html! {
            @if *before > 0 || next.is_some() {
                nav aria-label="Pages" {
                    ul.links {
                        @if *before > 0 { li { a href=(self.first) rel="first" { "First page" } } }
                        @if let Some(next) = next { li { a href=(next) rel="next" { "Next page" } } }
                    }
                }
            }
        };
        let maps = maps(&self.titles, points);
        let table: [&[u8]; 4] = match rows {
            0 => [self.nothing.as_bytes(), b"", b"", b""],
            _ => [self.head.as_bytes(), html, self.foot.as_bytes(), maps.0.as_bytes()],
        };
        let [head, rows, foot, maps] = table;
        let heading = [heading.as_bytes(), b"</h2>"].concat();
        [self.before.as_bytes(), &heading, head, rows, foot, maps, pages.0.as_bytes(), self.after.as_bytes()]
            .concat()
    }
}
