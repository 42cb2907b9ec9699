//! CSV files as people send them: line ends, encodings, ragged rows, what is not CSV at all.

use std::io::Write;

use crate::workspace::{Workspace, rows};

const FIELDS: &str = r#"{"name": "id", "type": "integer"}, {"name": "name"}"#;

/// The finding is always on the row's own first line, as an editor shows it.
#[test]
fn lines_are_those_of_an_editor() {
    let cases: [(&[u8], u64); 9] = [
        (b"id,name\n1,a\nx,b\n", 3),
        (b"id,name\r\n1,a\r\nx,b\r\n", 3),
        (b"id,name\r1,a\rx,b\r", 3),
        (b"\xEF\xBB\xBFid,name\n1,a\nx,b", 3),
        (b"\n\nid,name\n\n1,a\n\n\nx,b\n", 8),
        (b"\r\nid,name\r\n\r\n1,a\r\n\r\nx,b\r\n", 6),
        (b"id,name\n1,\"a\nb\n\nc\"\nx,b\n", 6),
        (b"id,name\r\n1,\"a\r\nb\"\r\nx,\"c\r\nd\"\r\n", 4),
        (b"id,name\n1,\"a\"\"\nb\"\nx,b", 4),
    ];
    for (csv, line) in cases {
        Workspace::table(FIELDS, csv).check_finds(&format!(
            "datasets/d/t.csv:{line}: [type-error] column `id`: \"x\" is not an integer\n"
        ));
    }
}

/// A file longer than any buffer, with line ends and quotes everywhere.
#[test]
fn lines_of_long_files() {
    let mut csv = String::from("id,name\r\n");
    for id in 0..60_000 {
        csv.push_str(&format!("{id},\"row {id}\r\nof \"\"many\"\"\"\r\n"));
    }
    csv.push_str("x,\"last\"\r\n");
    Workspace::table(FIELDS, csv)
        .check_finds("datasets/d/t.csv:120002: [type-error] column `id`: \"x\" is not an integer\n");
}

