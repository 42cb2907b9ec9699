//! The memory of queries, on the plain server.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::long_requests::body;
use crate::package::Files;
use crate::server::Server;

/// Texts of 40 words that all begin alike.
fn texts(directory: &Path) {
    let datasets = tempfile::tempdir().unwrap();
    let dataset = datasets.path().join("d");
    std::fs::create_dir(&dataset).unwrap();
    let descriptor = r#"{"name": "d", "resources": [{"name": "texts", "path": "texts.csv", "schema": {"primaryKey": "id", "fields": [
        {"name": "id", "type": "integer"}, {"name": "kind", "type": "string"}, {"name": "json", "type": "array"},
        {"name": "text", "type": "string", "searchable": true}]}}]}"#;
    std::fs::write(dataset.join("datapackage.json"), descriptor).unwrap();
    let mut csv = "id,kind,json,text\n".to_owned();
    for id in 0..20_000_u64 {
        write!(csv, "{id},k{},\"[{},{id}]\",", id % 100, id % 7).unwrap();
        for word in 0..40 {
            write!(csv, "w{} ", (id * 40 + word) * 7919 % 4001).unwrap();
        }
        csv.push('\n');
    }
    std::fs::write(dataset.join("texts.csv"), csv).unwrap();
    Files::build(datasets.path(), None).write(directory);
}

#[test]
fn a_query_that_needs_more_memory_than_it_may_have_is_an_error_and_others_are_not() {
    let release = tempfile::tempdir().unwrap();
    texts(release.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_reader"));
    command.env("COLDPRESS_MAX_MEMORY", "16000000").env("COLDPRESS_QUERY_MS", "60000").stderr(Stdio::null());
    let server = Server::with(&mut command, release.path());
    let beginnings = ["w:*"; 50].join("%26");
    let answer = server.get(&format!("/texts?text=fts.{beginnings}"));
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert_eq!(
        body(&answer),
        r#"{"code":"53200","message":"out of memory","details":"the query needs more memory than this deployment has for queries","hint":"search for whole words or longer beginnings, for fewer of them, or filter by another column"}"#
    );
    for query in [
        "select=id&limit=1".to_owned(),
        format!(
            "select=id&text=fts.{}",
            (0..50).map(|word| format!("w{word}")).collect::<Vec<_>>().join("%7C")
        ),
        "select=id&text=fts.w1:*&limit=3".to_owned(),
        "select=id&order=text.desc,json,kind&offset=19000".to_owned(),
        "select=text,json,count()&order=count.desc&limit=3".to_owned(),
        "distinct=true&select=text,kind&limit=3".to_owned(),
        "select=n:text.count(distinct)".to_owned(),
        "select=kind,text.max(),id.sum()&order=kind".to_owned(),
    ] {
        let answer = server.get(&format!("/texts?{query}"));
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{query}: {answer}");
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(kilobytes < 64 * 1024, "{kilobytes} kB");
}
