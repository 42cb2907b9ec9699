//! `builder init`: a descriptor for a CSV that has none, and a note on each guess.

use std::fs;
use std::path::Path;

use crate::workspace::{Workspace, comes_out_clean};

/// The notes on a file, with `--verbose`, and its descriptor; `check` finds nothing wrong with both.
#[track_caller]
pub(crate) fn init(csv: impl AsRef<[u8]>) -> (String, serde_json::Value) {
    let workspace = Workspace::new().file("datasets/d/t.csv", csv);
    let ran = workspace.run(&["init", "--verbose", "datasets/d/t.csv"]);
    assert_eq!((ran.stdout.as_str(), ran.code), ("", Some(0)), "{}", ran.stderr);
    let (notes, _) = ran.stderr.split_once("wrote datasets/d/datapackage.json; ").unwrap();
    let checked = workspace.run(&["check", "-q"]);
    assert_eq!((checked.stdout.as_str(), checked.stderr.as_str(), checked.code), ("", "", Some(0)));
    let descriptor = fs::read_to_string(workspace.path("datasets/d/datapackage.json")).unwrap();
    (notes.to_owned(), serde_json::from_str(&descriptor).unwrap())
}

/// The types of the fields of a file, one after the other.
#[track_caller]
fn types(csv: &str) -> String {
    let (_, descriptor) = init(csv);
    let fields = descriptor["resources"][0]["schema"]["fields"].as_array().unwrap();
    fields.iter().map(|field| field["type"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_descriptor_and_its_notes() {
    let workspace = Workspace::new().file(
        "shop/Products 2024.csv",
        "id;name;price;sold;day;zip\n1;Cup;9.5;true;2024-01-26;01234\n2;Plate;10;false;NA;99999\n3;Cup;;true;2024-02-29;1\n",
    );
    workspace.run(&["init", "--verbose", "shop/Products 2024.csv"]).is(
        0,
        "",
        "guesses for shop/Products 2024.csv:\n  \
           delimiter: `;`, which splits 4 of the first 4 rows into 6 cells\n  \
           column `id`: integer, as are all 3 values\n  \
           column `name`: string, since \"Cup\" on line 2 is not a number, date, time, boolean or JSON\n  \
           column `price`: number, as are all 2 values\n  \
           column `sold`: boolean, as are all 3 values\n  \
           column `day`: date, as are all 2 values; \"NA\" treated as no value (`missingValues`)\n  \
           column `zip`: string, since \"01234\" on line 2 has a leading zero, which a number would lose\n\
         wrote shop/datapackage.json; review it, then run `builder check`:\n  \
           table `products-2024`: 6 columns, 3 rows, primary key `id`\n",
    );
    assert_eq!(
        fs::read_to_string(workspace.path("shop/datapackage.json")).unwrap(),
        r#"{
  "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
  "name": "products-2024",
  "resources": [
    {
      "name": "products-2024",
      "type": "table",
      "path": "Products 2024.csv",
      "dialect": {
        "delimiter": ";"
      },
      "schema": {
        "fields": [
          {
            "name": "id",
            "type": "integer"
          },
          {
            "name": "name",
            "type": "string"
          },
          {
            "name": "price",
            "type": "number"
          },
          {
            "name": "sold",
            "type": "boolean"
          },
          {
            "name": "day",
            "type": "date",
            "missingValues": [
              "",
              "NA"
            ]
          },
          {
            "name": "zip",
            "type": "string"
          }
        ],
        "primaryKey": [
          "id"
        ]
      }
    }
  ]
}
"#
    );
    workspace.run(&["check", "-q", "shop"]).is(0, "", "");
}

#[test]
fn types_that_fit_every_cell() {
    assert_eq!(
        types("a,b,c\n1,1.5,2024-01-26T15:00:00Z\n-2,2,2024-01-26T15:00:00\n"),
        "integer number datetime"
    );
    assert_eq!(
        types("a,b,c\n15:00:00,2024-01,{}\n16:00:00,2024-02,\"{\"\"a\"\":1}\"\n"),
        "time yearmonth object"
    );
    assert_eq!(types("a,b,c\n[1],True,0\n[],0,1\n"), "array boolean integer");
    assert_eq!(types("a,b,c\n1,2024-01-26,true\nx,2024-13-01,maybe\n"), "string string string");
    assert_eq!(types("a,b,c\n+49,INF,99999999999999999999\n+50,1,1\n"), "string string string");
    assert_eq!(types("a,b\n3.14159265358979323846,2024-01-26\n1,15:00:00\n"), "string string");
    assert_eq!(types("a,b\n,NA\n,-\n"), "string string");
}

/// A few numbers with more digits than a double has don't make it right to compare all the others as texts.
#[test]
fn numbers_with_too_many_digits() {
    let column = |cells: &[&str]| {
        let csv =
            format!("id,v\n{}", (1..).zip(cells).map(|(id, v)| format!("{id},{v}\n")).collect::<String>());
        let workspace = Workspace::new().file("datasets/d/t.csv", csv);
        let ran = workspace.run(&["init", "datasets/d/t.csv"]);
        let note =
            ran.stderr.lines().find_map(|line| line.strip_prefix("  `v`: ")).unwrap_or_default().to_owned();
        let checked = workspace.run(&["check", "-q"]);
        assert_eq!(checked.code, Some(0), "{}", checked.stdout);
        (note, checked.stdout.lines().count())
    };
    assert_eq!(column(&["-89.70559692382812", "40.5", "30103859045527.812", "9"]), (String::new(), 0));
    let (note, findings) = column(&["40.5", "30103859045527.813", "1", "0.25"]);
    assert_eq!(
        note,
        "1 of 4 values has more digits than a 64-bit float keeps, such as \"30103859045527.813\" on line 3; type `string` \
         keeps them"
    );
    assert_eq!(findings, 2); // a warning and its help
    // Where integers turn out to be numbers, those that were fine as integers count too.
    let (note, _) = column(&["9007199254740993", "1", "1", "1.5"]);
    assert_eq!(
        note,
        "1 of 4 values has more digits than a 64-bit float keeps, such as \"9007199254740993\" on line 2; type `string` \
         keeps them"
    );
    assert_eq!(column(&["3.14159265358979323846", "2.71828182845904523536", "1"]), (String::new(), 0));
}

#[test]
fn delimiters_and_line_ends() {
    for (csv, delimiter) in [
        ("a,b\r\n1,2\r\n", None),
        ("a\tb\n1,5\t2\n", Some("\t")),
        ("a|b\n\"1|2\"|3\n", Some("|")),
        ("\u{feff}a;b\n1,5;2,5\n", Some(";")),
        ("a\n1\n", None),
    ] {
        let (_, descriptor) = init(csv);
        assert_eq!(descriptor["resources"][0]["dialect"]["delimiter"].as_str(), delimiter, "{csv}");
    }
}

#[test]
fn names_that_can_not_be_used() {
    let workspace = Workspace::new().file("t.csv", "\na,,A,a,b\tc\n1,2,3,4,5\n");
    workspace.run(&["init", "t.csv"]).is(
        0,
        "",
        "in doubt about t.csv:\n  \
           `column_2`: named here, since the header has no name for it\n  \
           `A_2`, `a_3`: renamed here, since another column has the same name (ignoring case)\n  \
           `b_c`: renamed here, since the header's name has control characters\n\
         wrote datapackage.json; review it, then run `builder check`:\n  \
           table `t`: 5 columns, 1 row, no primary key\n",
    );
    let descriptor: serde_json::Value = serde_json::from_slice(&workspace.read("datapackage.json")).unwrap();
    assert_eq!(descriptor["resources"][0]["dialect"].to_string(), r#"{"commentRows":[2],"header":false}"#);
}

/// Usual names first, then the first column; rather none than a measure.
#[test]
fn the_primary_key() {
    for (csv, key) in [
        ("name,id\nx,2\ny,1\n", "`id`"),
        ("name,n\nx,2\ny,1\n", "`name`"),
        ("a,t_id\nx,7\ny,9\n", "`t_id`"),
        ("when,customer_id\n2024-01-01,7\n2024-01-02,9\n", "`customer_id`"),
        ("price,iso3\n7,ABW\n9,AFG\n", "`iso3`"),
        ("date,n\n2024-01-01,7\n2024-01-02,9\n", "`date`"),
        ("n,date\n7,2024-01-01\n9,2024-01-02\n", "`date`"),
        ("year,n\n2024,7\n2025,9\n", "`year`"),
        ("rank,name\n1,x\n2,y\n", "`rank`"),
        ("price,name\n1,x\n2,y\n", ""),
        ("lat,lon\n1.5,2.5\n2.5,3.5\n", ""),
        ("population,name\n5,x\n2,y\n", ""),
        ("a,b\n1,x\n1,\n", ""),
        ("a\n0\n-0\n", ""),
        ("a\n", ""),
        ("region,year,sales\nN,2023,1\nN,2024,2\nS,2023,1\nS,2024,3\n", "`region`, `year`"),
        ("date,shop,item,sales\n1.1.24,N,a,1\n1.1.24,S,a,2\n2.1.24,N,a,3\n2.1.24,S,a,3\n", "`date`, `shop`"),
        // Few of the possible pairs occur: the next row may have one again.
        ("date,customer,sum\n1.1.24,A,1\n1.1.24,B,2\n2.1.24,C,3\n3.1.24,D,3\n4.1.24,D,2\n", ""),
    ] {
        let workspace = Workspace::new().file("datasets/d/t.csv", csv);
        let ran = workspace.run(&["init", "datasets/d/t.csv"]);
        let found = ran.stderr.lines().last().unwrap().split_once("primary key").unwrap().1.trim();
        assert_eq!(found, key, "{csv}");
        assert_eq!(workspace.run(&["check", "-q"]).code, Some(0), "{csv}");
    }
}

#[test]
fn what_is_refused() {
    let workspace = Workspace::new()
        .file("d/t.csv", "a\n1\n")
        .file("d/datapackage.json", "mine")
        .file("latin/t.csv", b"a\nb\nCaf\xE9;\xDF\n")
        .file("mixed/t.csv", b"a\n\xC3\xA9\n\xE9\n")
        .file("empty/t.csv", "\n")
        .file("open/t.csv", "a\n\"1\n")
        .file("e/.t.csv", "a\n1\n")
        .file("parts/one/t.csv", "a\n1\n");
    for (arguments, message) in [
        (
            &["d/t.csv"][..],
            "`d/datapackage.json` exists and is not a descriptor that can be added to: line 1: expected value; mend it, or \
             choose another file with -o",
        ),
        (
            &["latin/t.csv"],
            "latin/t.csv:3: byte 0xE9 is not UTF-8; the line reads \"Café;ß\" with `--encoding windows-1252`; choose the \
             encoding in which it is right, or save the file as UTF-8",
        ),
        (
            &["mixed/t.csv"],
            "mixed/t.csv:3: byte 0xE9 is not UTF-8, although lines before it have UTF-8 beyond ASCII; it may be damaged; the \
             line reads \"é\" with `--encoding windows-1252`; choose the encoding in which it is right, or save the file as \
             UTF-8",
        ),
        (&["empty/t.csv"], "`empty/t.csv` has no rows, a header was expected"),
        (
            &["open/t.csv"],
            "open/t.csv:2: row has a quote that is never closed; everything after it, to the end of the file, was read as \
             one cell",
        ),
        (&["e/.t.csv"], "`e/.t.csv`: `.t.csv` is hidden, so it can't be published"),
        (&["none/t.csv"], "can't read `none`: No such file or directory (os error 2)"),
        (&["e"], "`e` has no CSV file (.csv, .tsv)"),
        (
            &["parts"],
            "`parts` has no CSV file (.csv, .tsv); a descriptor is for one directory: `builder init parts/one`",
        ),
        (
            &["d/t.csv", "-o", "e/datapackage.json"],
            "`d/t.csv` must be in `e` or below, where its descriptor goes",
        ),
        (
            &["d/t.csv", "-o", "d/x.yaml"],
            "`d/x.yaml` must end in .json; a descriptor is called datapackage.json",
        ),
    ] {
        let arguments: Vec<&str> = ["init"].iter().chain(arguments).copied().collect();
        workspace.run(&arguments).is(2, "", &format!("error: {message}\n"));
    }
    assert_eq!(fs::read_to_string(workspace.path("d/datapackage.json")).unwrap(), "mine");
    assert!(!workspace.path("latin/datapackage.json").exists());
}

#[test]
fn rows_that_are_not_as_wide_as_the_header() {
    let workspace = Workspace::new().file("d/t.csv", "a,b\n1,2\n3\n4,5,6\n");
    let ran = workspace.run(&["init", "d/t.csv"]);
    let note =
        "  line 3 has 1 cell, the header has 2, and 1 more like it; `builder check` finds every such row\n";
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
}

/// Text after a closing quote is noted; where backslashes before quotes are the only cause, they are read as escapes.
#[test]
fn text_behind_a_closing_quote() {
    let workspace = Workspace::new().file("d/t.csv", "a,b\n1,\"x\"y\n2,z\n3,\"x\" \n");
    let ran = workspace.run(&["init", "d/t.csv"]);
    let note = "  line 2, column `b`: \"y\" follows the quote that closes the cell, and 1 more like it; \
                `builder check` finds every such row\n";
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
    let workspace = Workspace::new().file("d/t.csv", "\"a\"x,b\n1,2\n");
    let ran = workspace.run(&["init", "d/t.csv"]);
    let note = "  line 1, column `ax`: \"x\" follows the quote that closes the cell; `builder check`";
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
    for csv in ["id,a\n1,\"x \\\" y\"\n2,\"C:\\\\d\"\n", "id,a\n1,\"x\\\"\"\n2,b\n"] {
        let (notes, descriptor) = init(csv);
        assert!(
            notes.contains("  escapeChar: `\\`, since cells are cut in the wrong places without it\n"),
            "{notes}"
        );
        assert_eq!(descriptor["resources"][0]["dialect"].to_string(), r#"{"escapeChar":"\\"}"#);
    }
    // With a backslash as text the file is fine: it stays text.
    let (_, descriptor) = init("id,a\n1,\"C:\\d\\\"\n2,b\n");
    assert_eq!(descriptor["resources"][0]["dialect"], serde_json::Value::Null);
}

/// A delimiter that leaves text after quotes is the wrong one.
#[test]
fn quotes_tell_the_delimiter() {
    let (_, descriptor) = init("\"a,b\";\"c,d\"\n\"1,2\";\"3,4\"\n");
    assert_eq!(descriptor["resources"][0]["dialect"]["delimiter"], ";");
}

/// Rows of delimiters say nothing of the columns, and are noted.
#[test]
fn rows_without_values() {
    let workspace = Workspace::new().file("datasets/d/t.csv", "id,n,d\n1,2,x\n,,\n2,3,y\n\"\",,\"\"\n");
    let ran = workspace.run(&["init", "datasets/d/t.csv"]);
    let note = "  line 3 has only empty cells; `builder check` finds every such row\n";
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
    let finding = "[empty-row] row has no value, only empty cells\n  \
                   help: remove the row, or give it a value; blank lines are skipped\n";
    // What a spreadsheet leaves at the end is left out.
    workspace.check_finds(&format!("datasets/d/t.csv:3: {finding}"));
}

/// Every CSV of the repository: what `init` writes, `check` takes.
#[test]
fn the_repositorys_files_come_out_clean() {
    let datasets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets");
    assert!(comes_out_clean(&datasets) >= 3);
}

/// NaN is a number, but in most files it means no value: the reasons report the choice.
#[test]
fn nan_is_taken_for_no_value() {
    let (notes, descriptor) = init("id,v,n\n1,NaN,1\n2,3.5,nan\n3,-,2\n");
    for note in [
        "  column `v`: number, as is its only value; \"NaN\", \"-\" treated as no value (`missingValues`)\n",
        "  column `n`: integer, as are all 2 values; \"nan\" treated as no value (`missingValues`)\n",
    ] {
        assert!(notes.contains(note), "{notes}");
    }
    assert_eq!(descriptor["resources"][0]["schema"]["missingValues"].to_string(), r#"["","NaN","-","nan"]"#);
}

/// The example of docs/init.md, word for word.
#[test]
fn the_example_of_the_documentation() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/init.md");
    let document = fs::read_to_string(document).unwrap();
    let block = document.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    let (write, rest) = block.split_once('\n').unwrap();
    let (command, expected) = rest.split_once('\n').unwrap();
    assert_eq!(command, "$ builder init visits.csv");
    let workspace = Workspace::new();
    let mut shell = std::process::Command::new("sh");
    shell.current_dir(workspace.path(".")).args(["-c", write.strip_prefix("$ ").unwrap()]);
    assert!(shell.status().unwrap().success());
    workspace.run(&["init", "visits.csv"]).is(0, "", expected);
}
