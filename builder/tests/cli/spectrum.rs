//! The corners of CSV, each from its file to its rows: what other readers of CSV stumble over.

use crate::workspace::{Workspace, rows};

/// A file with a header of two or three columns, and its rows as SQL values.
#[track_caller]
fn reads(csv: impl AsRef<[u8]>, names: &str, expected: &[&str]) {
    let fields: Vec<String> =
        names.split(',').map(|name| format!(r#"{{"name": "{name}", "type": "string"}}"#)).collect();
    let workspace = Workspace::table(&fields.join(", "), csv);
    let columns: Vec<String> = names.split(',').map(|name| format!("\"{name}\"")).collect();
    let found = rows(&workspace.build(), &format!("SELECT {} FROM t ORDER BY rowid", columns.join(", ")));
    assert_eq!(found, expected);
}

#[test]
fn commas_in_quotes() {
    reads(
        "first,address\nJohn,\"120 any st., Anytown, WW\"\n",
        "first,address",
        &["'John' '120 any st., Anytown, WW'"],
    );
}

#[test]
fn empty_cells() {
    reads("a,b,c\n1,\"\",\"\"\n2,3,\n,,4\n", "a,b,c", &["'1' NULL NULL", "'2' '3' NULL", "NULL NULL '4'"]);
    reads("a,b,c\r\n1,\"\",\"\"\r\n2,3,\r\n", "a,b,c", &["'1' NULL NULL", "'2' '3' NULL"]);
}

#[test]
fn escaped_quotes() {
    reads(
        "a,b\n1,\"ha \"\"ha\"\" ha\"\n3,\"\"\"\"\n\"\"\"x\"\"\",4\n",
        "a,b",
        &["'1' 'ha \"ha\" ha'", "'3' '\"'", "'\"x\"' '4'"],
    );
}

#[test]
fn json_in_cells() {
    reads(
        "key,val\n1,\"{\"\"type\"\": \"\"Point\"\", \"\"coordinates\"\": [102.0, 0.5]}\"\n",
        "key,val",
        &["'1' '{\"type\": \"Point\", \"coordinates\": [102.0, 0.5]}'"],
    );
}

#[test]
fn line_ends_in_quotes() {
    reads("a,b\n1,\"Once upon \na time\"\n3,4\n", "a,b", &["'1' 'Once upon \na time'", "'3' '4'"]);
    reads("a,b\r\n1,\"Once upon \r\na time\"\r\n3,4\r\n", "a,b", &["'1' 'Once upon \r\na time'", "'3' '4'"]);
    reads("a,b\r1,\"Once upon \ra time\"\r", "a,b", &["'1' 'Once upon \ra time'"]);
    reads("a,b\n\"\n\",\"\r\n\"\n", "a,b", &["'\n' '\r\n'"]);
}

#[test]
fn quotes_and_line_ends_together() {
    reads("a,b\n1,\"ha \n\"\"ha\"\" \nha\"\n3,4\n", "a,b", &["'1' 'ha \n\"ha\" \nha'", "'3' '4'"]);
}

#[test]
fn no_final_line_end() {
    reads("a,b\n1,2", "a,b", &["'1' '2'"]);
    reads("a,b\n1,\"2\"", "a,b", &["'1' '2'"]);
    reads("a,b\n1,", "a,b", &["'1' NULL"]);
}

#[test]
fn unicode() {
    reads(
        "a,b\n1,ʤ\n2,世界 😀\n3,e\u{301}\u{a0}\n",
        "a,b",
        &["'1' 'ʤ'", "'2' '世界 😀'", "'3' 'e\u{301}\u{a0}'"],
    );
    // No ends of line but in Unicode's own view.
    reads("a,b\n1,x\u{2028}y\u{2029}z\u{200b}\n", "a,b", &["'1' 'x\u{2028}y\u{2029}z\u{200b}'"]);
}

#[test]
fn quotes_within_cells() {
    reads("a,b\n5\" disk,x\"y\"\n \"in\",\"\n\"\n", "a,b", &["'5\" disk' 'x\"y\"'", "' \"in\"' '\n'"]);
}

#[test]
fn blanks() {
    reads("a,b\n x , \ty\t\n,  \n", "a,b", &["' x ' ' \ty\t'", "NULL '  '"]);
}

#[test]
fn blank_lines() {
    reads("\n\na,b\n\n1,2\n\n\n3,4\n\n", "a,b", &["'1' '2'", "'3' '4'"]);
}

#[test]
fn byte_order_marks() {
    reads("\u{feff}a,b\n1,2\n", "a,b", &["'1' '2'"]);
    reads("\u{feff}\"a\",b\n\u{feff}1,2\n", "a,b", &["'\u{feff}1' '2'"]);
}

#[test]
fn names_with_everything() {
    reads("\"a b\",\"c.d\"\n1,2\n", "a b,c.d", &["'1' '2'"]);
}
