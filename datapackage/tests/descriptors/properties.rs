//! For any descriptor: findings with a position, no panic, and the remaining tables can be used.

use datapackage::cell::Parser;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::workspace::Workspace;

/// A package with one of everything, from which parts are changed.
fn package() -> Value {
    json!({
        "name": "shop", "version": "1.0.0", "title": "T", "licenses": [{"name": "MIT"}],
        "resources": [
            {
                "name": "a", "path": "a.csv", "format": "csv", "encoding": "utf-8", "bytes": 8, "hash": "sha1:8843d7f92416211de9ebb963ff4ce28125932878",
                "dialect": {"delimiter": ";", "quoteChar": "'", "headerRows": [1, 2], "commentRows": [3], "nullSequence": "NA"},
                "schema": {
                    "fieldsMatch": "subset", "missingValues": ["", {"value": "-", "label": "x"}],
                    "fields": [
                        {"name": "id", "type": "integer", "groupChar": ",", "constraints": {"minimum": 1, "maximum": "9,000", "unique": true}},
                        {"name": "name", "type": "string", "format": "email", "constraints": {"pattern": "a[b-d]+", "minLength": 1, "enum": ["a"]}},
                        {"name": "day", "type": "date", "format": "%d/%m/%Y", "missingValues": ["?"]},
                        {"name": "yes", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
                        {"name": "tags", "type": "list", "delimiter": ";", "itemType": "integer", "constraints": {"maxLength": 3}},
                        {"name": "kind", "type": "string", "categories": [{"value": "a"}, {"value": "b"}]},
                        {"name": "more", "type": "object", "constraints": {"jsonSchema": {"type": "object"}}}
                    ],
                    "primaryKey": ["id"], "uniqueKeys": [["name", "day"]],
                    "foreignKeys": [{"fields": ["id"], "reference": {"resource": "", "fields": ["id"]}}]
                }
            },
            {"name": "b", "path": ["a.csv", "b.csv"], "schema": "schema.json"}
        ]
    })
}

/// What a part may be changed to.
fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![
            ".*",
            "[%a-zA-Z/ \\\\]{0,8}",
            "[\\[\\](){}*+?.^$|\\\\a-z-]{0,12}",
            "(\\.\\./|/|\\./|a|b|\\.csv|%00){0,4}"
        ]
        .prop_map(Value::from),
        prop::sample::select(vec![
            "a", "id", "name", "any", "default", "integer", "a.csv", "%Y", "1", "", ","
        ])
        .prop_map(Value::from),
        prop::sample::select(vec![
            json!([]),
            json!({}),
            json!([1, "a", null]),
            json!({"value": 1}),
            json!([["id"]]),
            json!([{}]),
            json!({"type": {}})
        ]),
    ]
}

/// Changes the part that is `steps` deep, and any that those steps reach.
fn change(value: &mut Value, steps: &[usize], junk: Value, remove: bool) {
    let Some((step, rest)) = steps.split_first() else {
        *value = junk;
        return;
    };
    match value {
        Value::Array(items) if !items.is_empty() => {
            let at = step % items.len();
            if rest.is_empty() && remove {
                items.remove(at);
            } else {
                change(&mut items[at], rest, junk, remove);
            }
        }
        Value::Object(properties) if !properties.is_empty() => {
            let name = properties.keys().nth(step % properties.len()).unwrap().clone();
            if rest.is_empty() && remove {
                properties.remove(&name);
            } else {
                change(&mut properties[&name], rest, junk, remove);
            }
        }
        other => *other = junk,
    }
}

fn check(workspace: &Workspace) {
    let (datasets, found) = workspace.load();
    for line in found.lines() {
        assert!(line.starts_with("datasets") || line.starts_with("  help: "), "{line}");
    }
    for table in datasets.iter().flat_map(|dataset| &dataset.tables) {
        serde_json::from_str::<Map<String, Value>>(&table.about).unwrap();
        let names: Vec<&String> = table.fields.iter().map(|field| &field.name).collect();
        let keys = table.foreign_keys.iter().map(|key| &key.columns).chain(&table.unique_keys);
        assert!(keys.chain([&table.primary_key]).flatten().all(|name| names.contains(&name)));
        for field in &table.fields {
            for cell in ["", "1", "a", "2024-01-26", "[]"] {
                let _ = Parser::new(field).parse(cell); // either way is fine, a panic is not
            }
        }
    }
}

proptest! {
    #[test]
    fn changed_descriptors(changes in prop::collection::vec((prop::collection::vec(0_usize..20, 1..8), junk(), any::<bool>()), 1..4), yaml: bool) {
        let mut package = package();
        for (steps, junk, remove) in changes {
            change(&mut package, &steps, junk, remove);
        }
        let file = if yaml { "shop/datapackage.yaml" } else { "shop/datapackage.json" };
        let workspace = Workspace::new()
            .file(file, package.to_string())
            .file("shop/a.csv", "")
            .file("shop/b.csv", "")
            .file("shop/schema.json", "{\"fields\": [{\"name\": \"x\"}]}");
        check(&workspace);
    }

    #[test]
    fn texts_that_look_like_yaml(text in "([a-z]{1,4}: |- |\\n|  |[&*][ab] |[\\[\\]{},:#|>'\"!?%@`-]|null|1|\\.5e|0x|<<: ){0,40}") {
        check(&Workspace::new().file("shop/datapackage.yml", text));
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        check(&Workspace::new().file("a/datapackage.yml", &bytes).file("b/datapackage.json", &bytes));
    }

    /// serde_json is the reference for JSON: the tree with lines agrees with it.
    #[test]
    fn the_same_document_as_serde_json(text in "[a-z\"\\\\u0-9{}\\[\\],:. \\n-]{0,30}") {
        let descriptor = format!("{{\"resources\": [], \"x\": [{text}]}}");
        let judged = serde_json::from_str::<Value>(&descriptor);
        let (datasets, found) = Workspace::new().file("shop/datapackage.json", &descriptor).load();
        match judged {
            Ok(document) => {
                let about: Value = serde_json::from_str(&datasets[0].about).unwrap();
                prop_assert_eq!(&about["x"], &document["x"]);
            }
            Err(_) => prop_assert!(found.contains("[invalid-descriptor] not JSON"), "{}", found),
        }
    }
}
