//! Dialects: every property, and what can't be read.

use datapackage::schema::Dialect;

use crate::workspace::{Workspace, resource};

fn dialect(dialect: &str) -> Workspace {
    resource(&format!(
        "\"path\": \"a.csv\", \"schema\": {{\"fields\": [{{\"name\": \"id\"}}]}},\n\"dialect\": {dialect}"
    ))
}

#[test]
fn every_property() {
    let found = |text: &str| dialect(text).finds("")[0].tables[0].dialect.clone();
    assert_eq!(found("{}"), Dialect::default());
    assert_eq!(
        found(
            r#"{"$schema": "https://datapackage.org/profiles/2.0/tabledialect.json", "delimiter": ";", "quoteChar": "'",
                "doubleQuote": false, "escapeChar": "\\", "lineTerminator": "|", "skipInitialSpace": true, "headerRows": [2, 1],
                "headerJoin": "-", "commentRows": [7, 3, 3], "commentChar": "%%", "nullSequence": "NA", "sheetNumber": 2}"#
        ),
        Dialect {
            delimiter: b';',
            quote: Some(b'\''),
            double_quote: false,
            escape: Some(b'\\'),
            header: true,
            header_rows: vec![1, 2],
            header_join: "-".to_owned(),
            comment_rows: vec![3, 7],
            comment_char: Some("%%".to_owned()),
            line_terminator: Some(b'|'),
            skip_initial_space: true,
            null_sequence: Some("NA".to_owned()),
        }
    );
    for terminator in [r"\r\n", r"\n", r"\r"] {
        assert_eq!(found(&format!("{{\"lineTerminator\": \"{terminator}\"}}")), Dialect::default());
    }
    assert_eq!(
        found(r#"{"delimiter": "\t", "quoteChar": null}"#),
        Dialect { delimiter: b'\t', quote: None, ..Dialect::default() }
    );
    assert_eq!(found(r#"{"header": false}"#), Dialect { header: false, ..Dialect::default() });
    assert_eq!(found(r#"{"headerRows": []}"#), Dialect { header: false, ..Dialect::default() });
    assert_eq!(found(r#"{"header": false, "commentRows": [1]}"#).comment_rows, [1]);
}

#[test]
fn what_can_not_be_read() {
    for (text, message) in [
        (
            r#"{"delimiter": "::"}"#,
            r#"[unsupported] resource `a`: dialect: `delimiter` "::" is not supported, only one ASCII character is"#,
        ),
        (
            r#"{"delimiter": "→"}"#,
            r#"[unsupported] resource `a`: dialect: `delimiter` "→" is not supported, only one ASCII character is"#,
        ),
        (r#"{"delimiter": ""}"#, "[invalid-property] resource `a`: dialect: `delimiter` must not be empty"),
        (
            r#"{"delimiter": "\n"}"#,
            "[invalid-property] resource `a`: dialect: `delimiter` must not be a line break or a zero byte",
        ),
        (
            r#"{"delimiter": 1}"#,
            "[invalid-property] resource `a`: dialect: `delimiter` must be a string, not 1\n  help: put it in quotes: \"1\"",
        ),
        (
            r#"{"quoteChar": ","}"#,
            "[invalid-property] resource `a`: dialect: `quoteChar` is the same as `delimiter`",
        ),
        (
            r#"{"escapeChar": ","}"#,
            "[invalid-property] resource `a`: dialect: `escapeChar` is the same as `delimiter`",
        ),
        (
            r#"{"lineTerminator": ","}"#,
            "[invalid-property] resource `a`: dialect: `lineTerminator` is the same as `delimiter`",
        ),
        (
            r#"{"lineTerminator": "\""}"#,
            "[invalid-property] resource `a`: dialect: `lineTerminator` is the same as `quoteChar`",
        ),
        (
            r#"{"lineTerminator": "||"}"#,
            "[unsupported] resource `a`: dialect: `lineTerminator` \"||\" is not supported, only line breaks and one ASCII character are",
        ),
        (
            r#"{"doubleQuote": "no"}"#,
            "[invalid-property] resource `a`: dialect: `doubleQuote` must be true or false, not \"no\"",
        ),
        (
            r#"{"header": 1}"#,
            "[invalid-property] resource `a`: dialect: `header` must be true or false, not 1",
        ),
        (
            r#"{"headerRows": [0]}"#,
            "[invalid-property] resource `a`: dialect: `headerRows` must be an array of row numbers, from 1",
        ),
        (
            r#"{"header": false, "headerRows": [1]}"#,
            "[invalid-property] resource `a`: dialect: `headerRows` contradicts `header`, which is false",
        ),
        (
            r#"{"commentRows": [1, 2]}"#,
            "[invalid-property] resource `a`: dialect: `commentRows` contains row 1, which is a header row",
        ),
        (
            r#"{"commentChar": ""}"#,
            "[invalid-property] resource `a`: dialect: `commentChar` must not be empty",
        ),
        (
            r##"{"commentChar": "#\n"}"##,
            "[invalid-property] resource `a`: dialect: `commentChar` must not contain line breaks",
        ),
        (
            r##"{"commentChar": "--#", "lineTerminator": "#"}"##,
            "[invalid-property] resource `a`: dialect: `commentChar` contains the `lineTerminator`",
        ),
        (
            r#"{"caseSensitiveHeader": false}"#,
            "warning [unsupported] resource `a`: dialect: `caseSensitiveHeader` is not supported: headers are compared exactly",
        ),
    ] {
        let (_, found) = dialect(text).load();
        assert_eq!(found, format!("datasets/shop/datapackage.json:4: {message}\n"), "{text}");
    }
}
