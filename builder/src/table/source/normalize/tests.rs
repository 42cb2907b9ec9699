//! What files with escapes, and with spaces after delimiters, are rewritten to.

use super::*;

fn rewritten(dialect: Dialect, text: &str) -> String {
    let mut rewriter = Rewriter::new(dialect, SourceFacts::default());
    text.bytes().for_each(|byte| rewriter.pass(byte));
    rewriter.end();
    String::from_utf8(rewriter.out).unwrap()
}

#[test]
fn escapes() {
    let with = |quote| Dialect { escape: Some(b'\\'), quote, ..Dialect::default() };
    let quoted = |text| rewritten(with(Some(b'"')), text);
    assert_eq!(quoted("a\\,b,c\\\\\r\n\r\nd\\\ne,\n"), "\"a,b\",\"c\\\"\r\n\r\n\"d\ne\",\"\"\n");
    assert_eq!(quoted("\"a\\\"\",\"b\"\"\"\n"), "\"a\"\"\",\"b\"\"\"\n");
    assert_eq!(quoted("a\\"), "\"a\\\"");
    assert_eq!(quoted("a,\"b"), "\"a\",\"b");
    assert_eq!(quoted("a,"), "\"a\",\"\"");
    let bare = |text| rewritten(with(None), text);
    assert_eq!(bare("\"a\",b\n"), "\"\"\"a\"\"\",\"b\"\n");
}

#[test]
fn the_null_sequence_is_not_an_escape() {
    let dialect = Dialect { escape: Some(b'\\'), null_sequence: Some("\\N".into()), ..Dialect::default() };
    let escaped = |text| rewritten(dialect.clone(), text);
    assert_eq!(escaped("\\N,\\N\r\n\\N"), "\"\\N\",\"\\N\"\r\n\"\\N\"");
    // Quoted, or a part of a longer text, it is text with an escape.
    assert_eq!(escaped("\"\\N\",\\Nx,x\\N,\\,a\n"), "\"N\",\"Nx\",\"xN\",\",a\"\n");
    assert_eq!(escaped("\\"), "\"\\\"");
    let plain = Dialect { null_sequence: None, ..dialect.clone() };
    assert_eq!(rewritten(plain, "\\N\n"), "\"N\"\n");
}

#[test]
fn blanks() {
    let spaced = |text| rewritten(Dialect { skip_initial_space: true, ..Dialect::default() }, text);
    assert_eq!(spaced("a, b ,  \"c, d\"\n e,\n"), "\"a\",\"b \",\"c, d\"\n\"e\",\"\"\n");
}

#[test]
fn other_characters() {
    let dialect = Dialect {
        skip_initial_space: true,
        delimiter: b';',
        quote: Some(b'\''),
        double_quote: false,
        line_terminator: Some(b'|'),
        comment_char: Some("//".into()),
        ..Dialect::default()
    };
    assert_eq!(rewritten(dialect, "// it's|/x; 'a;b';\"|//|y\n"), "# it's|\"/x\",\"a;b\",\"\"\"\"|#|\"y\n\"");
}

#[test]
fn what_is_written_is_not_taken_for_anything_else() {
    let comment = Dialect { escape: Some(b'\\'), comment_char: Some("\"#".into()), ..Dialect::default() };
    assert_eq!(rewritten(comment, "#a\n\"#b\n"), "\"#a\"\n#b\n");
    for (terminator, expected) in
        [(b',', "\"a\";\"b\",\"c\","), (b'"', "'a','b'\"'c'\""), (b'#', "\"a\",\"b\"#\"c\"#")]
    {
        let dialect = Dialect {
            delimiter: b'|',
            quote: None,
            escape: Some(b'\\'),
            line_terminator: Some(terminator),
            ..Dialect::default()
        };
        let end = char::from(terminator);
        assert_eq!(rewritten(dialect, &format!("a|b{end}c{end}")), expected);
    }
}
