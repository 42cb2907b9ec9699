//! What the page of a table has around its rows: made once for a table and the columns that are shown, and filled for
//! each question ([`super::filled`]).

use super::rows::Shape;
use super::template::Template;

/// A page without its rows.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The table's title, the titles of its columns, and how many rows it has.
    pub(super) title: String,
    pub(super) titles: Titles,
    pub(super) rows: u64,
    /// What selects the columns of the page, where no file has those of the whole table.
    pub(super) selection: Option<String>,
    /// Up to the form that adds a filter, the form, and from there to the heading of the rows.
    pub(super) start: Template,
    pub(super) form: Template,
    pub(super) below_form: Template,
    /// The heads of the members.
    pub(super) heads: Vec<Head>,
    /// Between the rows and the values beside them.
    pub(super) downloads: Template,
    /// The values of columns, each column with the name that a filter has.
    pub(super) values: Vec<(String, Template)>,
    pub(super) end: Template,
    /// How members are shown.
    pub(crate) shapes: Vec<Shape>,
}

/// The head of a member of rows.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) title: String,
    /// The name that an order has, where the member is a column.
    pub(super) name: Option<String>,
    /// Its content.
    pub(super) template: Template,
}

/// What columns are called for people, by their names.
#[derive(Debug)]
pub(super) struct Titles(pub(super) Vec<Title>);

/// What a column is called.
#[derive(Debug)]
pub(super) struct Title {
    pub(super) name: String,
    pub(super) title: String,
    /// Whether its values are shown as yes and no.
    pub(super) is_boolean: bool,
}

impl Titles {
    /// What the column of that name is called.
    pub(super) fn of(&self, name: &str) -> Option<&Title> {
        self.0.iter().find(|known| known.name == name)
    }

    fn bytes(&self) -> usize {
        let strings = self.0.iter().map(|known| known.name.len() + known.title.len());
        strings.sum::<usize>() + size_of_val(self.0.as_slice())
    }
}

impl Frame {
    /// How many bytes it takes while it is kept.
    pub(crate) fn bytes(&self) -> usize {
        let around = [&self.start, &self.form, &self.below_form, &self.downloads, &self.end];
        let heads = self.heads.iter().map(|head| &head.template);
        let values = self.values.iter().map(|(_, template)| template);
        let templates: usize = around.into_iter().chain(heads).chain(values).map(Template::bytes).sum();
        templates
            + self.titles.bytes()
            + self.selection.as_ref().map_or(0, String::len)
            + size_of_val(self.shapes.as_slice())
            + size_of_val(self.heads.as_slice())
    }
}
