//! Datetimes in keys: one point in time has many spellings, and is one key.

use crate::workspace::Workspace;

#[test]
fn equal_points_in_time_are_one_key() {
    for (schema, name) in [
        (r#"{"fields": [{"name": "at", "type": "datetime"}], "primaryKey": "at"}"#, "primary"),
        (r#"{"fields": [{"name": "at", "type": "datetime", "constraints": {"unique": true}}]}"#, "unique"),
    ] {
        let csv = "at\n2024-01-01T00:00:00Z\n2024-01-01T01:00:00Z\n2024-01-01T01:00:00.0+01:00\n";
        let workspace = Workspace::with_schema(schema, csv);
        let finding = "datasets/d/t.csv:4: [duplicate-key] key (`at`) = (\"2024-01-01T01:00:00.0+01:00\") \
                       is already used on line 2\n";
        workspace.check_finds(finding);
        let built = workspace.run(&["build", "-q"]);
        assert_eq!((built.stdout.as_str(), built.code), (finding, Some(1)), "{name}");
        // Different points in time in different spellings are fine.
        workspace.write("datasets/d/t.csv", "at\n2024-01-01T00:00:00Z\n2024-01-01T00:00:00+01:00\n");
        workspace.check_finds("");
        workspace.build();
    }
}

#[test]
fn references_compare_points_in_time() {
    let workspace = Workspace::new()
        .file(
            "datasets/d/datapackage.json",
            r#"{"name": "d", "resources": [
                {"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "at", "type": "datetime"}], "primaryKey": "at"}},
                {"name": "b", "path": "b.csv", "schema": {"fields": [{"name": "at", "type": "datetime"}],
                 "foreignKeys": [{"fields": "at", "reference": {"resource": "a", "fields": "at"}}]}}]}"#,
        )
        .file("datasets/d/a.csv", "at\n2024-01-01T00:00:00Z\n")
        .file("datasets/d/b.csv", "at\n2024-01-01T01:00:00+01:00\n");
    workspace.check_finds("");
    workspace.build();
    workspace.write("datasets/d/b.csv", "at\n2024-01-01T01:00:00Z\n");
    let finding =
        "datasets/d/b.csv:2: [unknown-reference] column `at`: \"2024-01-01T01:00:00Z\" is not in `a.at`\n";
    workspace.check_finds(finding);
    assert_eq!(workspace.run(&["build", "-q"]).stdout, finding);
}

#[test]
fn an_enumeration_of_points_in_time() {
    let field = r#"{"name": "at", "type": "datetime", "constraints": {"enum": ["2024-01-01T00:00:00Z"]}}"#;
    Workspace::table(field, "at\n2024-01-01T01:00:00+01:00\n").check_finds("");
}
