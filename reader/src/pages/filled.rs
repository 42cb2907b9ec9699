//! The page of a table for one question: its frame with full holes, around its rows.

use std::rc::Rc;

use maud::{Markup, html};

use super::filters::{chips, sentences, with};
use super::frame::Frame;
use super::map::{Points, maps};
use super::question::Question;
use super::template::{Filling, Hole};
use super::text::{counted, grouped};

/// Columns whose values are beside the rows; those of more are behind a line that opens.
const COLUMNS: usize = 6;

/// The frame of a question's pages.
#[derive(Debug)]
pub(crate) struct Filled<'a> {
    pub(crate) frame: Rc<Frame>,
    question: Question<'a>,
    filling: Filling,
    /// The form that adds a filter, where it is not the empty one.
    form: Option<Markup>,
    is_filtered: bool,
}

/// The rows of a page.
#[derive(Debug)]
pub(crate) struct PageRows {
    pub(crate) html: Vec<u8>,
    pub(crate) rows: u64,
    /// Which members read from right to left.
    pub(crate) right_to_left: Vec<bool>,
    pub(crate) points: Points,
    /// Rows before the page, and over all pages where that is known.
    pub(crate) before: u64,
    pub(crate) total: Option<u64>,
    /// The address of the next page.
    pub(crate) next: Option<String>,
}

impl<'a> Filled<'a> {
    pub(crate) fn new(frame: Rc<Frame>, question: Question<'a>, form: Option<Markup>) -> Self {
        let mut filling = Filling::default();
        let filters = sentences(&frame.titles, question);
        let is_filtered = !filters.is_empty();
        // Who can't see the page hears its title first.
        let begins = if form.is_some() { "Error: " } else { "" };
        if is_filtered {
            filling.text(Hole::Title, &format!("{begins}{}: {}", frame.title, filters.join(", ")));
            filling.markup(Hole::Chips, chips(&filters, question));
        } else {
            filling.text(Hole::Title, &format!("{begins}{}", frame.title));
        }
        let selection = frame.selection.as_deref().filter(|_| question.selects_nothing());
        filling.fixed(
            Hole::Files,
            match (is_filtered, selection) {
                (true, None) => "These rows as",
                (true, Some(_)) => "These rows with these columns as",
                (false, None) => "All rows as",
                (false, Some(_)) => "All rows with these columns as",
            },
        );
        let mut file = question.query_without("limit");
        if let Some(selection) = selection {
            if !file.is_empty() {
                file.push('&');
            }
            file.push_str(selection);
        }
        if !file.is_empty() {
            filling.text(Hole::File, &format!("?{file}"));
        }
        let query = question.query();
        if !query.is_empty() {
            filling.markup(Hole::With, with(&query));
            filling.text(Hole::First, &format!("?{query}"));
            filling.text(Hole::Query, &format!("{query}&"));
            for (hole, name) in [(Hole::Unordered, "order"), (Hole::Unselected, "select")] {
                let mut query = question.query_without(name);
                if !query.is_empty() {
                    query.push('&');
                }
                filling.text(hole, &query);
            }
        }
        Self { frame, question, filling, form, is_filtered }
    }

    /// How many bytes the page has without its rows and what is said of them.
    pub(crate) fn bytes(&self) -> usize {
        let Frame { start, form, below_form, heads, downloads, values, end, .. } = &*self.frame;
        let heads = heads.iter().map(|head| &head.template);
        let values = values.iter().map(|(_, values)| values);
        let parts = [start, form, below_form, downloads, end].into_iter().chain(heads).chain(values);
        parts.map(|part| part.filled(&self.filling)).sum()
    }

