//! Clients that keep connections and answers without a use: others are served, and memory is bounded.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::long_requests::{LONG, body, with_a_long_text};
use crate::package::{Files, Source, descriptor};
use crate::release::write;
use crate::server::Server;

fn server(release: &Path, settings: &[(&str, &str)]) -> Server {
    let command = &mut Command::new(env!("CARGO_BIN_EXE_reader"));
    Server::with(command.envs(settings.iter().copied()).stderr(Stdio::piped()), release)
}

fn log(mut server: Server) -> String {
    server.child.kill().unwrap();
    let mut log = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    log
}

/// Whether the server has closed it; waits until there is something to say.
fn is_closed(stream: &mut TcpStream) -> bool {
    match stream.read(&mut [0; 4096]) {
        Ok(read) => read == 0,
        Err(error) => matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
    }
}

#[test]
fn idle_connections_give_way_to_others() {
    let release = tempfile::tempdir().unwrap();
    write(release.path(), 19.99);
    let server = server(release.path(), &[("COLDPRESS_MAX_CONNECTIONS", "50")]);
    let mut idle: Vec<TcpStream> = (0..200).map(|_| server.connect().into_stream()).collect();
    // Half a request is not a request.
    idle.iter_mut().for_each(|stream| drop(stream.write_all(b"GET /products/1 HT")));
    for _ in 0..20 {
        assert!(server.get("/products/1").ends_with("\"tags\":[\"a\",\"b\"]}"));
    }
    let health: Value = serde_json::from_str(body(&server.get("/-/health"))).unwrap();
    assert!(health["connections"].as_u64().unwrap() <= 50, "{health}");
    assert!(idle.iter_mut().take(150).all(is_closed));
    let log = log(server);
    assert!(
        log.starts_with("warning: 50 connections are open: an idle one of 127.0.0.1 is closed for another\n")
    );
    assert!(log.lines().count() < 20, "{log}");
}

#[test]
fn whom_no_connection_can_give_way_is_told_so() {
    let release = tempfile::tempdir().unwrap();
    with_a_long_text(release.path());
    let server =
        server(release.path(), &[("COLDPRESS_MAX_CONNECTIONS", "3"), ("COLDPRESS_QUERY_MS", "60000")]);
    let mut watch = server.connect();
    let _long: Vec<_> = (0..2).map(|_| server.send(LONG)).collect();
    loop {
        let health: Value = serde_json::from_str(&watch.get("/-/health")).unwrap();
        let long = &health["long_requests"];
        if long["running"].as_u64().unwrap() + long["waiting"].as_u64().unwrap() == 2 {
            break;
        }
    }
    let mut watch = watch.into_stream();
    write!(watch, "GET {LONG} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    // Until the server has that one, the connection is idle and gives way.
    let refused = loop {
        let answer = server.get("/products/1");
        if !answer.starts_with("HTTP/1.1 200 ") {
            break answer;
        }
        watch = server.send(LONG);
    };
    assert!(refused.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{refused}");
    assert!(refused.contains("\r\nretry-after: 1\r\n"), "{refused}");
    assert_eq!(
        body(&refused),
        r#"{"code":"CP503","message":"all connections are in use","details":null,"hint":"try again later"}"#
    );
    drop(watch);
    assert!(log(server).contains("warning: all connections are in use: a client was refused"));
}

#[test]
fn a_connection_without_a_request_ends() {
    let release = tempfile::tempdir().unwrap();
    write(release.path(), 19.99);
    let server = server(release.path(), &[("COLDPRESS_IDLE_SECONDS", "1")]);
    let mut silent = server.connect().into_stream();
    let mut slow = server.connect().into_stream();
    slow.write_all(b"GET /products/1 HTTP/1.1\r\nhost: ").unwrap();
    let mut used = server.connect();
    assert!(used.get("/products/1").contains("\"price\":19.99"));
    assert!(is_closed(&mut silent) && is_closed(&mut slow) && is_closed(&mut used.into_stream()));
}

/// A release with a table of 1,000 rows, 8 MB.
fn large() -> tempfile::TempDir {
    let rows = (0..1000).map(|id| format!("({id}, '{}')", "text ".repeat(1600)));
    let rows: &str = rows.collect::<Vec<_>>().join(",").leak();
    let sources = [Source {
        name: "pages",
        columns: "id integer!, text string!",
        primary_key: &["id"],
        unique_keys: &[],
        foreign_keys: &[],
        rows,
    }];
    let release = tempfile::tempdir().unwrap();
    Files::of(&descriptor("large", &sources), &sources).write(release.path());
    release
}

/// The most memory that the process has had, in kilobytes.
fn peak(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn clients_that_read_nothing_hold_little_and_end() {
    let release = large();
    let server = server(
        release.path(),
        &[
            ("COLDPRESS_MAX_BYTES", "20000000"),
            ("COLDPRESS_MAX_UNSENT", "20000000"),
            ("COLDPRESS_SEND_SECONDS", "1"),
        ],
    );
    // 8 MB each; the kernel takes some of it.
    let _silent: Vec<_> = (0..24).map(|_| server.send("/pages?limit=1000")).collect();
    let mut watch = server.connect();
    assert!(watch.get("/pages/7").starts_with("{\"id\":7,"));
    loop {
        let health: Value = serde_json::from_str(&watch.get("/-/health")).unwrap();
        if health["connections"] == 1 {
            break;
        }
    }
    let peak = peak(&server);
    assert!(peak < 150_000, "{peak} kB, and 24 answers are 192,000 kB");
    assert!(watch.get("/pages?select=id&limit=1").contains("[{\"id\":0}]"));
}
