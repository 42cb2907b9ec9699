//! What search engines read of a page: the data in schema.org's words, as JSON-LD in a block that no browser runs.
//!
//! It is written as text, which takes a fraction of the code and of the time of a tree that is then written.

use catalog::{Table, Version, json_string};
use maud::{Markup, PreEscaped, html};
use serde_json::Value;

use super::fields::Fields;
use super::layout::Site;
use super::text::{member, web_address};

/// The media types of a table's files, by their extension.
const FILES: [(&str, &str); 3] =
    [("csv", "text/csv"), ("json", "application/json"), ("ndjson", "application/x-ndjson")];

/// An object while it is written.
#[derive(Debug)]
pub(super) struct Object(String);

/// A dataset, or a table of one.
pub(super) struct Described<'a> {
    pub(super) name: &'a str,
    /// Its path.
    pub(super) path: String,
    /// Its descriptor, and that of its dataset.
    pub(super) about: &'a Value,
    pub(super) dataset: &'a Value,
    pub(super) version: Option<&'a str>,
    pub(super) changed: Option<&'a Version>,
}

impl Object {
    /// An object of that type.
    pub(super) fn of(kind: &str) -> Self {
        let mut object = Self(String::from("{\"@type\":"));
        object.push(kind);
        object
    }

    /// Adds a member that is a text.
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.push(text);
    }

    /// Adds a member that is an object.
    pub(super) fn object(&mut self, name: &str, object: Self) {
        self.name(name);
        self.0.push_str(&object.closed());
    }

    /// Adds a list of members, where it has some.
    pub(super) fn list(&mut self, name: &str, members: Vec<String>) {
        if !members.is_empty() {
            self.name(name);
            self.0.push('[');
            self.0.push_str(&members.join(","));
            self.0.push(']');
        }
    }

    /// Its JSON.
    pub(super) fn closed(self) -> String {
        self.0 + "}"
    }

    fn name(&mut self, name: &str) {
        self.0.push(',');
        self.push(name);
        self.0.push(':');
    }

    fn push(&mut self, text: &str) {
        self.0.push_str(&json_string(text));
    }
}

impl Described<'_> {
    /// A `Dataset`.
    pub(super) fn object(&self, site: &Site<'_>) -> Object {
        let text = |name: &str| member(self.about, name).or_else(|| member(self.dataset, name));
        let name = member(self.about, "title").unwrap_or(self.name);
        let list =
            |name: &str| self.dataset.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let mut object = Object::of("Dataset");
        object.text("name", name);
        object.text("url", &site.at(&self.path));
        object.text("description", text("description").unwrap_or(name));
        let licence = list("licenses").iter().find_map(|licence| {
            member(licence, "path").and_then(web_address).or_else(|| member(licence, "name"))
        });
        let changed = self.changed.map(|version| version.date.as_str());
        for (name, text) in [("license", licence), ("version", self.version), ("dateModified", changed)] {
            if let Some(text) = text {
                object.text(name, text);
            }
        }
        let sources =
            list("sources").iter().filter_map(|source| member(source, "path").and_then(web_address));
        object.list("isBasedOn", sources.map(json_string).collect());
        object.list("keywords", list("keywords").iter().filter_map(Value::as_str).map(json_string).collect());
        let creator = |name: &str| {
            let mut creator = Object::of("Organization");
            creator.text("name", name);
            creator.closed()
        };
        let creators = list("contributors").iter().filter_map(|of| member(of, "title"));
        object.list("creator", creators.map(creator).collect());
        object.name("isAccessibleForFree");
        object.0.push_str("true");
        object
    }
}

/// The files of a table, for `distribution`.
pub(super) fn downloads(table: &str, site: &Site<'_>) -> Vec<String> {
    let path = site.at(&site.root.path(&[table]));
    let file = |(extension, media_type): (&str, &str)| {
        let mut file = Object::of("DataDownload");
        file.text("encodingFormat", media_type);
        file.text("contentUrl", &[&path, ".", extension].concat());
        file.closed()
    };
    FILES.map(file).to_vec()
}

/// The columns of a table, for `variableMeasured`.
pub(super) fn variables(table: &Table, fields: Fields<'_>) -> Vec<String> {
    let variable = |column: &catalog::Column| {
        let mut variable = Object::of("PropertyValue");
        variable.text("name", &column.name);
        if let Some(description) = fields.description(&column.name) {
            variable.text("description", description);
        }
        variable.closed()
    };
    table.schema.columns.iter().take(100).map(variable).collect()
}

/// The block. A `<` in a text ends no element.
pub(super) fn block(mut object: Object) -> Markup {
    object.text("@context", "https://schema.org/");
    let text = object.closed().replace('<', "\\u003c");
    html! { script type="application/ld+json" { (PreEscaped(text)) } }
}
