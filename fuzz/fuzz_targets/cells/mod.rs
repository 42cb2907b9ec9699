//! The release that the reader's targets ask: built once, from two small tables of awkward values.

use std::fs;

use builder::progress::Progress;
use builder::release::Outcome;
use reader::{Config, Reader, Release};
use tempfile::TempDir;

const DESCRIPTOR: &str = r#"{"name": "cells", "resources": [
  {"name": "groups", "path": "groups.csv", "schema": {"primaryKey": ["code"], "missingValues": ["\\N"],
    "fields": [{"name": "code", "type": "string"}, {"name": "about", "type": "object"}]}},
  {"name": "cells", "path": "cells.csv", "schema": {"primaryKey": ["id"], "missingValues": ["\\N"],
    "fields": [{"name": "id", "type": "integer"}, {"name": "number", "type": "integer"},
      {"name": "real", "type": "number"}, {"name": "text", "type": "string"}, {"name": "truth", "type": "boolean"},
      {"name": "day", "type": "date"}, {"name": "tags", "type": "list"}, {"name": "group", "type": "string"},
      {"name": "seen", "type": "datetime"}, {"name": "loose", "type": "any"}],
    "foreignKeys": [{"fields": ["group"], "reference": {"resource": "groups", "fields": ["code"]}}]}}]}"#;

const GROUPS: &str = "code,about\na,\"{\"\"x\"\": [1, null]}\"\n\"b,c\",{}\n,\\N\n";

const CELLS: &str = "id,number,real,text,truth,day,tags,group,seen,loose
1,0,0.5,,true,2024-02-29,a;b,a,2024-01-01T01:00:00+01:00,\"[1,2]\"
2,-1,-2.25,a,false,1999-12-31,,a,2024-01-01T00:00:00Z,\"[1, 2.0]\"
3,9007199254740993,1e300,A,\\N,\\N,b,\"b,c\",2024-01-01T00:00:00.50Z,plain
4,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N,\\N
5,1,1,\"a,b\",true,2024-03-01,\"x y\",,9999-12-31T23:59:59-01:00,[1e999]
6,10,10,\"say \"\"a\"\"\",false,2024-02-29,a,a,2024-01-01T01:00:00+01:00,\"[1,2]\"
7,2,0.1,back\\slash,true,2024-02-29,a,a,2024-01-01T00:00:00Z,\"[1, 2.0]\"
8,3,3,(a),true,2024-02-29,a,a,2024-01-01T00:00:00.50Z,plain
9,-9223372036854775808,3,Élan,true,2024-02-29,a,\\N,\\N,\\N
10,9223372036854775807,3,élan,true,2024-02-29,a,\\N,9999-12-31T23:59:59-01:00,[1e999]
11,5,3,100%,true,2024-02-29,a,\\N,2024-01-01T01:00:00+01:00,\"[1,2]\"
12,5,3,a_b,true,2024-02-29,a,\\N,2024-01-01T00:00:00Z,\"[1, 2.0]\"
13,5,3,\"two
lines\",true,2024-02-29,a,\\N,2024-01-01T00:00:00.50Z,plain
14,5,3,null,true,2024-02-29,a,\\N,\\N,\\N
15,5,3,{a},true,2024-02-29,a,\\N,9999-12-31T23:59:59-01:00,[1e999]
16,5,3,a.b:c*d,true,2024-02-29,a,\\N,2024-01-01T01:00:00+01:00,\"[1,2]\"
";

/// An open reader of them, and the directory in which they lie.
pub fn reader() -> (Reader, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let datasets = directory.path().join("datasets/cells");
    fs::create_dir_all(&datasets).unwrap();
    for (file, text) in [("datapackage.json", DESCRIPTOR), ("groups.csv", GROUPS), ("cells.csv", CELLS)] {
        fs::write(datasets.join(file), text).unwrap();
    }
    let release = directory.path().join("dist");
    match builder::release::build(&directory.path().join("datasets"), &release, None, &Progress::quiet()) {
        Ok(Outcome::Built(_)) => {}
        _ => panic!("the cells can't be built"),
    }
    (Reader::new(Release::open(&release).unwrap(), Config::default()), directory)
}