#[test]
fn ragged_rows() {
    Workspace::table(FIELDS, "id,name\n1\n2,b,c,d\n\n3,c\n").check_finds(
        "datasets/d/t.csv:2: [missing-cell] row has 1 cell, the header has 2; first missing: `name`\n\
         datasets/d/t.csv:3: [extra-cell] row has 4 cells, the header has 2; first extra: \"c\"\n",
    );
    let without_header = format!(r#""dialect": {{"header": false}}, "schema": {{"fields": [{FIELDS}]}}"#);
    Workspace::with_resource(&without_header, "1,a\n2\n").check_finds(
        "datasets/d/t.csv:2: [missing-cell] row has 1 cell, the descriptor has 2; first missing: `name`\n",
    );
}

/// A row with a wrong cell is checked to its end, one of wrong length is one finding, and so it goes on.
#[test]
fn nothing_stops_at_the_first_problem() {
    let fields = r#"{"name": "id", "type": "integer", "constraints": {"required": true}},
        {"name": "price", "type": "number"}"#;
    Workspace::table(fields, "id,price\nx,abc\n,y\n1\nz\n").check_finds(
        "datasets/d/t.csv:2: [type-error] column `id`: \"x\" is not an integer\n\
         datasets/d/t.csv:2: [type-error] column `price`: \"abc\" is not a number\n\
         datasets/d/t.csv:3: [type-error] column `price`: \"y\" is not a number\n\
         datasets/d/t.csv:3: [required] column `id`: no value, but the field is required\n\
         datasets/d/t.csv:4: [missing-cell] row has 1 cell, the header has 2; first missing: `price`\n\
         datasets/d/t.csv:5: [missing-cell] row has 1 cell, the header has 2; first missing: `price`\n",
    );
}

#[test]
fn not_utf8() {
    Workspace::table(FIELDS, b"id,name\n1,caf\xE9\nx,b\n").check_finds(
        "datasets/d/t.csv:2: [not-utf8] column `name`: byte 0xE9 is not UTF-8\n  \
         help: save the file as UTF-8, or give its `encoding` in the descriptor\n\
         datasets/d/t.csv:3: [type-error] column `id`: \"x\" is not an integer\n",
    );
    Workspace::table(FIELDS, b"id,n\xE4me\n1,a\n").check_finds(
        "datasets/d/t.csv:1: [not-utf8] byte 0xE4 is not UTF-8\n  \
         help: save the file as UTF-8, or give its `encoding` in the descriptor\n",
    );
}

#[test]
fn empty_files() {
    for csv in ["", "\u{feff}", "\n\r\n"] {
        Workspace::table(FIELDS, csv)
            .check_finds("datasets/d/t.csv:1: [empty-file] file has no rows, a header was expected\n");
    }
    // A header alone is a table without rows.
    let only_header = Workspace::table(FIELDS, "id,name\n");
    only_header.check_finds("");
    assert_eq!(rows(&only_header.build(), "SELECT count(*) FROM t"), ["0"]);
}

#[test]
fn quotes_that_nothing_closes() {
    Workspace::table(FIELDS, "id,name\n1,a\n2,\"b\n3,c\n").check_finds(
        "datasets/d/t.csv:3: [unclosed-quote] row has a quote that is never closed\n  \
         help: everything after it, to the end of the file, was read as one cell\n",
    );
    // In a large file the rest does not end up in memory.
    let mut csv = b"id,name\n1,a\n2,\"b\n".to_vec();
    csv.resize(9 * 1024 * 1024, b'x');
    Workspace::table(FIELDS, csv).check_finds(
        "datasets/d/t.csv:3: [row-too-long] row is longer than 8 MiB or has more than 32768 cells\n  \
         help: an unclosed quote can cause this; the rest of the file was not checked\n",
    );
}

#[test]
fn a_large_cell_within_the_limit() {
    let cell = "x".repeat(8 * 1024 * 1024 - 100);
    let workspace = Workspace::table(FIELDS, format!("id,name\n1,{cell}\n2,{cell}\n"));
    assert_eq!(
        rows(&workspace.build(), "SELECT id, length(name) FROM t"),
        [format!("1 {}", cell.len()), format!("2 {}", cell.len())]
    );
}

#[test]
fn files_that_can_not_be_read() {
    let workspace = Workspace::table(FIELDS, "id,name\n1,a\n");
    std::fs::remove_file(workspace.path("datasets/d/t.csv")).unwrap();
    workspace.check_finds(
        "datasets/d/datapackage.json:1: [missing-file] resource `t`: `path`: \"t.csv\" does not exist\n",
    );
}

#[test]
fn other_dialects() {
    let workspace = Workspace::with_resource(
        r##""dialect": {"delimiter": ";", "quoteChar": "'", "commentChar": "#"},
           "schema": {"fields": [{"name": "a"}, {"name": "b", "type": "integer"}]}"##,
        "# made by hand, isn't it\na;b\n'x;''y''';1\n# 'end\n\"z\";2\n",
    );
    assert_eq!(rows(&workspace.build(), "SELECT a, b FROM t"), ["'x;'y'' 1", "'\"z\"' 2"]);
}

/// What csv-core does not know is rewritten on its way; lines are still the file's.
#[test]
fn escapes_and_blanks() {
    let fields = r#""schema": {"fields": [{"name": "a"}, {"name": "b", "type": "integer"}]}"#;
    let escaped = Workspace::with_resource(
        &format!(r#""dialect": {{"escapeChar": "\\"}}, {fields}"#),
        "a,b\nx\\,y\\\nz,1\n\"q\\\"\",2\n",
    );
    assert_eq!(rows(&escaped.build(), "SELECT a, b FROM t"), ["'x,y\nz' 1", "'q\"' 2"]);
    escaped.write("datasets/d/t.csv", "a,b\nx\\,y\\\nz,1\nq,r\n");
    escaped.check_finds("datasets/d/t.csv:4: [type-error] column `b`: \"r\" is not an integer\n");
    let blanks = Workspace::with_resource(
        &format!(r#""dialect": {{"skipInitialSpace": true}}, {fields}"#),
        "a, b\n \"x, y\", 1\n",
    );
    assert_eq!(rows(&blanks.build(), "SELECT a, b FROM t"), ["'x, y' 1"]);
}

/// CR LF is one end of a line; with anything between them, in the file or in what it is rewritten to, they are two.
#[test]
fn lines_where_escapes_and_quotes_part_cr_from_lf() {
    let escape = r#"{"escapeChar": "\\"}"#;
    let many = |row: &str| format!("a,b\r\n{}q,r\r\n", row.repeat(30_000));
    let comment = r#"{"escapeChar": "\\", "commentChar": "//"}"#;
    for (dialect, text, line) in [
        // An escape between the two, within quotes and without, and more than once.
        (escape, "a,b\r\n\"x\r\\\n\",1\r\nq,r\r\n", 5),
        (escape, "a,b\r\nx\\\r\\\n,1\r\nq,r\r\n", 5),
        (escape, "a,b\r\n\"x\r\\\n\r\\\n\r\n\",1\r\nq,r\r\n", 8),
        // The CR is escaped and ends the cell, the LF ends the row.
        (escape, "b,a\r\n1,x\\\r\nr,q\r\n", 3),
        (escape, "b,a\r\n1,x\\\r\\\n\r\nr,q\r\n", 5),
        // The row has ended with the CR, and the next begins with an LF.
        (escape, "a,b\r\\\nx,1\r\nq,r\r\n", 4),
        // It begins like a comment, but is not one.
        (comment, "a,b\r\n/\\\r\\\n,1\r\n//\r\n/q,r\r\n", 6),
        // In files of many blocks.
        (escape, &many("x\\\r\\\n,1\r\n"), 90_002),
        (escape, &many("\"\r\n\",1\r\n"), 60_002),
    ] {
        let fields = r#""schema": {"fieldsMatch": "equal", "fields": [{"name": "a"}, {"name": "b", "type": "integer"}]}"#;
        Workspace::with_resource(&format!(r#""dialect": {dialect}, {fields}"#), text).check_finds(&format!(
            "datasets/d/t.csv:{line}: [type-error] column `b`: \"r\" is not an integer\n"
        ));
    }
    // Behind a quote that closes the cell: one of each, and an LF that ends no row.
    let other_end = r#"{"escapeChar": "\\", "lineTerminator": ";"}"#;
    for (dialect, text, stray, help, line) in [
        (
            escape,
            "b,a\r\n1,\"x\r\\\n\"\\\r\nr,q\r\n",
            (2, "\\r"),
            "remove the white space after the quote",
            5,
        ),
        (
            other_end,
            "b,a;1,\"x\r\"\ny;r,q;",
            (1, "\\ny"),
            "double each quote that belongs to the text: \"\"",
            3,
        ),
    ] {
        let fields = r#"{"name": "b", "type": "integer"}, {"name": "a"}"#;
        let properties = format!(r#""dialect": {dialect}, "schema": {{"fields": [{fields}]}}"#);
        let (stray_line, behind) = stray;
        Workspace::with_resource(&properties, text).check_finds(&format!(
            "datasets/d/t.csv:{stray_line}: [stray-quote] column `a`: \"{behind}\" follows the quote that closes the \
             cell\n  help: {help}\n\
             datasets/d/t.csv:{line}: [type-error] column `b`: \"r\" is not an integer\n"
        ));
    }
}

/// A byte order mark is not part of the first name, also where the file is rewritten on its way.
#[test]
fn a_byte_order_mark_before_blanks_and_escapes() {
    for dialect in [r#"{"skipInitialSpace": true}"#, r#"{"escapeChar": "\\"}"#] {
        let properties = format!(r#""schema": {{"fields": [{{"name": "a"}}]}}, "dialect": {dialect}"#);
        let workspace = Workspace::with_resource(&properties, "\u{feff}a\nx\n");
        assert_eq!(rows(&workspace.build(), "SELECT a FROM t"), ["'x'"]);
        let workspace = Workspace::with_resource(&properties, "\u{feff}");
        workspace.check_finds("datasets/d/t.csv:1: [empty-file] file has no rows, a header was expected\n");
    }
}

#[test]
fn other_encodings() {
    let resource =
        |encoding: &str| format!(r#""encoding": "{encoding}", "schema": {{"fields": [{FIELDS}]}}"#);
    let latin = Workspace::with_resource(&resource("iso-8859-1"), b"id,name\n1,caf\xE9\n");
    assert_eq!(rows(&latin.build(), "SELECT name FROM t"), ["'café'"]);
    let mut utf16: Vec<u8> = vec![0xFF, 0xFE];
    utf16.extend("id,name\r\n1,größe\r\nx,😀\r\n".encode_utf16().flat_map(u16::to_le_bytes));
    Workspace::with_resource(&resource("utf-16le"), utf16)
        .check_finds("datasets/d/t.csv:3: [type-error] column `id`: \"x\" is not an integer\n");
    // Which of both UTF-16 it is, the BOM says.
    let mut utf16: Vec<u8> = vec![0xFE, 0xFF];
    utf16.extend("id,name\n1,größe\n".encode_utf16().flat_map(u16::to_be_bytes));
    let utf16 = Workspace::with_resource(&resource("utf_16"), utf16);
    assert_eq!(rows(&utf16.build(), "SELECT name FROM t"), ["'größe'"]);
    // Half a character is not dropped.
    Workspace::with_resource(&resource("shift_jis"), b"id,name\nx,a\n2,\x83").check_finds(
        "datasets/d/t.csv: [unreadable-file] file can't be read: it has bytes that are not Shift_JIS\n\
         datasets/d/t.csv:2: [type-error] column `id`: \"x\" is not an integer\n",
    );
}

/// MySQL's `\N` is no value beside cells with escapes.
#[test]
fn a_null_sequence_beside_escapes() {
    let properties = r#""dialect": {"delimiter": "\t", "escapeChar": "\\", "nullSequence": "\\N"},
        "schema": {"fields": [{"name": "id", "type": "integer"}, {"name": "name"}]}"#;
    let dump = Workspace::with_resource(properties, "id\tname\n1\ta\\\tb\n2\t\\N\n\\N\tN\n");
    assert_eq!(rows(&dump.build(), "SELECT * FROM t"), ["1 'a\tb'", "2 NULL", "NULL 'N'"]);
}

#[test]
fn compressed_files() {
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let descriptor = format!(
        r#"{{"name": "d", "resources": [{{"name": "t", "path": "t.csv.gz", "schema": {{"fields": [{FIELDS}]}}}}]}}"#
    );
    let workspace = Workspace::new()
        .file("datasets/d/datapackage.json", descriptor)
        .file("datasets/d/t.csv.gz", [gzip("id,name\n1,a\n"), gzip("2,b\n")].concat());
    assert_eq!(rows(&workspace.build(), "SELECT * FROM t"), ["1 'a'", "2 'b'"]);
    let (sha256, _) = catalog::file_digest(&workspace.path("datasets/d/t.csv.gz")).unwrap();
    let manifest = catalog::Manifest::load(&workspace.path("dist/manifest.json")).unwrap();
    assert_eq!(manifest.tables[0].sources[0].sha256, sha256, "the digest is that of the file on disk");
    let mut broken = gzip("id,name\n1,a\n");
    broken.truncate(broken.len() - 6);
    workspace.write("datasets/d/t.csv.gz", broken);
    let ran = workspace.run(&["check"]);
    assert!(
        ran.stdout.starts_with("datasets/d/t.csv.gz: [unreadable-file] file can't be read: "),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.code, Some(1));
}

#[test]
fn sizes_and_hashes() {
    let table = |properties: &str| {
        Workspace::with_resource(
            &format!(r#"{properties}, "schema": {{"fields": [{FIELDS}]}}"#),
            "id,name\n1,a\n",
        )
    };
    for right in [
        r#""bytes": 12, "hash": "97570fe1797bcf3e469b9a17b9f0abf4""#,
        r#""hash": "sha1:BF2982881c7f6b563eb851f66a8dce77226c7460""#,
        r#""hash": "sha256:b7773700b1468b27c88d7122034e23bc5af7703c70bc13fd545d8e08534dcf41""#,
        r#""hash": "sha512:3e02485d8871c2ab2b2511e40efd0c0ac08e3d3a4031e70c642f42d4850af78a0a9b4c4506a082fa2ed218dfa2ac14864ce39978550af40de36ab06acf103f68""#,
    ] {
        table(right).check_finds("");
    }
    let wrong = table(r#""bytes": 13, "hash": "97570fe1797bcf3e469b9a17b9f0abf5""#);
    let findings = "datasets/d/t.csv: [wrong-size] file has 12 bytes, the descriptor says 13\n\
        datasets/d/t.csv: [wrong-hash] file has MD5 97570fe1797bcf3e469b9a17b9f0abf4, the descriptor says \
        97570fe1797bcf3e469b9a17b9f0abf5\n";
    wrong.check_finds(findings);
    assert_eq!(wrong.run(&["build"]).stdout, findings);
}

#[test]
fn header_rows_and_comment_rows() {
    let workspace = Workspace::with_resource(
        r#""dialect": {"headerRows": [2, 3], "headerJoin": " ", "commentRows": [4, 6]},
           "schema": {"fields": [{"name": "price min", "type": "integer"}, {"name": "price max", "type": "integer"}]}"#,
        "A title,\nprice,price\nmin,max\nEUR,EUR\n1,2\ntotal,\n3,x\n",
    );
    workspace.check_finds("datasets/d/t.csv:7: [type-error] column `price max`: \"x\" is not an integer\n");
}

/// One table from several files; a row's place is its own file's.
#[test]
fn several_files() {
    let workspace = Workspace::new()
        .file(
            "datasets/d/datapackage.json",
            r#"{"name": "d", "resources": [{"name": "t", "path": ["a.csv", "b.csv"], "schema": {
                "fields": [{"name": "id", "type": "integer"}, {"name": "name"}], "primaryKey": "id"}}]}"#,
        )
        .file("datasets/d/a.csv", "id,name\n1,a\n5,b\n")
        .file("datasets/d/b.csv", "name,id\n");
    workspace.check_finds(
        "datasets/d/b.csv:1: [column-order] header has `name` where the descriptor has `id`\n  \
         help: put the columns in the descriptor's order, or set `fieldsMatch` to `equal`\n",
    );
    workspace.write("datasets/d/b.csv", "id,name\n3,c\n5,d\n");
    workspace.check_finds(
        "datasets/d/b.csv:3: [duplicate-key] key (`id`) = (\"5\") is already used on line 3 of `datasets/d/a.csv`\n",
    );
    workspace.write("datasets/d/b.csv", "id,name\n7,c\n");
    assert_eq!(rows(&workspace.build(), "SELECT id, name FROM t"), ["1 'a'", "5 'b'", "7 'c'"]);
}
