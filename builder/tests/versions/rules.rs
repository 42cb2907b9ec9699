//! docs/versions.md against the program: each rule of its table, with a change that shows it.

use crate::repository::Repository;

const DESCRIPTOR: &str = "datasets/shop/datapackage.json";

fn base() -> Repository {
    let repository = Repository::new();
    repository.write(
        DESCRIPTOR,
        r#"{
  "name": "shop", "id": "first", "title": "Shop", "version": "1.2.3",
  "resources": [
    {"name": "items", "path": "items.csv", "schema": {
      "fields": [
        {"name": "id", "type": "integer"},
        {"name": "name", "type": "string"},
        {"name": "kind", "type": "integer"},
        {"name": "size", "type": "integer", "constraints": {"maximum": 9}}
      ],
      "primaryKey": ["id"],
      "uniqueKeys": [["name"]],
      "foreignKeys": [{"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["id"]}}]
    }},
    {"name": "kinds", "path": "kinds.csv", "schema": {
      "fields": [{"name": "id", "type": "integer"}, {"name": "label", "type": "string"}],
      "primaryKey": ["id"]
    }},
    {"name": "notes", "path": "notes.csv", "schema": {"fields": [{"name": "note", "type": "string"}]}}
  ]
}
"#,
    );
    repository.write("datasets/shop/items.csv", "id,name,kind,size\n1,one,1,1\n2,two,1,2\n3,three,2,3\n");
    repository.write("datasets/shop/kinds.csv", "id,label\n1,first\n2,second\n3,third\n");
    repository.write("datasets/shop/notes.csv", "note\na\nb\n");
    repository.commit("base");
    repository
}

/// File, present text, new text.
type Edit = (&'static str, &'static str, &'static str);

const CASES: &[(&str, &[Edit])] = &[
    ("id-changed", &[(DESCRIPTOR, r#""id": "first""#, r#""id": "second""#)]),
    (
        "table-removed",
        &[(
            DESCRIPTOR,
            r#",
    {"name": "notes", "path": "notes.csv", "schema": {"fields": [{"name": "note", "type": "string"}]}}"#,
            "",
        )],
    ),
    (
        "column-inserted",
        &[
            (
                DESCRIPTOR,
                r#"{"name": "id", "type": "integer"},
"#,
                r#"{"name": "no", "type": "integer"}, {"name": "id", "type": "integer"},
"#,
            ),
            (
                "datasets/shop/items.csv",
                "id,name,kind,size\n1,one,1,1\n2,two,1,2\n3,three,2,3\n",
                "no,id,name,kind,size\n,1,one,1,1\n,2,two,1,2\n,3,three,2,3\n",
            ),
        ],
    ),
    (
        "column-inserted",
        &[
            (
                DESCRIPTOR,
                r#""maximum": 9}}"#,
                r#""maximum": 9}}, {"name": "x", "type": "any", "constraints": {"required": true}}"#,
            ),
            (
                "datasets/shop/items.csv",
                "id,name,kind,size\n1,one,1,1\n2,two,1,2\n3,three,2,3\n",
                "id,name,kind,size,x\n1,one,1,1,x\n2,two,1,2,x\n3,three,2,3,x\n",
            ),
        ],
    ),
    (
        "column-removed",
        &[
            (DESCRIPTOR, r#", {"name": "label", "type": "string"}"#, ""),
            ("datasets/shop/kinds.csv", "id,label\n1,first\n2,second\n3,third\n", "id\n1\n2\n3\n"),
        ],
    ),
    (
        "columns-reordered",
        &[
            (
                DESCRIPTOR,
                r#"{"name": "id", "type": "integer"}, {"name": "label", "type": "string"}"#,
                r#"{"name": "label", "type": "string"}, {"name": "id", "type": "integer"}"#,
            ),
            (
                "datasets/shop/kinds.csv",
                "id,label\n1,first\n2,second\n3,third\n",
                "label,id\nfirst,1\nsecond,2\nthird,3\n",
            ),
        ],
    ),
    ("column-retyped", &[(DESCRIPTOR, r#""size", "type": "integer""#, r#""size", "type": "number""#)]),
    (
        "column-reformatted",
        &[
            (DESCRIPTOR, r#""label", "type": "string""#, r#""label", "type": "string", "format": "uri""#),
            (
                "datasets/shop/kinds.csv",
                "first\n2,second\n3,third",
                "http://a.org/1\n2,http://a.org/2\n3,http://a.org/3",
            ),
        ],
    ),
    ("constraint-tightened", &[(DESCRIPTOR, r#""maximum": 9"#, r#""maximum": 8"#)]),
    ("constraint-tightened", &[(DESCRIPTOR, r#""maximum": 9"#, r#""maximum": 9, "minimum": 0"#)]),
    ("constraint-tightened", &[(DESCRIPTOR, r#""maximum": 9"#, r#""maximum": 9, "required": true"#)]),
    (
        "key-changed",
        &[(
            DESCRIPTOR,
            r#""primaryKey": ["id"],
"#,
            r#""primaryKey": ["id", "name"],
"#,
        )],
    ),
    ("unique-key-added", &[(DESCRIPTOR, r#"[["name"]]"#, r#"[["name"], ["size"]]"#)]),
    (
        "foreign-key-added",
        &[(
            DESCRIPTOR,
            r#"[{"fields": ["kind"]"#,
            r#"[{"fields": ["size"], "reference": {"resource": "kinds", "fields": ["id"]}}, {"fields": ["kind"]"#,
        )],
    ),
    (
        "referenced-rows-removed",
        &[("datasets/shop/kinds.csv", "2,second\n", ""), ("datasets/shop/items.csv", "three,2", "three,1")],
    ),
    (
        "table-added",
        &[(
            DESCRIPTOR,
            r#"{"name": "notes""#,
            r#"{"name": "again", "path": "notes.csv", "schema": {"fields": [{"name": "note", "type": "string"}]}},
    {"name": "notes""#,
        )],
    ),
    (
        "column-appended",
        &[
            (DESCRIPTOR, r#""maximum": 9}}"#, r#""maximum": 9}}, {"name": "x", "type": "any"}"#),
            (
                "datasets/shop/items.csv",
                "id,name,kind,size\n1,one,1,1\n2,two,1,2\n3,three,2,3\n",
                "id,name,kind,size,x\n1,one,1,1,\n2,two,1,2,x\n3,three,2,3,x\n",
            ),
        ],
    ),
    ("constraint-loosened", &[(DESCRIPTOR, r#""maximum": 9"#, r#""maximum": 10"#)]),
    ("constraint-loosened", &[(DESCRIPTOR, r#", "constraints": {"maximum": 9}"#, "")]),
    (
        "unique-key-removed",
        &[(
            DESCRIPTOR,
            r#"
      "uniqueKeys": [["name"]],"#,
            "",
        )],
    ),
    (
        "foreign-key-removed",
        &[(
            DESCRIPTOR,
            r#",
      "foreignKeys": [{"fields": ["kind"], "reference": {"resource": "kinds", "fields": ["id"]}}]"#,
            "",
        )],
    ),
    (
        "reference-changed",
        &[(
            DESCRIPTOR,
            r#""reference": {"resource": "kinds", "fields": ["id"]}"#,
            r#""reference": {"resource": "", "fields": ["id"]}"#,
        )],
    ),
    (
        "reference-changed",
        &[(DESCRIPTOR, r#"[{"fields": ["kind"]"#, r#"[{"name": "kind_of_item", "fields": ["kind"]"#)],
    ),
    ("reference-changed", &[("datasets/shop/items.csv", "two,1", "two,2")]),
    ("rows-added", &[("datasets/shop/items.csv", "3,three,2,3\n", "3,three,2,3\n4,four,2,4\n")]),
    ("rows-removed", &[("datasets/shop/items.csv", "2,two,1,2\n", "")]),
    ("rows-removed", &[("datasets/shop/kinds.csv", "3,third\n", "")]),
    ("rows-changed", &[("datasets/shop/kinds.csv", "second", "SECOND")]),
    ("rows-reordered", &[("datasets/shop/notes.csv", "a\nb\n", "b\na\n")]),
    ("metadata-changed", &[(DESCRIPTOR, r#""title": "Shop""#, r#""title": "The shop""#)]),
    ("metadata-changed", &[(DESCRIPTOR, r#"{"name": "note","#, r#"{"name": "note", "title": "Note","#)]),
];

#[test]
fn each_change_needs_the_step_that_the_docs_say() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/versions.md")).unwrap();
    // | `rows-added` | MINOR | ... |
    let documented: Vec<(&str, &str)> = docs
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter_map(|(rule, rest)| Some((rule, rest.split_once(" |")?.0)))
        .filter(|(_, step)| ["MAJOR", "MINOR", "PATCH"].contains(step))
        .collect();
    let rules: Vec<(&str, &str)> =
        builder::diff::Rule::ALL.iter().map(|rule| (rule.name(), rule.level().name())).collect();
    assert_eq!(documented, rules, "the table of docs/versions.md");
    for (rule, step) in rules {
        let cases: Vec<&[Edit]> =
            CASES.iter().filter(|(case, _)| *case == rule).map(|(_, edits)| *edits).collect();
        assert!(!cases.is_empty(), "no change shows `{rule}`");
        for edits in cases {
            let shop = base();
            edits.iter().for_each(|(file, from, to)| shop.edit(file, from, to));
            let text = shop.output(&["diff", "HEAD"]);
            assert!(text.contains(&format!("[{rule}] ")), "{rule}: {edits:?}\n{text}");
            let next = match step {
                "MAJOR" => "2.0.0",
                "MINOR" => "1.3.0",
                _ => "1.2.4",
            };
            let head = format!("shop: 1.2.3, the changes are {step} and need {next}\n");
            assert!(text.starts_with(&head), "{rule}: {edits:?}\n{text}");
        }
    }
}

#[test]
fn where_a_file_lies_and_how_it_is_read_needs_nothing() {
    let shop = base();
    shop.edit(DESCRIPTOR, "notes.csv\"", "all notes.csv\", \"dialect\": {\"delimiter\": \";\"}");
    std::fs::rename(shop.path("datasets/shop/notes.csv"), shop.path("datasets/shop/all notes.csv")).unwrap();
    assert_eq!(shop.output(&["diff", "HEAD"]), "no differences\n");
    shop.edit(DESCRIPTOR, "1.2.3", "1.2.4");
    assert_eq!(shop.output(&["diff", "HEAD"]), "shop: 1.2.3 -> 1.2.4, no other changes\n");
}
