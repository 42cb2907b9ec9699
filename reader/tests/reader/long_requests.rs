//! Requests that take long, on the plain server: nothing else waits for them.

use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use catalog::{DATABASE_FILE, MANIFEST_FILE, Manifest};

use crate::release::write;
use crate::server::Server;

/// `match.(\w|.){0,3000}zq$` over a text of 3.8 MB: some 10^10 steps, more than a minute anywhere.
pub(crate) const LONG: &str = "/notes?text=match.%28%5Cw%7C.%29%7B0,3000%7Dzq%24";

/// How many may wait.
const WAITING: usize = 32;

pub(crate) fn with_a_long_text(directory: &Path) {
    write(directory, 19.99);
    let database = directory.join(DATABASE_FILE);
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection.execute("UPDATE notes SET text = ?", ["a ".repeat(1_900_000)]).unwrap();
    connection.close().unwrap();
    let manifest = directory.join(MANIFEST_FILE);
    let mut written = Manifest::load(&manifest).unwrap();
    written.database.bytes = std::fs::metadata(database).unwrap().len();
    std::fs::write(manifest, written.to_bytes()).unwrap();
}

pub(crate) fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[test]
fn others_are_answered_beside_any_number_of_long_requests() {
    let release = tempfile::tempdir().unwrap();
    with_a_long_text(release.path());
    let command = &mut Command::new(env!("CARGO_BIN_EXE_reader"));
    let mut server =
        Server::with(command.env("COLDPRESS_QUERY_MS", "60000").stderr(Stdio::null()), release.path());
    let threads = std::thread::available_parallelism().unwrap().get();
    let long: Vec<_> = (0..threads + WAITING).map(|_| server.send(LONG)).collect();
    let all = serde_json::json!({"running": threads, "waiting": WAITING});
    loop {
        let health: serde_json::Value = serde_json::from_str(body(&server.get("/-/health"))).unwrap();
        if health["long_requests"] == all {
            break;
        }
    }
    assert!(server.get("/products/1").ends_with("\"tags\":[\"a\",\"b\"]}"));
    assert!(server.get("/stock/1,a%2Fb").ends_with("\"pieces\":6}"));
    assert!(server.get("/").starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(server.get("/products?select=id&limit=1").ends_with("[{\"id\":1}]"));
    assert!(server.get("/products?select=id&order=price.desc&limit=1").ends_with("[{\"id\":3}]"));
    let refused = server.get(LONG);
    assert!(refused.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{refused}");
    assert!(refused.contains("\r\nretry-after: 1\r\n"), "{refused}");
    assert_eq!(
        body(&refused),
        r#"{"code":"CP503","message":"too many requests that take long are waiting","details":null,"hint":"try again later, or ask for less: rows by their key and pages in the file's order are served meanwhile"}"#
    );
    for mut stream in &long {
        stream.set_nonblocking(true).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    }
    // Whatever runs, the process ends once it is told to.
    let killed = Command::new("kill").arg(server.child.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert!(server.child.wait().unwrap().success());
    for mut stream in &long {
        stream.set_nonblocking(false).unwrap();
        assert!(matches!(stream.read(&mut [0]), Ok(0) | Err(_)));
    }
}

/// A file's rows are counted where they are asked for, and not by the threads that others wait for.
#[test]
fn others_are_answered_beside_files_whose_rows_are_counted() {
    let release = tempfile::tempdir().unwrap();
    with_a_long_text(release.path());
    let command = &mut Command::new(env!("CARGO_BIN_EXE_reader"));
    let server =
        Server::with(command.env("COLDPRESS_QUERY_MS", "60000").stderr(Stdio::null()), release.path());
    let threads = std::thread::available_parallelism().unwrap().get();
    let file = LONG.replace("/notes?", "/notes.csv?");
    let mut counted: Vec<_> = (0..2 * threads)
        .map(|_| {
            let mut stream = server.connect().into_stream();
            write!(stream, "GET {file} HTTP/1.1\r\nhost: x\r\nprefer: count=exact\r\n\r\n").unwrap();
            stream
        })
        .collect();
    for _ in 0..4 * threads {
        assert!(server.get("/products/1").ends_with("\"tags\":[\"a\",\"b\"]}"));
    }
    for stream in &mut counted {
        stream.set_nonblocking(true).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    }
}

/// What takes long gets the answer that it would get anywhere.
#[test]
fn a_long_request_is_answered_whole() {
    let release = tempfile::tempdir().unwrap();
    with_a_long_text(release.path());
    let command = &mut Command::new(env!("CARGO_BIN_EXE_reader"));
    let server = Server::with(command.env("COLDPRESS_QUERY_MS", "50").stderr(Stdio::null()), release.path());
    assert_eq!(
        body(&server.get(LONG)),
        r#"{"code":"57014","message":"canceling statement due to statement timeout","details":"it took longer than 50 ms","hint":"every row of 'notes' is read to filter by 'text', which has no index; no column of it has one"}"#
    );
    assert_eq!(body(&server.get("/products.csv?select=id,name&id=gt.1")), "id,name\n2,Plate\n3,Été");
}
