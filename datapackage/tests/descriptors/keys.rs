//! Primary, unique and foreign keys.

use crate::workspace::{Workspace, schema};

const FIELDS: &str = r#""fields": [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}, {"name": "up", "type": "integer"}]"#;

fn keys(keys: &str) -> Workspace {
    schema(&format!("{{{FIELDS},\n{keys}}}"))
}

#[test]
fn keys_of_fields_that_do_not_exist() {
    keys(r#""primaryKey": ["id", "nme"]"#).finds(
        "datasets/shop/datapackage.json:4: [unknown-field] resource `a`: `primaryKey`: there is no field `nme`
         help: did you mean `name`?",
    );
    keys(r#""primaryKey": ["id", "id"]"#)
        .finds("datasets/shop/datapackage.json:4: [invalid-property] resource `a`: `primaryKey`: field `id` is named twice");
    keys(r#""primaryKey": 1"#)
        .finds("datasets/shop/datapackage.json:4: [invalid-property] resource `a`: `primaryKey` must be an array of strings, not 1");
    keys(r#""uniqueKeys": [["id", "x"], ["name"], "id", []]"#).finds(
        "datasets/shop/datapackage.json:4: [unknown-field] resource `a`: `uniqueKeys`: there is no field `x`
         datasets/shop/datapackage.json:4: [invalid-property] resource `a`: each of `uniqueKeys` must be an array of field names
         datasets/shop/datapackage.json:4: [invalid-property] resource `a`: each of `uniqueKeys` must be an array of field names",
    );
}

#[test]
fn unique_keys_are_collected_once() {
    let datasets = schema(
        r#"{"fields": [{"name": "a", "constraints": {"unique": true}}, {"name": "b", "constraints": {"unique": true, "required": true}}, {"name": "c"}],
            "primaryKey": ["a"], "uniqueKeys": [["b"], ["c", "b"], ["a"]]}"#,
    )
    .finds("");
    let table = &datasets[0].tables[0];
    assert_eq!(table.unique_keys, [vec!["b"], vec!["c", "b"]]);
    assert_eq!(table.fields.iter().map(|field| field.required).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn foreign_keys_that_do_not_hold() {
    let foreign = |key: &str| keys(&format!("\"primaryKey\": \"id\",\n\"foreignKeys\": [\n{key}]"));
    let path = "datasets/shop/datapackage.json:6";
    for (key, message) in [
        (r#"1"#, "[invalid-property] resource `a`: each of `foreignKeys` must be an object, not a number"),
        (r#"{"fields": "up"}"#, "[missing-property] resource `a`: foreign key: `reference` is missing"),
        (
            r#"{"fields": "up", "reference": "a"}"#,
            "[invalid-property] resource `a`: foreign key: `reference` must be an object, not \"a\"",
        ),
        (
            r#"{"reference": {"fields": "id"}}"#,
            "[missing-property] resource `a`: foreign key: `fields` is missing",
        ),
        (
            r#"{"fields": [], "reference": {"fields": "id"}}"#,
            "[missing-property] resource `a`: foreign key: `fields` is empty",
        ),
        (
            r#"{"fields": "up", "reference": {}}"#,
            "[missing-property] resource `a`: foreign key: reference: `fields` is missing",
        ),
        (
            r#"{"fields": "upp", "reference": {"fields": "id"}}"#,
            "[unknown-field] resource `a`: `foreignKeys`: there is no field `upp`\n  help: did you mean `up`?",
        ),
        (
            r#"{"fields": ["up", "id"], "reference": {"fields": "id"}}"#,
            "[invalid-property] resource `a`: foreign key: 2 fields refer to 1 fields; both must have the same number",
        ),
        (
            r#"{"fields": "up", "reference": {"fields": "idd"}}"#,
            "[unknown-field] resource `a`: foreign key (`up`): there is no field `idd` in `a`\n  help: did you mean `id`?",
        ),
        (
            r#"{"fields": "up", "reference": {"resource": "b", "fields": "id"}}"#,
            "[unknown-table] resource `a`: foreign key (`up`): there is no table `b`\n  help: available: `a`",
        ),
        (
            r#"{"fields": "up", "reference": {"package": "shops", "resource": "a", "fields": "id"}}"#,
            "[unknown-table] resource `a`: foreign key (`up`): there is no dataset `shops`\n  help: did you mean `shop`?",
        ),
        (
            r#"{"fields": "up", "reference": {"package": "https://example.org/datapackage.json", "resource": "a", "fields": "id"}}"#,
            "[unsupported] resource `a`: foreign key: reference: `package` \"https://example.org/datapackage.json\" is not supported: only datasets in the same directory are",
        ),
        (
            r#"{"fields": "name", "reference": {"fields": "id"}}"#,
            "[reference-type] resource `a`: foreign key (`name`): `name` is of type string, `a.id` of type integer",
        ),
        (
            r#"{"fields": "id", "reference": {"fields": "up"}}"#,
            "[reference-not-unique] resource `a`: foreign key (`id`): (`up`) is not a key of `a`\n  help: make it the `primaryKey` of `a`, or one of its `uniqueKeys`",
        ),
    ] {
        let (datasets, found) = foreign(key).load();
        assert_eq!(found, format!("{path}: {message}\n"));
        assert!(datasets[0].tables[0].foreign_keys.is_empty());
    }
    let datasets =
        foreign(r#"{"fields": ["up"], "reference": {"resource": "", "fields": ["id"]}}"#).finds("");
    assert_eq!(datasets[0].tables[0].foreign_keys[0].table, "a");
}

#[test]
fn foreign_keys_have_names_of_their_own() {
    let foreign = |keys_: &str| keys(&format!("\"primaryKey\": \"id\",\n\"foreignKeys\": [\n{keys_}]"));
    let datasets = foreign(
        r#"{"name": "parent", "fields": "up", "reference": {"fields": "id"}}, {"fields": "id", "reference": {"fields": "id"}}"#,
    )
    .finds("");
    let keys: Vec<_> = datasets[0].tables[0]
        .foreign_keys
        .iter()
        .map(|key| (key.name.as_deref(), key.constraint("a")))
        .collect();
    assert_eq!(keys, [(Some("parent"), "parent".to_owned()), (None, "a_id_fkey".to_owned())]);
    let up = r#""fields": "up", "reference": {"fields": "id"}}"#;
    let id = r#""fields": "id", "reference": {"fields": "id"}}"#;
    let path = "datasets/shop/datapackage.json";
    for (keys, found) in [
        (
            format!(r#"{{"name": 1, {up}"#),
            "6: [invalid-property] resource `a`: foreign key: `name` must be a string, not 1\n  help: put it in quotes: \"1\"",
        ),
        (
            format!(r#"{{"name": "", {up}"#),
            "6: [invalid-property] resource `a`: foreign key: name \"\" must not be empty or contain control characters",
        ),
        (
            format!("{{\"name\": \"x\", {up},\n{{\"name\": \"x\", {id}"),
            "7: [invalid-property] resource `a`: foreign key (`id`): name \"x\" is that of the foreign key (`up`)",
        ),
        (
            format!("{{\"name\": \"a_id_fkey\", {up},\n{{{id}"),
            "6: [invalid-property] resource `a`: foreign key (`up`): name \"a_id_fkey\" is that of the foreign key (`id`)\n  help: a foreign key without a name has the one that PostgreSQL would give it: <table>_<columns>_fkey",
        ),
    ] {
        assert_eq!(foreign(&keys).load().1, format!("{path}:{found}\n"));
    }
}

#[test]
fn a_label_is_a_field_of_type_string() {
    let label = |value: &str| keys(&format!("\"labelField\":\n{value}"));
    let datasets = label("\"name\"").finds("");
    assert_eq!(datasets[0].tables[0].label.as_deref(), Some("name"));
    let path = "datasets/shop/datapackage.json";
    for (value, found) in [
        (
            "1",
            "[invalid-property] resource `a`: `labelField` must be a string, not 1\n  help: put it in quotes: \"1\"",
        ),
        (
            "\"nam\"",
            "[unknown-field] resource `a`: `labelField`: there is no field `nam`\n  help: did you mean `name`?",
        ),
        ("\"id\"", "[invalid-property] resource `a`: `labelField` is for fields of type string, not integer"),
    ] {
        assert_eq!(label(value).load().1, format!("{path}:5: {found}\n"));
    }
}

/// Two datasets, each with a table `one` or `two`; the second refers to the first.
fn two(reference: &str, first: &str) -> Workspace {
    Workspace::new()
        .file("one/datapackage.json", format!("{{\"name\": \"one\", \"resources\": [{{\"name\": \"one\", \"path\": \"{first}\", \"schema\": {{\"fields\": [{{\"name\": \"x\"}}, {{\"name\": \"y\"}}], \"uniqueKeys\": [[\"x\", \"y\"]]}}}}]}}"))
        .file("one/a.csv", "")
        .file("two/datapackage.json", format!("{{\"name\": \"two\", \"resources\": [{{\"name\": \"two\", \"path\": \"a.csv\", \"schema\": {{\"fields\": [{{\"name\": \"a\"}}, {{\"name\": \"b\"}}], \"foreignKeys\": [{{\"fields\": [\"b\", \"a\"], \"reference\": {reference}}}]}}}}]}}"))
        .file("two/a.csv", "")
}

#[test]
fn foreign_keys_across_datasets() {
    for reference in [
        r#"{"resource": "one", "fields": ["y", "x"]}"#,
        r#"{"resource": "one", "package": "one", "fields": ["y", "x"]}"#,
    ] {
        let datasets = two(reference, "a.csv").finds("");
        let key = &datasets[1].tables[0].foreign_keys[0];
        assert_eq!(
            (key.table.as_str(), &*key.columns, &*key.references),
            ("one", &["b".into(), "a".into()][..], &["y".into(), "x".into()][..])
        );
    }
    two(r#"{"resource": "one", "package": "two", "fields": ["y", "x"]}"#, "a.csv").finds(
        "datasets/two/datapackage.json:1: [unknown-table] resource `two`: foreign key (`b`, `a`): there is no table `one`
         help: available: `two`",
    );
}

#[test]
fn a_table_that_can_not_be_used_is_not_an_unknown_one() {
    two(r#"{"resource": "one", "fields": ["y", "x"]}"#, "b.csv").finds(
        "datasets/one/datapackage.json:1: [missing-file] resource `one`: `path`: \"b.csv\" does not exist",
    );
}
