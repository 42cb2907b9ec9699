//! Files from the plain server: sent as their clients take them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use catalog::DATABASE_FILE;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::library::Source;
use crate::package::{Files, descriptor};
use crate::server::Server;

/// 12,000 rows of 1,000 bytes, which say `word` each: more than a connection holds.
fn write(directory: &Path, word: &str) {
    let rows = format!(
        "(0, '{word}') UNION ALL SELECT i, '{word}' || printf('%0990d', i) \
         FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 11999) SELECT i FROM n)"
    );
    let source = Source {
        name: "rows",
        columns: "id integer, text string",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows: rows.leak(),
    };
    std::fs::create_dir_all(directory).unwrap();
    let sources = [source];
    Files::of(&descriptor("rows", &sources), &sources).write(directory);
}

fn release(word: &str) -> (TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let live = parent.path().join("live");
    write(&live, word);
    (parent, live)
}

fn expected(word: &str) -> String {
    let rows = (1..12_000).map(|id| format!("\n{id},{word}{id:0990}"));
    format!("id,text\n0,{word}{}", rows.collect::<String>())
}

/// An answer whose body is read when it is wanted.
struct Answer {
    reader: BufReader<TcpStream>,
    head: String,
}

impl Answer {
    fn of(server: &Server, request: &str) -> Self {
        let mut stream = server.connect().into_stream();
        write!(stream, "{request}\r\n\r\n").unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
        }
        Self { reader, head }
    }

    fn get(server: &Server, target: &str, headers: &str) -> Self {
        Self::of(server, &format!("GET {target} HTTP/1.1\r\nhost: x{headers}"))
    }

    /// The body, and whether it is whole.
    fn body(mut self) -> (Vec<u8>, bool) {
        let mut body = vec![];
        if self.head.contains("\r\ntransfer-encoding: chunked\r\n") {
            loop {
                let mut line = String::new();
                let Ok(1..) = self.reader.read_line(&mut line) else { return (body, false) };
                let size = u64::from_str_radix(line.trim_end(), 16).unwrap();
                let read = (&mut self.reader).take(size).read_to_end(&mut body).unwrap_or(0);
                if read as u64 != size {
                    return (body, false);
                }
                let mut end = [0; 2];
                if self.reader.read_exact(&mut end).is_err() {
                    return (body, false);
                }
                if size == 0 {
                    return (body, true);
                }
            }
        }
        let length = self.head.split("\r\ncontent-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let length: u64 = length.parse().unwrap();
        let read = self.reader.take(length).read_to_end(&mut body).unwrap_or(0);
        (body, read as u64 == length)
    }

    fn text(self) -> String {
        let head = self.head.clone();
        let (body, whole) = self.body();
        assert!(whole, "{head}");
        String::from_utf8(body).unwrap()
    }
}

#[test]
fn a_file_larger_than_an_answer_is_whole() {
    let (_parent, live) = release("old");
    let server = Server::with(Command::new(env!("CARGO_BIN_EXE_reader")).stderr(Stdio::null()), &live);
    let expected = expected("old");
    let answer = Answer::get(&server, "/rows.csv", "");
    assert!(answer.head.starts_with("HTTP/1.1 200 OK\r\n"), "{}", answer.head);
    assert!(answer.head.contains("\r\naccept-ranges: bytes\r\n"), "{}", answer.head);
    assert!(answer.text() == expected);
    // Also where a statement has to be run for it.
    assert!(Answer::get(&server, "/rows.csv?order=id.desc&id=gte.0", "").text().len() == expected.len());
    let lines = Answer::get(&server, "/rows.ndjson?select=id", "").text();
    assert_eq!(lines, (0..12_000).map(|id| format!("{{\"id\":{id}}}\n")).collect::<String>());
    let coded = Answer::get(&server, "/rows.csv", "\r\naccept-encoding: gzip");
    assert!(coded.head.contains("\r\ncontent-encoding: gzip\r\n"), "{}", coded.head);
    let (body, whole) = coded.body();
    let mut text = String::new();
    flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
    assert!(whole && text == expected);
}

#[test]
fn its_length_is_known_and_so_is_any_range() {
    let (_parent, live) = release("old");
    let server = Server::with(Command::new(env!("CARGO_BIN_EXE_reader")).stderr(Stdio::null()), &live);
    for target in ["/rows.csv", "/rows.csv?id=gte.0", "/rows.csv?id=gte.0&order=id"] {
        let expected = expected("old");
        let head = Answer::of(&server, &format!("HEAD {target} HTTP/1.1\r\nhost: x")).head;
        let length = format!("\r\ncontent-length: {}\r\n", expected.len());
        assert!(head.contains(&length), "{head}");
        for (range, bytes) in [
            ("0-3", &expected[..4]),
            ("0-65535", &expected[..65536]),
            ("5000000-", &expected[5_000_000..]),
            ("-7", &expected[expected.len() - 7..]),
        ] {
            let answer = Answer::get(&server, target, &format!("\r\nrange: bytes={range}"));
            assert!(answer.head.starts_with("HTTP/1.1 206 Partial Content\r\n"), "{}", answer.head);
            assert!(answer.text() == bytes, "{target} {range}");
        }
        let answer = Answer::get(&server, target, "\r\nrange: bytes=99999999-");
        assert!(answer.head.starts_with("HTTP/1.1 416 Range Not Satisfiable\r\n"), "{}", answer.head);
        // HTTP/1.0 knows no chunks, so a file without a length would be whole wherever it ends.
        let old = Answer::of(&server, &format!("GET {target} HTTP/1.0\r\nhost: x\r\naccept-encoding: gzip"));
        assert!(old.head.contains(&length), "{}", old.head);
        assert!(old.text() == expected);
    }
}

