//! Markup with holes: what the pages of a table have in common is rendered once, and each question fills the holes.

use std::borrow::Cow;

use maud::{Markup, Render};

/// Where pages of one table differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hole {
    /// The table's title, with the filters in words.
    Title,
    /// `?` and the query of the first page; nothing where that is empty.
    First,
    /// The same of a file, which has no limit.
    File,
    /// The query of the first page and `&`, for one parameter more; nothing where that is empty.
    Query,
    /// The same without an order.
    Unordered,
    /// The same without a selection.
    Unselected,
    /// The field of a form that has the query.
    With,
    /// The filters that are on.
    Chips,
    /// Which rows a file has.
    Files,
    /// Of the head of a member: the attribute that says how its rows are sorted.
    Sorted,
    /// How its link sorts.
    Direction,
    /// The arrow behind its title.
    Arrow,
    /// The attribute that says that it reads from right to left.
    Reading,
}

/// All of them, by number.
const HOLES: [Hole; 13] = [
    Hole::Title,
    Hole::First,
    Hole::File,
    Hole::Query,
    Hole::Unordered,
    Hole::Unselected,
    Hole::With,
    Hole::Chips,
    Hole::Files,
    Hole::Sorted,
    Hole::Direction,
    Hole::Arrow,
    Hole::Reading,
];

/// How a hole begins in markup: no text has it, its first byte would be escaped. Its second is in no markup of ours, and is
/// what is looked for, so a search does not stop at each address with a query.
const MARK: &str = "<\u{1}";

impl Render for Hole {
    fn render_to(&self, out: &mut String) {
        out.push_str(MARK);
        out.push(char::from(b'A' + *self as u8));
    }
}

/// Markup with holes.
#[derive(Debug)]
pub(super) struct Template {
    text: String,
    /// Each with the place in the text before which it is.
    holes: Vec<(usize, Hole)>,
}

/// What is in the holes: markup.
#[derive(Debug, Default)]
pub(super) struct Filling([Cow<'static, str>; HOLES.len()]);

impl Template {
    /// Of markup in which holes were rendered.
    pub(super) fn new(markup: &str) -> Self {
        let (mut text, mut holes, mut done) = (String::with_capacity(markup.len()), vec![], 0);
        // One byte is found in a tenth of the time of two.
        for (at, _) in markup.match_indices('\u{1}') {
            let letter = markup.as_bytes().get(at + 1);
            let hole = letter.and_then(|letter| HOLES.get(usize::from(letter.wrapping_sub(b'A'))));
            let before = markup[done..at].strip_suffix('<');
            if let (Some(hole), Some(before)) = (hole, before) {
                text.push_str(before);
                holes.push((text.len(), *hole));
                done = at + 2;
            }
        }
        text.push_str(&markup[done..]);
        Self { text, holes }
    }

    /// Appends the markup with full holes.
    pub(super) fn fill(&self, filling: &Filling, out: &mut Vec<u8>) {
        let mut at = 0;
        for (end, hole) in &self.holes {
            out.extend_from_slice(&self.text.as_bytes()[at..*end]);
            out.extend_from_slice(filling.0[*hole as usize].as_bytes());
            at = *end;
        }
        out.extend_from_slice(&self.text.as_bytes()[at..]);
    }

    /// How many bytes the markup has with full holes.
    pub(super) fn filled(&self, filling: &Filling) -> usize {
        self.text.len() + self.holes.iter().map(|(_, hole)| filling.0[*hole as usize].len()).sum::<usize>()
    }

    /// How many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + size_of_val(self.holes.as_slice()) + size_of::<Self>()
    }
}

impl Filling {
    /// Fills a hole with text.
    pub(super) fn text(&mut self, hole: Hole, text: &str) {
        self.0[hole as usize] = maud::html! { (text) }.into_string().into();
    }

    /// Fills a hole with markup.
    pub(super) fn markup(&mut self, hole: Hole, markup: Markup) {
        self.0[hole as usize] = markup.into_string().into();
    }

    /// Fills a hole with markup that is the same for every table.
    pub(super) fn fixed(&mut self, hole: Hole, markup: &'static str) {
        self.0[hole as usize] = Cow::Borrowed(markup);
    }
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn holes_are_where_they_were_rendered() {
        for (number, hole) in HOLES.into_iter().enumerate() {
            assert_eq!(hole as usize, number);
        }
        let said = "<\u{1}A ?";
        let markup = html! { a href={ "/t?" (Hole::Query) "order=a." (Hole::Direction) (Hole::Query) "\u{1}A" } title=(said) { (said) } (Hole::Files) };
        let template = Template::new(&markup.0);
        let mut filling = Filling::default();
        filling.text(Hole::Query, "a=b&");
        filling.fixed(Hole::Direction, "asc");
        filling.markup(Hole::Files, html! { p { "<" } });
        let mut out = vec![];
        template.fill(&filling, &mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "<a href=\"/t?a=b&amp;order=a.asca=b&amp;\u{1}A\" title=\"&lt;\u{1}A ?\">&lt;\u{1}A ?</a><p>&lt;</p>"
        );
    }
}
