//! What search engines read of a page: the data in schema.org's words, as JSON-LD in a block that no browser runs.

use catalog::{Table, Version};
use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::layout::Site;
use super::text::{member, web_address};

/// The media types of a table's files, by their extension.
const FILES: [(&str, &str); 3] =
    [("csv", "text/csv"), ("json", "application/json"), ("ndjson", "application/x-ndjson")];

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

impl Described<'_> {
    /// A `Dataset`.
    pub(super) fn object(&self, site: &Site<'_>) -> Value {
        let text = |name: &str| member(self.about, name).or_else(|| member(self.dataset, name));
        let name = member(self.about, "title").unwrap_or(self.name);
        let mut object = json!({"@type": "Dataset", "name": name, "url": site.at(&self.path)});
        object["description"] = json!(text("description").unwrap_or(name));
        let lists = |name: &str| self.dataset.get(name).and_then(Value::as_array).into_iter().flatten();
        let licence = lists("licenses").find_map(|licence| {
            member(licence, "path").and_then(web_address).or_else(|| member(licence, "name"))
        });
        if let Some(licence) = licence {
            object["license"] = json!(licence);
        }
        let sources: Vec<_> =
            lists("sources").filter_map(|source| member(source, "path").and_then(web_address)).collect();
        if !sources.is_empty() {
            object["isBasedOn"] = json!(sources);
        }
        let keywords: Vec<_> = lists("keywords").filter_map(Value::as_str).collect();
        if !keywords.is_empty() {
            object["keywords"] = json!(keywords);
        }
        let creators: Vec<_> = lists("contributors")
            .filter_map(|of| member(of, "title"))
            .map(|name| json!({"@type": "Organization", "name": name}))
            .collect();
        if !creators.is_empty() {
            object["creator"] = json!(creators);
        }
        if let Some(version) = self.version {
            object["version"] = json!(version);
        }
        if let Some(version) = self.changed {
            object["dateModified"] = json!(version.date);
        }
        object["isAccessibleForFree"] = json!(true);
        object
    }
}

/// The files of a table, as `distribution`.
pub(super) fn downloads(table: &str, site: &Site<'_>) -> Value {
    let path = site.root.path(&[table]);
    let file = |(extension, media_type): (&str, &str)| {
        let address = site.at(&format!("{}.{extension}", path));
        json!({"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": address})
    };
    FILES.map(file).to_vec().into()
}

/// The columns of a table, as `variableMeasured`.
pub(super) fn variables(table: &Table, fields: super::fields::Fields<'_>) -> Value {
    let variable = |column: &catalog::Column| {
        let mut variable = json!({"@type": "PropertyValue", "name": column.name});
        if let Some(description) = fields.description(&column.name) {
            variable["description"] = json!(description);
        }
        variable
    };
    table.schema.columns.iter().take(100).map(variable).collect()
}

/// The block. A `<` in a text ends no element.
pub(super) fn block(mut object: Value) -> Markup {
    object["@context"] = json!("https://schema.org/");
    let text = object.to_string().replace('<', "\\u003c");
    html! { script type="application/ld+json" { (PreEscaped(text)) } }
}
