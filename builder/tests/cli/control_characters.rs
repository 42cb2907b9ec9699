//! Control characters in texts: what stops `like` is an error, the others are looked at by a person.

use crate::workspace::Workspace;

const FIELDS: &str = r#"{"name": "id", "type": "integer"}, {"name": "name"}"#;

#[test]
fn a_text_with_u_0000() {
    let workspace = Workspace::table(FIELDS, "id,name\n1,x\0y\n2,\"a\tb\nc\"\n");
    let finding = "datasets/d/t.csv:2: [control-character] column `name`: \"x\\u{0}y\" has U+0000, \
                   which ends a text in SQLite's functions and in many programs\n  \
                   help: remove it; a file in UTF-16 needs `encoding`\n";
    workspace.check_finds(finding);
    assert_eq!(workspace.run(&["build", "-q"]).stdout, finding);
}

#[test]
fn other_control_characters() {
    Workspace::table(FIELDS, "id,name\n1,x\u{1b}[1my\n2,\u{80} 5\n3,\u{7f}\n4,\u{a0}5\n").check_finds(
        "datasets/d/t.csv:2: [control-character] warning: column `name`: \"x\\u{1b}[1my\" has U+001B, a control character\n  \
         help: remove it unless it is part of the text\n\
         datasets/d/t.csv:3: [control-character] warning: column `name`: \"\\u{80} 5\" has U+0080, a control character\n  \
         help: it may be a character of windows-1252, read as ISO 8859-1 when the file was made\n\
         datasets/d/t.csv:4: [control-character] warning: column `name`: \"\\u{7f}\" has U+007F, a control character\n  \
         help: remove it unless it is part of the text\n",
    );
}

/// Cells of other types are wrong by their type, and are found once.
#[test]
fn typed_cells_have_one_finding() {
    Workspace::table(FIELDS, "id,name\n1\u{1},x\n")
        .check_finds("datasets/d/t.csv:2: [type-error] column `id`: \"1\\u{1}\" is not an integer\n");
}

/// Wherever in a file it is: buffers end anywhere.
#[test]
fn far_into_a_file() {
    let mut csv = String::from("id,name\n");
    for id in 1..60_000 {
        csv.push_str(&format!("{id},n{id}\n"));
    }
    let line = csv.lines().count() + 1;
    csv.push_str("0,x\u{85}\n");
    Workspace::table(FIELDS, csv).check_finds(&format!(
        "datasets/d/t.csv:{line}: [control-character] warning: column `name`: \"x\\u{{85}}\" has U+0085, a control character\n  \
         help: it may be a character of windows-1252, read as ISO 8859-1 when the file was made\n"
    ));
}
