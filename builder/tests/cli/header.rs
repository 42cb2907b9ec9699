//! A file's header against the descriptor's fields.

use crate::workspace::{Workspace, rows};

/// A table with the fields `id`, `price`, `name` (required).
fn table(fields_match: &str, csv: &str) -> Workspace {
    Workspace::with_schema(
        &format!(
            r#"{{"fieldsMatch": "{fields_match}", "fields": [
                {{"name": "id", "type": "integer"}}, {{"name": "price", "type": "number"}},
                {{"name": "name", "constraints": {{"required": true}}}}]}}"#
        ),
        csv,
    )
}

#[test]
fn exact() {
    table("exact", "id,prize,name\n1,2,a\n").check_finds(
        "datasets/d/t.csv:1: [missing-column] header lacks `price`, which the descriptor has\n\
         datasets/d/t.csv:1: [unknown-column] header has `prize`, the descriptor does not\n  \
         help: a column with a similar name exists: `price`\n",
    );
    table("exact", "id,name,price,remark\n1,a,x,\n").check_finds(
        "datasets/d/t.csv:1: [column-order] header has `name` where the descriptor has `price`\n  \
         help: put the columns in the descriptor's order, or set `fieldsMatch` to `equal`\n\
         datasets/d/t.csv:1: [unknown-column] header has `remark`, the descriptor does not\n\
         datasets/d/t.csv:2: [type-error] column `price`: \"x\" is not a number\n",
    );
    table("exact", "id,price,name,price\n1,2,a,3\n")
        .check_finds("datasets/d/t.csv:1: [duplicate-column] header has `price` twice, in columns 2 and 4\n");
    table("exact", "ID,price,name\n1,2,a\n").check_finds(
        "datasets/d/t.csv:1: [missing-column] header lacks `id`, which the descriptor has\n\
         datasets/d/t.csv:1: [unknown-column] header has `ID`, the descriptor does not\n  \
         help: a column with a similar name exists: `id`\n",
    );
}

#[test]
fn equal() {
    let any_order = table("equal", "name,id,price\na,1,2\n");
    assert_eq!(rows(&any_order.build(), "SELECT * FROM t"), ["1 2.0 'a'"]);
    table("equal", "name,id\na,1\n")
        .check_finds("datasets/d/t.csv:1: [missing-column] header lacks `price`, which the descriptor has\n");
}

#[test]
fn subset() {
    for more in ["remark,name,id,price\n?,a,1,2\n", "name,id,price,,\na,1,2,,\n"] {
        assert_eq!(rows(&table("subset", more).build(), "SELECT * FROM t"), ["1 2.0 'a'"]);
    }
    table("subset", "name,id,price,id\na,1,2,3\n")
        .check_finds("datasets/d/t.csv:1: [duplicate-column] header has `id` twice, in columns 2 and 4\n");
    table("subset", "name,id\na,1\n")
        .check_finds("datasets/d/t.csv:1: [missing-column] header lacks `price`, which the descriptor has\n");
}

#[test]
fn superset() {
    let fewer = table("superset", "name,id\na,1\n");
    assert_eq!(rows(&fewer.build(), "SELECT * FROM t"), ["1 NULL 'a'"]);
    table("superset", "id,remark\n1,a\n").check_finds(
        "datasets/d/t.csv:1: [missing-column] header lacks `name`, which is required\n\
         datasets/d/t.csv:1: [unknown-column] header has `remark`, the descriptor does not\n",
    );
}

#[test]
fn partial() {
    let some = table("partial", "remark,name\n?,a\n");
    assert_eq!(rows(&some.build(), "SELECT * FROM t"), ["NULL NULL 'a'"]);
    table("partial", "remark\n?\n").check_finds(
        "datasets/d/t.csv:1: [missing-column] header has none of the descriptor's fields\n\
         datasets/d/t.csv:1: [missing-column] header lacks `name`, which is required\n",
    );
}

/// A name with a line break does not break the finding.
#[test]
fn names_on_several_lines() {
    Workspace::table(r#"{"name": "a"}"#, "a,\"b\nc\"\n1,2\n")
        .check_finds("datasets/d/t.csv:1: [unknown-column] header has `b\\nc`, the descriptor does not\n");
}

/// What can't be seen is shown by its number, and named as the difference.
#[test]
fn invisible_characters() {
    for (header, shown) in [
        ("id\u{a0}", "id\\u{a0}"),
        ("i\u{200b}d", "i\\u{200b}d"),
        ("\u{202e}id", "\\u{202e}id"),
        ("id\u{feff}", "id\\u{feff}"),
    ] {
        let ran = Workspace::table(r#"{"name": "id"}"#, format!("{header}\nx\n")).run(&["check"]);
        let finding = format!(
            "[unknown-column] header has `{shown}`, the descriptor does not\n  \
             help: it differs from `id` only in characters that can't be seen; write the same in the file's header and the descriptor\n"
        );
        assert!(ran.stdout.contains(&finding), "{}", ran.stdout);
    }
}

/// Two spellings of one name: composed and decomposed, of another alphabet.
#[test]
fn names_that_look_the_same() {
    for (name, header, difference) in [
        (
            "caf\u{e9}",
            "cafe\u{301}",
            "the form of its characters, which Unicode writes in more than one way (NFC, NFD)",
        ),
        ("scope", "\u{455}cope", "letters that look the same, such as `\u{455}` (U+0455)"),
    ] {
        Workspace::table(&format!(r#"{{"name": "{name}"}}"#), format!("{header}\nx\n")).check_finds(&format!(
            "datasets/d/t.csv:1: [missing-column] header lacks `{name}`, which the descriptor has\n\
             datasets/d/t.csv:1: [unknown-column] header has `{header}`, the descriptor does not\n  \
             help: it differs from `{name}` only in {difference}; write the same in the file's header and the \
             descriptor\n"
        ));
    }
}
