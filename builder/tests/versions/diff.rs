//! `builder diff`

use crate::repository::{Repository, shop};

#[test]
fn text_has_every_kind_of_change() {
    let shop = shop();
    shop.write("datasets/shop/items.csv", "id,name,price\n1,one,1.50\n2,TWO,2.5\n4,four,4\n5,,5\n6,six,6\n");
    assert_eq!(
        shop.output(&["diff", "HEAD"]),
        r#"shop: 1.0.0, the changes are MINOR and need 1.1.0
  items: 5 rows
    [rows-added] 1 row added
    [rows-removed] 1 row removed
    [rows-changed] 2 rows changed
    - 3 {"id":3,"name":"three","price":3}
    ~ 2 name: "two" -> "TWO", price: 2 -> 2.5
    ~ 5 name: "five" -> null
    + 6 {"id":6,"name":"six","price":6}
"#
    );
}

#[test]
fn json_has_every_row() {
    let shop = shop();
    let many: String = (1..=100).map(|id| format!("{id},n{id},1\n")).collect();
    shop.write("datasets/shop/items.csv", format!("id,name,price\n{many}"));
    let json: serde_json::Value =
        serde_json::from_str(&shop.output(&["diff", "HEAD", "--format", "json"])).unwrap();
    let table = &json["datasets"][0]["tables"][0];
    assert_eq!((&table["added"], &table["changed"]), (&95.into(), &5.into()));
    assert_eq!(table["rows"].as_array().unwrap().len(), 100);
    let text = shop.output(&["diff", "HEAD"]);
    assert!(text.ends_with("\n    ... and 75 changed rows that the JSON format shows\n"), "{text}");
}

#[test]
fn json_exactly() {
    let shop = shop();
    shop.write(
        "datasets/shop/items.csv",
        "id,name,price\n2,TWO,2\n3,three,3\n4,four,4\n5,five,5\n9,\"a\"\"b\",\n",
    );
    assert_eq!(
        shop.output(&["diff", "HEAD", "--format", "json"]),
        r#"{"old":"HEAD","new":"datasets","datasets":[
{"name":"shop","presence":"both","old_version":"1.0.0","new_version":"1.0.0","level":"MINOR","next_version":"1.1.0","causes":[{"table":"items","rule":"rows-added","level":"MINOR","text":"1 row added"},{"table":"items","rule":"rows-removed","level":"MINOR","text":"1 row removed"},{"table":"items","rule":"rows-changed","level":"PATCH","text":"1 row changed"}],"tables":[
{"name":"items","presence":"both","key":["id"],"old_rows":5,"new_rows":5,"added":1,"removed":1,"changed":1,"rows":[
{"change":"removed","key":"1","old":{"id":1,"name":"one","price":1.5}},
{"change":"changed","key":"2","old":{"name":"two"},"new":{"name":"TWO"}},
{"change":"added","key":"9","new":{"id":9,"name":"a\"b","price":null}}]}]}
]}
"#
    );
    shop.run(&["diff", "HEAD", "HEAD", "--format", "json"]).is(
        0,
        "{\"old\":\"HEAD\",\"new\":\"HEAD\",\"datasets\":[\n]}\n",
        "",
    );
}

#[test]
fn databases_directories_and_revisions_are_alike() {
    let shop = shop();
    shop.output(&["build", "-q", "-o", "old"]);
    shop.edit("datasets/shop/items.csv", "1,one,1.5", "1,one,1.25");
    shop.output(&["build", "-q", "-o", "new"]);
    let second = shop.commit("1.0.0 again");
    let expected = "shop: 1.0.0, the changes are PATCH and need 1.0.1
  items: 5 rows
    [rows-changed] 1 row changed
    ~ 1 price: 1.5 -> 1.25
";
    for old in ["old", "old/data.db", "HEAD~1", "main^"] {
        for new in ["new", "new/data.db", "HEAD", &second] {
            assert_eq!(shop.output(&["diff", old, new]), expected, "{old} {new}");
        }
        assert_eq!(shop.output(&["diff", old]), expected, "{old}");
    }
    assert_eq!(shop.output(&["diff", "new", "HEAD"]), "no differences\n");
}

#[test]
fn rows_without_a_key_are_a_multiset() {
    let shop = shop();
    shop.edit("datasets/shop/datapackage.json", ",\n        \"primaryKey\": \"id\"", "");
    shop.write("datasets/shop/items.csv", "id,name,price\n1,one,1\n1,one,1\n1,one,1\n2,two,2\n,no,\n");
    shop.commit("no key");
    shop.write("datasets/shop/items.csv", "id,name,price\n,no,\n2,two,2.5\n1,one,1\n3,,3\n3,,3\n");
    assert_eq!(
        shop.output(&["diff", "HEAD"]),
        r#"shop: 1.0.0, the changes are MINOR and need 1.1.0
  items: 5 rows
    [rows-added] 3 rows added
    [rows-removed] 3 rows removed
    - {"id":1,"name":"one","price":1}
    - {"id":1,"name":"one","price":1}
    - {"id":2,"name":"two","price":2}
    + {"id":2,"name":"two","price":2.5}
    + {"id":3,"name":null,"price":3}
    + {"id":3,"name":null,"price":3}
"#
    );
}

