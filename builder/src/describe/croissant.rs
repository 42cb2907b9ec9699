//! A dataset in the words of Croissant 1.0 (mlcommons.org/croissant): its tables' CSV files, and their columns as
//! fields of record sets.

use catalog::{ADDRESS, Column, ColumnType, Entry, Table, percent_encode};
use serde_json::{Map, Value, json};

use super::Dataset;
use super::about::About;

/// Croissant's own context ("Appendix 1: JSON-LD context"), by which its readers know the version.
const CONTEXT: &str = r#"{"@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract", "field": "cr:field",
    "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet", "format": "cr:format",
    "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath", "key": "cr:key",
    "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "samplingRate": "cr:samplingRate", "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source",
    "subField": "cr:subField", "transform": "cr:transform"}"#;

/// The document. Addresses begin with [`ADDRESS`]. Errors: a descriptor in the catalog is not JSON.
pub(super) fn document(described: &Dataset<'_>) -> serde_json::Result<String> {
    let Dataset { name, version, about, changed, tables } = described;
    let package = About::parse(about)?;
    let mut dataset = Map::new();
    dataset.insert("@context".into(), serde_json::from_str(CONTEXT)?);
    dataset.insert("@type".into(), json!("sc:Dataset"));
    dataset.insert("conformsTo".into(), json!("http://mlcommons.org/croissant/1.0"));
    dataset.insert("name".into(), json!(name));
    let title = package.text("title").unwrap_or(name);
    dataset.insert("description".into(), json!(package.text("description").unwrap_or(title)));
    let licences: Vec<_> = package.licences().collect();
    if !licences.is_empty() {
        dataset.insert("license".into(), json!(licences));
    }
    dataset.insert("url".into(), json!(ADDRESS));
    if let Some(version) = version {
        dataset.insert("version".into(), json!(version));
    }
    if let Some(changed) = changed {
        dataset.insert("datePublished".into(), json!(changed));
    }
    let citation = match version {
        Some(version) => format!("{title}, version {version}"),
        None => title.to_owned(),
    };
    dataset.insert("citeAs".into(), json!(citation));
    // The files are made when they are requested, and have no digest of their own.
    dataset.insert("isLiveDataset".into(), json!(true));
    let mut files = vec![];
    let mut records = vec![];
    for Entry { entry: table, about } in tables {
        let about = About::parse(about)?;
        files.push(file(table));
        records.push(record_set(table, &about, tables));
    }
    dataset.insert("distribution".into(), files.into());
    dataset.insert("recordSet".into(), records.into());
    serde_json::to_string_pretty(&Value::Object(dataset))
}

fn file(table: &Table) -> Value {
    let mut address = ADDRESS.to_owned();
    percent_encode(&table.name, &mut address);
    json!({
        "@type": "cr:FileObject",
        "@id": format!("{}.csv", table.name),
        "name": format!("{}.csv", table.name),
        "contentUrl": format!("{address}.csv"),
        "encodingFormat": "text/csv",
    })
}

fn record_set(table: &Table, about: &About, tables: &[&Entry<Table>]) -> Value {
    let id = |column: &str| json!({"@id": format!("{}/{column}", table.name)});
    let mut set = json!({
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": about.text("description").or_else(|| about.text("title")).unwrap_or(&table.name),
    });
    match table.schema.primary_key.as_slice() {
        [] => {}
        [column] => set["key"] = id(column),
        columns => set["key"] = columns.iter().map(|column| id(column)).collect(),
    }
    let fields = table.schema.columns.iter().map(|column| {
        let mut field = json!({
            "@type": "cr:Field",
            "@id": format!("{}/{}", table.name, column.name),
            "name": column.name,
            "dataType": data_type(column),
            "source": {"fileObject": {"@id": format!("{}.csv", table.name)}, "extract": {"column": column.name}},
        });
        if let Some(description) = about.field(&column.name, "description") {
            field["description"] = json!(description);
        }
        // A reference out of the dataset leads out of the document.
        let reference = table.schema.foreign_keys.iter().find(|key| key.columns == [column.name.as_str()]);
        if let Some(key) = reference.filter(|key| tables.iter().any(|table| table.entry.name == key.table)) {
            field["references"] = json!({"field": {"@id": format!("{}/{}", key.table, key.references[0])}});
        }
        field
    });
    set["field"] = fields.collect();
    set
}

fn data_type(column: &Column) -> &'static str {
    match column.column_type {
        // Readers make a number of each cell, and of an empty one too.
        ColumnType::Integer | ColumnType::Year if column.required => "sc:Integer",
        ColumnType::Integer | ColumnType::Year | ColumnType::Number => "sc:Float",
        ColumnType::Boolean if column.required => "sc:Boolean",
        ColumnType::Date => "sc:Date",
        ColumnType::Datetime => "sc:DateTime",
        _ => "sc:Text",
    }
}
