//! Releases that the plain server can't open: the one before is served, the new one is tried again.

use std::io::Read;
use std::process::{Command, Stdio};

use catalog::{DATABASE_FILE, MANIFEST_FILE, Manifest};
use serde_json::{Value, json};

use crate::release::write;
use crate::server::{Connection, Server};

fn json_of(connection: &mut Connection, target: &str) -> Value {
    serde_json::from_str(&connection.get(target)).unwrap()
}

/// The state once it is so.
fn health(connection: &mut Connection, so: impl Fn(&Value) -> bool) -> Value {
    loop {
        let health = json_of(connection, "/-/health");
        if so(&health) {
            return health;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_refused_release_is_shown_and_taken_up_once_it_can_be_opened() {
    let parent = tempfile::tempdir().unwrap();
    let (live, next) = (parent.path().join("live"), parent.path().join("next"));
    std::fs::create_dir_all(&live).unwrap();
    std::fs::create_dir_all(&next).unwrap();
    write(&live, 19.99);
    write(&next, 21.5);
    let database = |path| Manifest::load(path).unwrap().database;
    let (old, new) = (database(&live.join(MANIFEST_FILE)), database(&next.join(MANIFEST_FILE)));
    let whole = std::fs::read(next.join(DATABASE_FILE)).unwrap();
    std::fs::write(next.join(DATABASE_FILE), "not yet").unwrap();
    let command = &mut Command::new(env!("CARGO_BIN_EXE_reader"));
    let mut server = Server::with(command.stderr(Stdio::piped()), &live);
    let mut connection = server.connect();
    std::fs::rename(&live, parent.path().join("old")).unwrap();
    std::fs::rename(&next, &live).unwrap();
    let refused = health(&mut connection, |health| health["refused"]["attempts"].as_u64() >= Some(3));
    assert_eq!(refused["served"]["database"], json!(old));
    assert_eq!(refused["refused"]["database"], json!(new));
    assert_eq!(refused["refused"]["commit"], json!("c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff"));
    assert_eq!(refused["refused"]["reason"], json!("data.db: it is not an SQLite database"));
    // The first to ask for it, and its manifest is not where it was.
    assert_eq!(json_of(&mut connection, "/")["database"], json!(old));
    assert_eq!(json_of(&mut connection, "/products/1")["price"], json!(19.99));
    std::fs::write(live.join(DATABASE_FILE), whole).unwrap();
    health(&mut connection, |health| health["refused"].is_null());
    assert_eq!(json_of(&mut connection, "/products/1")["price"], json!(21.5));
    assert_eq!(json_of(&mut connection, "/-/health")["served"]["database"], json!(new));
    server.child.kill().unwrap();
    let mut log = String::new();
    server.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let live = live.display();
    assert_eq!(
        log,
        format!(
            "error: {live}/data.db: it is not an SQLite database\n  the old release goes on being served, and the new one is tried again\nserving the new release in {live}\n"
        )
    );
}

/// What kept a release from being opened may pass without a trace in its files.
#[test]
fn a_server_without_files_to_open_goes_over_once_it_has_some() {
    let parent = tempfile::tempdir().unwrap();
    let (live, next) = (parent.path().join("live"), parent.path().join("next"));
    std::fs::create_dir_all(&live).unwrap();
    std::fs::create_dir_all(&next).unwrap();
    write(&live, 19.99);
    write(&next, 21.5);
    let server = Server::with(Command::new(env!("CARGO_BIN_EXE_reader")).stderr(Stdio::null()), &live);
    let mut connection = server.connect();
    assert_eq!(json_of(&mut connection, "/products/1")["price"], json!(19.99));
    let id = server.child.id();
    let limit = |files: usize| {
        let limit = format!("--nofile={files}:");
        assert!(Command::new("prlimit").args(["--pid", &id.to_string(), &limit]).status().unwrap().success());
    };
    // Fewer than are open: nothing more can be opened, whatever the server does at this moment.
    limit(3);
    std::fs::rename(&live, parent.path().join("old")).unwrap();
    std::fs::rename(&next, &live).unwrap();
    let refused = health(&mut connection, |health| health["refused"]["attempts"].as_u64() >= Some(2));
    let reason = refused["refused"]["reason"].as_str().unwrap();
    assert!(reason.ends_with("Too many open files (os error 24)"), "{refused}");
    assert_eq!(json_of(&mut connection, "/products/1")["price"], json!(19.99));
    limit(1000);
    health(&mut connection, |health| health["refused"].is_null());
    assert_eq!(json_of(&mut connection, "/products/1")["price"], json!(21.5));
}
