//! docs/format.md, "Types": every row of its table, built and read.

use std::path::Path;

use crate::release::{Release, csv};

/// A row of the document's table.
struct Row {
    field: String,
    cell: String,
    sqlite: String,
    json: String,
    csv: String,
}

/// The cells of the document's rows; those that are no code stand for the empty text.
fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/format.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (_, section) = text.split_once("\n### Types\n").expect("the section");
    let section = section.split("\n#").next().unwrap();
    section
        .lines()
        .filter(|line| line.starts_with('|'))
        .skip(2)
        .enumerate()
        .map(|(number, line)| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [field_type, with, cell, sqlite, json, csv] = cells[..] else { panic!("{line}") };
            let code = |cell: &str| match cell.strip_prefix('`') {
                Some(cell) => cell.strip_suffix('`').expect("a closed code span").to_owned(),
                None => {
                    assert!(cell == "empty" || cell.is_empty(), "{line}");
                    String::new()
                }
            };
            let with = code(with);
            let comma = if with.is_empty() { "" } else { ", " };
            Row {
                field: format!(r#"{{"name": "c{number}", "type": "{field_type}"{comma}{with}}}"#),
                cell: code(cell),
                sqlite: code(sqlite),
                json: code(json),
                csv: code(csv),
            }
        })
        .collect()
}

#[test]
fn the_types_are_as_documented() {
    let rows = rows();
    let fields: Vec<&str> = rows.iter().map(|row| row.field.as_str()).collect();
    let names: Vec<String> = (0..rows.len()).map(|number| format!("c{number}")).collect();
    let header = names.iter().map(String::as_str).collect();
    let cells = rows.iter().map(|row| row.cell.as_str()).collect();
    let release = Release::new(&format!(r#"{{"fields": [{}]}}"#, fields.join(",\n")), &csv([header, cells]));

    let database = release.database();
    for (row, name) in rows.iter().zip(&names) {
        let sql = format!("SELECT typeof({name}) || ' ' || quote({name}) FROM t");
        let stored: String = database.query_row(&sql, [], |found| found.get(0)).unwrap();
        assert_eq!(stored, row.sqlite, "{}: {}", row.field, row.cell);
    }

    let shown: Vec<String> =
        rows.iter().zip(&names).map(|(row, name)| format!("\"{name}\":{}", row.json)).collect();
    assert_eq!(release.get("/t"), format!("[{{{}}}]", shown.join(",")));

    let csv: Vec<&str> = rows.iter().map(|row| row.csv.as_str()).collect();
    assert_eq!(release.get_as("/t", "text/csv"), format!("{}\n{}", names.join(","), csv.join(",")));
}

#[test]
fn every_type_and_format_is_documented() {
    let fields: Vec<String> = rows().into_iter().map(|row| row.field).collect();
    let has = |part: &str| fields.iter().any(|field| field.contains(part));
    for column_type in catalog::ColumnType::ALL {
        assert!(has(&format!("\"type\": \"{}\"", column_type.name())), "{column_type:?}");
    }
    for format in ["email", "uri", "binary", "uuid", "any", "array", "object", "topojson"] {
        assert!(has(&format!("\"format\": \"{format}\"")), "{format}");
    }
}
