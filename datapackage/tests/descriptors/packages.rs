//! Packages and resources: what must be there, and of what kind.

use datapackage::schema::{FieldsMatch, Hash, HashAlgorithm};

use crate::workspace::{Workspace, resource, schema, shop};

const FIELDS: &str = r#""schema": {"fields": [{"name": "id"}]}"#;

#[test]
fn nothing_to_publish() {
    Workspace::new()
        .finds("datasets: [missing-file] no dataset: no datapackage.json, datapackage.yaml, datapackage.yml in this directory or below");
}

#[test]
fn datasets_come_in_order_of_path() {
    let descriptor = |name: &str| {
        format!(
            "{{\"name\": \"{name}\", \"resources\": [{{\"name\": \"t{name}\", \"path\": \"a.csv\", {FIELDS}}}]}}"
        )
    };
    let mut workspace = Workspace::new();
    for name in ["b", "a", "c/d", "c", ".git"] {
        let file = format!("{name}/datapackage.json");
        workspace =
            workspace.file(&file, descriptor(&name.replace('/', "-"))).file(&format!("{name}/a.csv"), "id\n");
    }
    let datasets = workspace.finds("");
    let paths: Vec<&str> = datasets.iter().map(|dataset| dataset.path.as_str()).collect();
    assert_eq!(
        paths,
        ["a/datapackage.json", "b/datapackage.json", "c/datapackage.json", "c/d/datapackage.json"]
    );
    assert_eq!(datasets[3].tables[0].files[0].path, "c/d/a.csv");
}

#[test]
fn two_descriptors_in_one_directory() {
    let descriptor = format!("{{\"resources\": [{{\"name\": \"a\", \"path\": \"a.csv\", {FIELDS}}}]}}");
    let workspace = shop(&descriptor).file("shop/datapackage.yml", "{}");
    let datasets = workspace.finds(
        "datasets/shop/datapackage.yml:1: [duplicate-descriptor] the directory already has a descriptor: `datapackage.json`",
    );
    assert_eq!(datasets[0].name, "shop");
}

#[test]
fn what_a_package_must_have() {
    shop("{}")
        .finds("datasets/shop/datapackage.json:1: [missing-property] the package: `resources` is missing");
    Workspace::new().file("datapackage.json", "{\"resources\": 1}").finds(
        "datasets/datapackage.json:1: [missing-property] the package: `name` is missing
         datasets/datapackage.json:1: [invalid-property] the package: `resources` must be an array, not 1",
    );
    shop("{\"name\": 1, \"version\": 2.0, \"licenses\": {}, \"title\": null,\n\"resources\": [\n\"a.csv\"]}").finds(
        "datasets/shop/datapackage.json:1: [invalid-property] the package: `name` must be a string, not 1
         help: put it in quotes: \"1\"
         datasets/shop/datapackage.json:1: [invalid-property] the package: `version` must be a string, not 2.0
         help: put it in quotes: \"2.0\"
         datasets/shop/datapackage.json:1: [invalid-property] the package: `title` must be a string, not null
         datasets/shop/datapackage.json:1: [invalid-property] the package: `licenses` must be an array, not an object
         datasets/shop/datapackage.json:3: [invalid-property] resource 1 must be an object, not a string",
    );
}

