//! Text after the quote that closes a cell.

use crate::workspace::Workspace;

const FIELDS: &str = r#"{"name": "id", "type": "integer"}, {"name": "name"}"#;

/// What follows the quote that closes a cell is not part of it by RFC 4180, nor of its value by the author's intention.
#[test]
fn text_behind_a_closing_quote() {
    let doubled = "double each quote that belongs to the text: \"\"";
    let find = |dialect: &str, csv: &str, findings: &[(u64, &str, &str)]| {
        let properties = format!(r#""dialect": {dialect}, "schema": {{"fields": [{FIELDS}]}}"#);
        let mut lines = String::new();
        for (index, (line, text, help)) in findings.iter().enumerate() {
            lines.push_str(&format!(
                "datasets/d/t.csv:{line}: [stray-quote] column `name`: \"{text}\" follows the quote that closes the cell\n"
            ));
            if findings.get(index + 1).is_none_or(|(_, _, next)| next != help) {
                lines.push_str(&format!("  help: {help}\n"));
            }
        }
        Workspace::with_resource(&properties, csv).check_finds(&lines);
    };
    let escape = "if `\\` escapes quotes in this file, set `\"escapeChar\": \"\\\\\"`; otherwise double each quote that \
                  belongs to the text: \"\"";
    find(
        "{}",
        "id,name\n1,\"x\"y\"z\"\n2,\"O\"Neill\"\n3,\"x \\\" y\"\r\n4,\"a\" \n5,\"a \"\"b\"\"\"c",
        &[
            (2, "y\"z\"", doubled),
            (3, "Neill\"", doubled),
            (4, " y\"", escape),
            (5, " ", "remove the white space after the quote"),
            (6, "c", doubled),
        ],
    );
    find("{}", "id,name\n5,\"two\nlines\"!\n6,\"a\"b", &[(2, "!", doubled), (4, "b", doubled)]);
    // The dialects that csv-core reads, and those whose files are rewritten for it.
    find(
        "{\"quoteChar\": \"'\"}",
        "id,name\n1,'O'Neill'\n2,'it''s'\n3,\"x\"y\n",
        &[(2, "Neill'", "double each quote that belongs to the text: ''")],
    );
    find(
        "{\"delimiter\": \";\", \"lineTerminator\": \"|\"}",
        "id;name|1;\"x\",|2;\"y\"|",
        &[(1, ",", doubled)],
    );
    let not_doubled = "`doubleQuote` is false, so two quotes don't mean one";
    find("{\"doubleQuote\": false}", "id,name\n1,\"a\"\"b\"\n2,\"c\"\n", &[(2, "\"b\"", not_doubled)]);
    find(
        r#"{"doubleQuote": false, "escapeChar": "\\"}"#,
        "id,name\n1,\"a\"\"b\"\n2,\"c\"d\n3,\"e\\\"f\"\n",
        &[(2, "\"b\"", not_doubled), (3, "d", "write `\\` before each quote that belongs to the text")],
    );
    find(
        r#"{"escapeChar": "\\"}"#,
        "id,name\n1,\"a\\\" \"\"b\"\n\n2,\"\\\\\"c\\,d\r\n3,\"e\"",
        &[(4, "c,d", doubled)],
    );
    find(
        r##"{"skipInitialSpace": true, "commentChar": "#"}"##,
        "id,name\n# \"a\"b\n1, \"x\"y\n2, \"z\"\n",
        &[(3, "y", doubled)],
    );
    // Quotes that do not begin a cell are text, and so are all where there is no quote.
    for (dialect, csv) in [
        ("{}", "id,name\n1,5\" pipe\n2,a\"b\",\n3, \"c\"d\n"),
        ("{\"quoteChar\": null}", "id,name\n1,\"x\"y\n"),
        (r#"{"skipInitialSpace": true}"#, "id,name\n1, a\"b\"c\n"),
    ] {
        let properties = format!(r#""dialect": {dialect}, "schema": {{"fields": [{FIELDS}]}}"#);
        let ran = Workspace::with_resource(&properties, csv).run(&["check"]);
        assert!(!ran.stdout.contains("stray-quote"), "{}", ran.stdout);
    }
}

/// In a row with a stray quote the other cells are checked as far as their places are known, and
/// its width is not blamed on it too.
#[test]
fn other_cells_of_rows_with_stray_quotes() {
    let fields = r#"{"name": "id", "type": "integer"}, {"name": "name"}, {"name": "n", "type": "integer"}"#;
    Workspace::table(fields, "id,name,n\nx,\"a\"b,y\n2,\"say \"hi, you\" now\",z\n3,\"a\"b,\"4\"5\n")
        .check_finds(
            "datasets/d/t.csv:2: [type-error] column `id`: \"x\" is not an integer\n\
         datasets/d/t.csv:2: [stray-quote] column `name`: \"b\" follows the quote that closes the cell\n\
         datasets/d/t.csv:3: [stray-quote] column `name`: \"hi\" follows the quote that closes the cell\n\
         datasets/d/t.csv:4: [stray-quote] column `name`: \"b\" follows the quote that closes the cell\n  \
         help: double each quote that belongs to the text: \"\"\n\
         datasets/d/t.csv:2: [type-error] column `n`: \"y\" is not an integer\n\
         datasets/d/t.csv:4: [stray-quote] column `n`: \"5\" follows the quote that closes the cell\n  \
         help: double each quote that belongs to the text: \"\"\n",
        );
    Workspace::table(FIELDS, "id,\"na\"me\n1,a\n").check_finds(
        "datasets/d/t.csv:1: [stray-quote] header cell 2: \"me\" follows the quote that closes the cell\n  \
         help: double each quote that belongs to the text: \"\"\n",
    );
}
