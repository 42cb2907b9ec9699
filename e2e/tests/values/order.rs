//! The file's order of rows is the default order.

use crate::release::Release;

#[test]
fn rows_come_in_the_files_order() {
    let csv = "k,v\nb,1\na,3\n,2\nc,1\n";
    for schema in [
        r#"{"fields": [{"name": "k"}, {"name": "v", "type": "integer"}]}"#,
        r#"{"fields": [{"name": "k"}, {"name": "v", "type": "integer"}], "uniqueKeys": [["k"], ["v", "k"]]}"#,
    ] {
        let release = Release::new(schema, csv);
        assert_eq!(
            release.get("/t"),
            "[{\"k\":\"b\",\"v\":1},\n {\"k\":\"a\",\"v\":3},\n {\"k\":null,\"v\":2},\n {\"k\":\"c\",\"v\":1}]"
        );
    }
    for key in ["integer", "string", "number"] {
        let schema = format!(r#"{{"fields": [{{"name": "k", "type": "{key}"}}], "primaryKey": "k"}}"#);
        let release = Release::new(&schema, "k\n3\n1\n2\n");
        let rows: serde_json::Value = serde_json::from_str(&release.get("/t")).unwrap();
        let keys: Vec<String> =
            rows.as_array().unwrap().iter().map(|row| row["k"].to_string().replace('"', "")).collect();
        assert_eq!(keys, ["3", "1", "2"], "{key}");
    }
}