/// It is read twice for its digest; once known, everybody gets it.
#[test]
fn its_digest_is_made_where_that_is_asked_for() {
    let (_parent, live) = release("old");
    let server = Server::with(Command::new(env!("CARGO_BIN_EXE_reader")).stderr(Stdio::null()), &live);
    let digest = |answer: &Answer| {
        let found = answer.head.split("\r\nrepr-digest: ").nth(1)?;
        Some(found.split("\r\n").next().unwrap().to_owned())
    };
    let wanted = "\r\nwant-repr-digest: sha-256=1";
    for target in ["/rows.csv", "/rows.csv?id=gte.0"] {
        let of_all = format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(expected("old"))));
        assert_eq!(digest(&Answer::get(&server, target, "")), None);
        let coded = Answer::get(&server, target, &format!("{wanted}\r\naccept-encoding: gzip"));
        assert!(coded.head.contains("\r\ncontent-encoding: gzip\r\n"), "{}", coded.head);
        assert_eq!(digest(&coded), None);
        let answer = Answer::get(&server, target, wanted);
        assert_eq!(digest(&answer).as_ref(), Some(&of_all), "{target}");
        assert!(answer.text() == expected("old"));
        let head = Answer::of(&server, &format!("HEAD {target} HTTP/1.1\r\nhost: x{wanted}"));
        assert_eq!(digest(&head).as_ref(), Some(&of_all));
        let part = Answer::get(&server, target, &format!("{wanted}\r\nrange: bytes=5-9"));
        assert_eq!(digest(&part).as_ref(), Some(&of_all));
        let refused = Answer::get(&server, target, "\r\nwant-repr-digest: sha-256=0");
        assert_eq!(digest(&refused), None);
    }
}

#[test]
fn a_new_release_ends_no_file_and_is_in_none() {
    let (parent, live) = release("old");
    let next = parent.path().join("next");
    write(&next, "new");
    let server = Server::with(Command::new(env!("CARGO_BIN_EXE_reader")).stderr(Stdio::null()), &live);
    let begun = ["/rows.csv", "/rows.csv?id=gte.0", "/rows.csv?order=id"]
        .map(|target| Answer::get(&server, target, ""));
    std::fs::rename(&live, parent.path().join("before")).unwrap();
    std::fs::rename(&next, &live).unwrap();
    while !server.get("/rows?id=eq.1").contains("new0") {
        std::thread::yield_now();
    }
    while !Answer::get(&server, "/rows.csv", "").text().contains("new") {
        std::thread::yield_now();
    }
    for answer in begun {
        assert!(answer.text() == expected("old"));
    }
}

#[test]
fn clients_that_take_nothing_keep_nobody_waiting() {
    let (_parent, live) = release("old");
    let server = Server::with(Command::new(env!("CARGO_BIN_EXE_reader")).stderr(Stdio::null()), &live);
    let begun: Vec<_> = (0..40).map(|_| Answer::get(&server, "/rows.csv?order=id", "")).collect();
    assert!(server.get("/rows/7").starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(Answer::get(&server, "/rows.csv", "").text() == expected("old"));
    for answer in begun.into_iter().take(3) {
        assert!(answer.text() == expected("old"));
    }
}

/// A page of the table is overwritten: that far the file can be sent.
#[test]
fn a_file_that_breaks_off_does_not_look_whole() {
    let (_parent, live) = release("old");
    let database = std::fs::OpenOptions::new().write(true).open(live.join(DATABASE_FILE)).unwrap();
    let pages = database.metadata().unwrap().len() / 4096;
    let mut command = Command::new(env!("CARGO_BIN_EXE_reader"));
    let mut server = Server::with(command.stderr(Stdio::piped()), &live);
    for page in pages / 2..pages / 2 + 8 {
        database.write_all_at(&[0; 4096], page * 4096).unwrap();
    }
    for target in ["/rows.csv", "/rows.csv?order=id.desc"] {
        let answer = Answer::get(&server, target, "");
        assert!(answer.head.starts_with("HTTP/1.1 200 OK\r\n"), "{}", answer.head);
        let (body, whole) = answer.body();
        assert!(!whole && body.len() > 1_000_000, "{}", body.len());
    }
    let log = BufReader::new(server.child.stderr.take().unwrap()).lines().map(Result::unwrap);
    let reasons: Vec<_> = log.filter(|line| line.contains("download")).take(2).collect();
    assert_eq!(reasons, ["error: a download of /rows.csv was broken off: the release can't be read"; 2]);
}