#[test]
fn columns_that_come_go_and_change_their_type() {
    let shop = shop();
    let descriptor = "datasets/shop/datapackage.json";
    shop.edit(descriptor, r#"{"name": "name", "type": "string"}"#, r#"{"name": "label", "type": "string"}"#);
    shop.edit(
        descriptor,
        r#"{"name": "price", "type": "number"}"#,
        r#"{"name": "price", "type": "string"}, {"name": "side", "type": "boolean"}"#,
    );
    shop.write("datasets/shop/items.csv", "id,label,price,side\n1,,1.50,\n2,two,,true\n3,,,\n4,,,\n5,,,\n");
    assert_eq!(
        shop.output(&["diff", "HEAD"]),
        r#"shop: 1.0.0, the changes are MAJOR and need 2.0.0
  items: 5 rows
    [column-removed] column `name` was removed
    [column-retyped] column `price` changed from type number to string
    [column-inserted] column `label` (string) was added before others
    [column-appended] column `side` (boolean) was added at the end
    [rows-changed] 5 rows changed
    ~ 1 price: 1.5 -> "1.50", name: "one" -> null
    ~ 2 label: null -> "two", price: 2 -> null, side: null -> true, name: "two" -> null
    ~ 3 price: 3 -> null, name: "three" -> null
    ~ 4 price: 4 -> null, name: "four" -> null
    ~ 5 price: 5 -> null, name: "five" -> null
"#
    );
}

/// A whole number is the same number in JSON in any storage; a text of digits is not.
#[test]
fn a_value_is_what_its_json_is() {
    let shop = shop();
    let descriptor = "datasets/shop/datapackage.json";
    shop.write("datasets/shop/items.csv", "id,name,price\n1,1,1\n2,2,2\n");
    shop.commit("whole");
    shop.edit(
        descriptor,
        r#"{"name": "price", "type": "number"}"#,
        r#"{"name": "price", "type": "integer"}"#,
    );
    let text = shop.output(&["diff", "HEAD"]);
    assert!(!text.contains("rows-changed") && text.contains("column-retyped"), "{text}");
    shop.edit(descriptor, r#"{"name": "name", "type": "string"}"#, r#"{"name": "name", "type": "integer"}"#);
    let text = shop.output(&["diff", "HEAD"]);
    assert!(text.contains("    ~ 1 name: \"1\" -> 1\n    ~ 2 name: \"2\" -> 2\n"), "{text}");
}

#[test]
fn datasets_and_tables_that_come_and_go() {
    let shop = shop();
    let descriptor = shop.text("datasets/shop/datapackage.json");
    shop.write(
        "datasets/more/datapackage.json",
        descriptor.replace("shop", "more").replace("items", "things"),
    );
    shop.write("datasets/more/things.csv", "id,name,price\n1,one,1.5\n");
    shop.edit("datasets/shop/datapackage.json", "\"name\": \"items\"", "\"name\": \"goods\"");
    shop.edit("datasets/shop/datapackage.json", "1.0.0", "1.0.1");
    assert_eq!(
        shop.output(&["diff", "HEAD"]),
        "more: new, 1.0.0
  things: new, 1 row

shop: 1.0.0 -> 1.0.1, the changes are MAJOR and need 2.0.0
  [table-added] table `goods` was added
  [table-removed] table `items` was removed
  goods: new, 5 rows
  items: removed, had 5 rows
"
    );
}

#[test]
fn what_can_not_be_compared() {
    let shop = shop();
    shop.run(&["diff", "v9"]).is(
        2,
        "",
        "error: `v9` is not a release, and it can't be read as a revision: `v9` is not a revision of the Git repository\n",
    );
    shop.run(&["diff", "--", "-x"]).is(
        2,
        "",
        "error: `-x` is not a release, and it can't be read as a revision: `-x` is not a revision of the Git repository\n",
    );
    shop.run(&["diff", "datasets/shop/items.csv"]).is(
        2,
        "",
        "error: `datasets/shop/items.csv` can't be compared: it is not an SQLite database\n",
    );
    let (good, broken) = ("1,one,1.5", "1,one,dear");
    shop.edit("datasets/shop/items.csv", good, broken);
    shop.run(&["diff", "HEAD", "--quiet"]).is(
        1,
        "datasets/shop/items.csv:2: [type-error] column `price`: \"dear\" is not a number\n",
        "error: 1 problem in 1 file (1 dataset, 5 rows checked)\n",
    );
    shop.commit("broken");
    shop.edit("datasets/shop/items.csv", broken, good);
    shop.run(&["diff", "HEAD"]).is(
        2,
        "",
        "error: `HEAD` is not a release, and it can't be read as a revision: 1 problem in its datasets, such as \
         shop/items.csv:2: [type-error] column `price`: \"dear\" is not a number\n",
    );
    let plain = Repository::plain();
    plain.write("datasets/d/x", "");
    plain.run(&["diff", "HEAD"]).is(
        2,
        "",
        "error: `HEAD` is not a release, and it can't be read as a revision: `datasets` is not in a Git repository\n",
    );
}

/// A schema in a separate file is compared like one in the descriptor, wherever the two sides
/// come from.
#[test]
fn a_schema_in_a_file_is_compared() {
    let shop = shop();
    let descriptor: serde_json::Value =
        serde_json::from_str(&shop.text("datasets/shop/datapackage.json")).unwrap();
    let mut resource = descriptor["resources"][0].clone();
    shop.write("datasets/shop/items.schema.json", resource["schema"].to_string());
    resource["schema"] = "items.schema.json".into();
    let mut apart = descriptor.clone();
    apart["resources"][0] = resource;
    shop.write("datasets/shop/datapackage.json", apart.to_string());
    shop.output(&["build", "--quiet", "-o", "before"]);
    assert_eq!(shop.output(&["diff", "HEAD"]), "no differences\n");
    shop.commit("a file of its own");

    shop.edit(
        "datasets/shop/items.schema.json",
        r#""name":"price","#,
        r#""name":"price","title":"Price","constraints":{"maximum":5},"#,
    );
    let changes = r#"shop: 1.0.0, the changes are MAJOR and need 2.0.0
  items: 5 rows
    [constraint-tightened] column `price`: `maximum` 5 was added
    [metadata-changed] column `price`: `title` was added
"#;
    assert_eq!(shop.output(&["diff", "HEAD"]), changes);
    assert_eq!(shop.output(&["diff", "before"]), changes);
    shop.output(&["build", "--quiet", "-o", "after"]);
    assert_eq!(shop.output(&["diff", "before", "after"]), changes);
    assert_eq!(shop.output(&["diff", "before/data.db", "after/data.db"]), changes);
    shop.commit("a constraint");
    assert_eq!(shop.output(&["diff", "HEAD~1", "HEAD"]), changes);
    assert_eq!(shop.output(&["diff", "HEAD~2", "HEAD"]), changes);
}

#[test]
fn nan_is_a_value() {
    let shop = shop();
    shop.edit("datasets/shop/items.csv", "2,two,2\n", "2,two,NaN\n");
    assert_eq!(
        shop.output(&["diff", "HEAD"]),
        "shop: 1.0.0, the changes are PATCH and need 1.0.1\n  items: 5 rows\n    [rows-changed] 1 row changed\n    \
         ~ 2 price: 2 -> \"NaN\"\n"
    );
}

/// As the API shows it: what looks like an array or object is one.
#[test]
fn json_in_a_column_of_any_type() {
    let shop = shop();
    shop.edit(
        "datasets/shop/datapackage.json",
        r#""name": "name", "type": "string""#,
        r#""name": "name", "type": "any""#,
    );
    shop.commit("any");
    shop.edit("datasets/shop/items.csv", "2,two,2\n", "2,\"[2,\n 3]\",2\n");
    assert_eq!(
        shop.output(&["diff", "HEAD"]),
        "shop: 1.0.0, the changes are PATCH and need 1.0.1\n  items: 5 rows\n    [rows-changed] 1 row changed\n    \
         ~ 2 name: \"two\" -> [2, 3]\n"
    );
}

/// `builder diff | head`, in each format, and what else prints.
#[test]
fn a_reader_that_needs_no_more() {
    let shop = shop();
    let rows: String = (0..2_000).map(|id| format!("{id},name,x\n")).collect();
    shop.edit("datasets/shop/items.csv", "two", "TWO");
    shop.commit("TWO");
    let closed = |arguments: &[&str]| {
        let (reading, writing) = std::io::pipe().unwrap();
        drop(reading);
        let output = shop.command(arguments).stdout(writing).stderr(std::process::Stdio::piped()).spawn();
        let output = output.unwrap().wait_with_output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for format in ["text", "json", "markdown"] {
        assert_eq!(
            closed(&["diff", "HEAD~1", "HEAD", "-q", "--format", format]),
            (Some(0), String::new()),
            "{format}"
        );
    }
    for arguments in
        [&["bump", "--against", "HEAD"][..], &["--help"], &["check", "--help"], &["--version"], &[]]
    {
        assert_eq!(closed(arguments), (Some(0), String::new()), "{arguments:?}");
    }
    assert_eq!(closed(&["completions", "bash"]), (Some(0), String::new()));
    shop.write("datasets/shop/items.csv", format!("id,name,price\n{rows}"));
    let summary = "error: 2 000 problems in 1 file (1 dataset, 2 000 rows checked)\n".to_owned();
    for format in ["text", "github"] {
        assert_eq!(closed(&["check", "--format", format]), (Some(1), summary.clone()), "{format}");
    }
    let not_shown = "note: datasets/shop/items.csv: 1 000 further problems not shown\n".to_owned();
    assert_eq!(closed(&["check", "--format", "json"]), (Some(1), not_shown + &summary));
}