#[test]
fn versions() {
    let found = |version: &str| {
        let descriptor = format!(
            "{{\"version\": \"{version}\", \"resources\": [{{\"name\": \"a\", \"path\": \"a.csv\", {FIELDS}}}]}}"
        );
        shop(&descriptor).load().1
    };
    for version in ["0.0.0", "1.2.3", "10.20.30-rc.1+build.01", "1.0.0--", "1.0.0+0"] {
        assert_eq!(found(version), "", "{version}");
    }
    for version in
        ["", "2026", "1.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "v1.0.0", "1.0.0.0", "1.0.0-ä"]
    {
        let expected = format!(
            "datasets/shop/datapackage.json:1: warning [invalid-version] the package: version \"{version}\" is not a semantic version\n  \
             help: use MAJOR.MINOR.PATCH, such as 1.0.0; `builder diff` and `builder bump` need it\n"
        );
        assert_eq!(found(version), expected);
    }
}

#[test]
fn what_a_resource_must_have() {
    let descriptor = format!(
        "{{\"resources\": [\n{{\"path\": \"a.csv\", {FIELDS}}},\n{{\"name\": \"b\", {FIELDS}}},\n{{\"name\": \"c\", \"path\": [], {FIELDS}}},\n{{\"name\": \"d\", \"path\": \"a.csv\"}}]}}"
    );
    let datasets = shop(&descriptor).finds(
        "datasets/shop/datapackage.json:2: [missing-property] resource 1: `name` is missing
         datasets/shop/datapackage.json:3: [missing-property] resource `b`: `path` is missing
         datasets/shop/datapackage.json:4: [missing-property] resource `c`: `path` is empty
         datasets/shop/datapackage.json:5: [missing-schema] resource `d`: `schema` is missing
         help: describe the columns in `schema`; `builder init FILE.csv` writes one",
    );
    assert!(datasets[0].tables.is_empty());
}

#[test]
fn what_is_no_table() {
    let other = |properties: &str| resource(properties).load().1;
    let warning = "datasets/shop/datapackage.json:3: warning [not-tabular] resource `a`: not a table, so it is not published\n  help: a CSV file with a `schema` is a table\n";
    for properties in [
        r#""path": "a.png""#,
        r#""path": "missing.json""#,
        r#""data": {"a": 1}"#,
        r#""path": "a.csv", "format": "json""#,
    ] {
        assert_eq!(other(properties), warning, "{properties}");
    }
}

#[test]
fn what_is_a_table_in_another_format() {
    for (properties, format) in [
        (format!(r#""path": "a.csv", "format": "xlsx", {FIELDS}"#), "xlsx"),
        (format!(r#""path": "a.csv", "format": "parquet", {FIELDS}"#), "parquet"),
        (
            r#""path": "a.csv", "type": "table", "format": "ods", "schema": {"fields": [{"name": "id"}]}"#
                .to_owned(),
            "ods",
        ),
    ] {
        let expected = format!(
            "datasets/shop/datapackage.json:3: [unsupported] resource `a`: tables in format \"{format}\" are not supported, only csv and tsv"
        );
        resource(&properties).finds(&expected);
    }
    resource(&format!(r#""data": [{{"id": 1}}], {FIELDS}"#)).finds(
        "datasets/shop/datapackage.json:3: [unsupported] resource `a`: inline `data` is not supported
         help: put the rows in a CSV file and name it in `path`",
    );
}

#[test]
fn tab_separated_values() {
    for (properties, delimiter) in [
        (r#""path": "a.csv", "format": "tsv""#, b'\t'),
        (r#""path": "a.csv", "mediatype": "text/tab-separated-values""#, b'\t'),
        (r#""path": "a.csv", "format": "tsv", "dialect": {"delimiter": ";"}"#, b';'),
        (r#""path": "a.csv", "format": "CSV""#, b','),
    ] {
        let datasets = resource(&format!("{properties}, {FIELDS}")).finds("");
        assert_eq!(datasets[0].tables[0].dialect.delimiter, delimiter, "{properties}");
    }
}

#[test]
fn encodings() {
    for (label, name) in [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("latin1", "windows-1252"),
        ("latin-1", "windows-1252"),
        ("utf_8", "UTF-8"),
        ("iso8859_15", "ISO-8859-15"),
        ("Shift_JIS", "Shift_JIS"),
    ] {
        let datasets = resource(&format!(r#""path": "a.csv", "encoding": "{label}", {FIELDS}"#)).finds("");
        assert_eq!(datasets[0].tables[0].encoding.name(), name);
    }
    resource(&format!(r#""path": "a.csv", "encoding": "klingon", {FIELDS}"#)).finds(
        "datasets/shop/datapackage.json:3: [unsupported] resource `a`: encoding \"klingon\" is not known
           help: known are utf-8, utf-16, windows-1252 (latin-1), windows-1250, iso-8859-2, macintosh, shift_jis, gb18030 and the other names of the WHATWG and of Python",
    );
}

#[test]
fn bytes_and_hash() {
    let md5 = "0123456789abcdef0123456789ABCDEF";
    let datasets = resource(&format!(r#""path": "a.csv", "bytes": 8, "hash": "{md5}", {FIELDS}"#)).finds("");
    let file = &datasets[0].tables[0].files[0];
    assert_eq!(file.bytes, Some(8));
    assert_eq!(file.hash, Some(Hash { algorithm: HashAlgorithm::Md5, digest: md5.to_lowercase() }));
    let sha1 = "8843d7f92416211de9ebb963ff4ce28125932878";
    let datasets = resource(&format!(r#""path": "a.csv", "hash": "sha1:{sha1}", {FIELDS}"#)).finds("");
    let hash = datasets[0].tables[0].files[0].hash.clone().unwrap();
    assert_eq!((hash.algorithm, hash.digest.as_str()), (HashAlgorithm::Sha1, sha1));
    resource(&format!(r#""path": "a.csv", "bytes": -1, "hash": "sha256:abc", {FIELDS}"#)).finds(
        "datasets/shop/datapackage.json:3: [invalid-property] resource `a`: `bytes` must be an integer of at least 0, not -1
         datasets/shop/datapackage.json:3: [invalid-property] resource `a`: `hash` must be 64 hexadecimal digits for sha256, not \"abc\"",
    );
    resource(&format!(r#""path": "a.csv", "bytes": "8", "hash": "crc32:abc", {FIELDS}"#)).finds(
        "datasets/shop/datapackage.json:3: [invalid-property] resource `a`: `bytes` must be an integer of at least 0, not \"8\"
         datasets/shop/datapackage.json:3: [unsupported] resource `a`: hash algorithm \"crc32\" is not supported
         help: supported: md5, sha1, sha256, sha512",
    );
}

#[test]
fn fields_match() {
    for (given, expected) in [
        (r#""exact""#, FieldsMatch::Exact),
        (r#""equal""#, FieldsMatch::Equal),
        (r#""subset""#, FieldsMatch::Subset),
        (r#""superset""#, FieldsMatch::Superset),
        (r#"["partial"]"#, FieldsMatch::Partial),
    ] {
        let datasets =
            schema(&format!(r#"{{"fieldsMatch": {given}, "fields": [{{"name": "id"}}]}}"#)).finds("");
        assert_eq!(datasets[0].tables[0].fields_match, expected);
    }
    schema(r#"{"fieldsMatch": "superst", "fields": [{"name": "id"}]}"#).finds(
        "datasets/shop/datapackage.json:3: [invalid-property] resource `a`: `fieldsMatch` \"superst\" does not exist
         help: did you mean `superset`?",
    );
}

#[test]
fn missing_values() {
    let datasets = resource(
        r#""path": "a.csv", "dialect": {"nullSequence": "\\N"}, "schema": {"missingValues": ["", "NA"], "fields": [
            {"name": "a"}, {"name": "b", "missingValues": ["-"]}, {"name": "c", "missingValues": []},
            {"name": "d", "missingValues": [{"value": "-99", "label": "refused"}, {"value": "\\N"}]}]}"#,
    )
    .finds("");
    let values: Vec<&[String]> =
        datasets[0].tables[0].fields.iter().map(|field| &*field.missing_values).collect();
    assert_eq!(values, [&["", "NA", "\\N"][..], &["-", "\\N"], &["\\N"], &["-99", "\\N"]]);
    schema(r#"{"fields": [{"name": "id"}], "missingValues": ["-", "-", 0, {"label": "x"}]}"#).finds(
        "datasets/shop/datapackage.json:3: [invalid-property] resource `a`: `missingValues` has \"-\" twice
         datasets/shop/datapackage.json:3: [invalid-property] resource `a`: `missingValues` must contain strings, or objects with a string `value`
         datasets/shop/datapackage.json:3: [invalid-property] resource `a`: `missingValues` must contain strings, or objects with a string `value`",
    );
}

#[test]
fn version_1() {
    let datasets = shop(
        r#"{"profile": "tabular-data-package", "name": "old", "resources": [{"profile": "tabular-data-resource", "name": "a",
            "path": "a.csv", "size": "16863", "dialect": {"delimiter": "|", "csvddfVersion": "1.2"}, "schema": {"fields": [
            {"name": "id", "type": "integer"}, {"name": "parent", "type": "integer"}, {"name": "day", "type": "date", "format": "fmt:default"}],
            "primaryKey": "id", "foreignKeys": [{"fields": "parent", "reference": {"resource": "", "fields": "id"}}]}}]}"#,
    )
    .finds("");
    let table = &datasets[0].tables[0];
    assert_eq!(table.primary_key, ["id"]);
    assert!(table.fields[0].required && !table.fields[1].required);
    assert_eq!(table.foreign_keys[0].table, "a");
    assert_eq!(table.fields[2].format, None);
}