    /// The page with these rows.
    pub(crate) fn page(mut self, of: &PageRows) -> Vec<u8> {
        let PageRows { html, rows, before, total, next, .. } = of;
        let mut page = Vec::with_capacity(self.bytes() + html.len() + 4096);
        self.frame.start.fill(&self.filling, &mut page);
        match &self.form {
            Some(form) => page.extend_from_slice(form.0.as_bytes()),
            None => self.frame.form.fill(&self.filling, &mut page),
        }
        self.frame.below_form.fill(&self.filling, &mut page);
        let mut push = |text: &str| page.extend_from_slice(text.as_bytes());
        match rows {
            0 => push("No rows"),
            rows => {
                push("Rows ");
                push(&grouped(before + 1));
                push(" to ");
                push(&grouped(before + rows));
            }
        }
        if let Some(total) = total.filter(|_| *rows > 0) {
            push(" of ");
            push(&grouped(total));
        }
        push("</h2>");
        if *rows == 0 {
            push(&self.nothing().0);
        } else {
            push(
                "<div class=\"wrap rows\" tabindex=\"0\" role=\"region\" aria-labelledby=\"rows\"><table><thead><tr>",
            );
            self.heads(&of.right_to_left, &mut page);
            page.extend_from_slice(b"</tr></thead><tbody>");
            page.extend_from_slice(html);
            page.extend_from_slice(b"</tbody></table></div>");
            let titles: Vec<&str> = self.frame.heads.iter().map(|head| head.title.as_str()).collect();
            page.extend_from_slice(maps(&titles, &of.points).0.as_bytes());
        }
        let first = self.question.first_page();
        let pages = html! {
            @if *before > 0 || next.is_some() {
                nav aria-label="Pages" {
                    ul.links {
                        @if *before > 0 { li { a href=(first) rel="first" { "First page" } } }
                        @if let Some(next) = next { li { a href=(next) rel="next" { "Next page" } } }
                    }
                }
            }
        };
        page.extend_from_slice(pages.0.as_bytes());
        self.frame.downloads.fill(&self.filling, &mut page);
        page.extend_from_slice(b"</div>");
        self.values(&mut page);
        page.extend_from_slice(b"</div>");
        self.frame.end.fill(&self.filling, &mut page);
        page
    }

    /// The heads of the members, one of which may say that it orders the rows.
    fn heads(&mut self, right_to_left: &[bool], page: &mut Vec<u8>) {
        let order = self.question.order().unwrap_or_default();
        for (head, right_to_left) in self.frame.heads.iter().zip(right_to_left) {
            let descending = match head.name.as_deref().and_then(|name| order.strip_prefix(name)) {
                Some("" | ".asc") => Some(false),
                Some(".desc") => Some(true),
                _ => None,
            };
            let (sorted, direction, arrow) = match descending {
                None => ("", "asc", ""),
                Some(false) => (" aria-sort=\"ascending\"", "desc", " ↑"),
                Some(true) => (" aria-sort=\"descending\"", "asc", " ↓"),
            };
            let reading = if *right_to_left { " dir=rtl" } else { "" };
            for (hole, markup) in [
                (Hole::Sorted, sorted),
                (Hole::Direction, direction),
                (Hole::Arrow, arrow),
                (Hole::Reading, reading),
            ] {
                self.filling.fixed(hole, markup);
            }
            head.template.fill(&self.filling, page);
        }
    }

    /// What there is to choose from beside the rows. Filters change the rows, not these numbers.
    fn values(&self, page: &mut Vec<u8>) {
        let is_free = |name: &str| self.question.filters().all(|(_, (filtered, _))| filtered != name);
        let mut values = self.frame.values.iter().filter(|(name, _)| is_free(name)).peekable();
        if values.peek().is_none() {
            return;
        }
        let mut push = |text: &str| page.extend_from_slice(text.as_bytes());
        push("<aside aria-labelledby=\"values\"><h2 id=\"values\">Values");
        if self.is_filtered {
            push(" of all ");
            push(&counted(self.frame.rows, "row"));
        }
        push("</h2>");
        for (_, template) in values.by_ref().take(COLUMNS) {
            template.fill(&self.filling, page);
        }
        let more: Vec<_> = values.collect();
        if !more.is_empty() {
            let summary = html! { summary { (counted(more.len() as u64, "more column")) } };
            page.extend_from_slice(b"<details>");
            page.extend_from_slice(summary.0.as_bytes());
            for (_, template) in more {
                template.fill(&self.filling, page);
            }
            page.extend_from_slice(b"</details>");
        }
        page.extend_from_slice(b"</aside>");
    }

    /// What there is in place of rows.
    fn nothing(&self) -> Markup {
        let question = self.question;
        html! {
            p {
                @if self.frame.rows == 0 { "This table has no rows yet." }
                @else if self.is_filtered { "No row fits. " a href=(question.without_filters()) { "Show all rows" } }
                @else { "There are no rows here. " a href=(question.first_page()) { "Go to the first page" } }
            }
        }
    }
}
