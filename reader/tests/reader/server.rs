//! The plain HTTP door, as a process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::release::write;

/// A running server; it ends with this.
pub(crate) struct Server {
    pub(crate) child: Child,
    address: String,
}

/// A connection that stays open.
pub(crate) struct Connection(TcpStream);

impl Server {
    pub(crate) fn start(release: &Path) -> Self {
        Self::with(Command::new(env!("CARGO_BIN_EXE_reader")).stderr(Stdio::null()), release)
    }

    pub(crate) fn with(command: &mut Command, release: &Path) -> Self {
        let mut child =
            command.arg(release).args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().rsplit_once("http://").unwrap().1.to_owned();
        Self { child, address }
    }

    pub(crate) fn connect(&self) -> Connection {
        Connection(TcpStream::connect(&self.address).unwrap())
    }

    /// A request that is sent, and whose answer is not waited for.
    pub(crate) fn send(&self, target: &str) -> TcpStream {
        let mut stream = self.connect().0;
        write!(stream, "GET {target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        stream
    }

    /// The whole answer, head included.
    pub(crate) fn get(&self, target: &str) -> String {
        let mut answer = String::new();
        self.send(target).read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Connection {
    pub(crate) fn into_stream(self) -> TcpStream {
        self.0
    }

    /// The answer's body.
    pub(crate) fn get(&mut self, target: &str) -> String {
        write!(self.0, "GET {target} HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut reader = BufReader::new(&mut self.0);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        String::from_utf8(body).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn paths_are_decoded_once() {
    let release = tempfile::tempdir().unwrap();
    write(release.path(), 19.99);
    let server = Server::start(release.path());
    assert!(server.get("/products/1").starts_with("HTTP/1.1 200 OK\r\n"));
    assert!(server.get("/stock/1,a%2Fb").ends_with("\"place\":\"a/b\",\"pieces\":6}"));
    assert!(server.get("/stock/2,100%20%25").ends_with("\"pieces\":7}"));
    assert!(server.get("/products/%31").ends_with("\"tags\":[\"a\",\"b\"]}"));
    assert!(server.get("/products/%ff").contains("\"code\":\"CP005\""));
    assert!(server.get("/%00").contains("'\\u0000' in the schema cache"));
}

/// A connection stays open over a change of release: the answer before it is old, one after is new.
#[test]
fn a_new_release_is_served_without_dropping_a_connection() {
    let parent = tempfile::tempdir().unwrap();
    let (live, next) = (parent.path().join("live"), parent.path().join("next"));
    std::fs::create_dir_all(&live).unwrap();
    std::fs::create_dir_all(&next).unwrap();
    write(&live, 19.99);
    write(&next, 21.5);
    let server = Server::start(&live);
    let mut connection = server.connect();
    let mut ask = || connection.get("/products/1");
    assert!(ask().contains("\"price\":19.99"));
    std::fs::rename(&live, parent.path().join("old")).unwrap();
    std::fs::rename(&next, &live).unwrap();
    while !ask().contains("\"price\":21.5") {
        std::thread::yield_now();
    }
    // A release that can't be served leaves the one before.
    std::fs::write(live.join("manifest.json"), "{}").unwrap();
    assert!(ask().contains("\"price\":21.5"));
    assert!(server.get("/products/1").contains("\"price\":21.5"));
}

#[test]
fn it_does_not_start_without_a_release() {
    let empty = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_reader")).arg(empty.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let database = empty.path().join("data.db");
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!("error: {}: it can't be read: No such file or directory (os error 2)\n", database.display())
    );
}

#[test]
fn wrong_arguments_are_named() {
    for (arguments, message) in [
        (&["a", "b"][..], "unexpected argument 'b' found\n\nUsage: reader [OPTIONS] [RELEASE]"),
        (
            &["--lsten", "1"],
            "unexpected argument '--lsten' found\n\n  tip: a similar argument exists: '--listen'\n\n\
             Usage: reader --listen <ADDRESS:PORT> [RELEASE]",
        ),
        (
            &["--listen", "8787"],
            "invalid value '8787' for '--listen <ADDRESS:PORT>': not an address and a port, such as 127.0.0.1:8787",
        ),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_reader")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            format!("error: {message}\n\nFor more information, try '--help'.\n")
        );
    }
}

#[test]
fn the_version() {
    // The Makefile names the commit; `cargo build` alone names none.
    let version = catalog::program_version(option_env!("COLDPRESS_COMMIT"));
    for option in ["--version", "-V"] {
        let output = Command::new(env!("CARGO_BIN_EXE_reader")).arg(option).output().unwrap();
        assert_eq!((output.status.code(), output.stderr), (Some(0), vec![]));
        assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("reader {version}\n"));
    }
}

#[test]
fn help_has_every_setting_and_an_example() {
    let output = Command::new(env!("CARGO_BIN_EXE_reader")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for (name, legal) in reader::Config::VARIABLES.into_iter().chain(reader::server::Limits::VARIABLES) {
        assert!(help.contains(&format!("\n  {name}\n      {legal}\n")), "{name}");
    }
    assert!(help.contains("\nExample:\n  reader dist"), "{help}");
    let long: Vec<&str> = help.lines().filter(|line| line.chars().count() > 100).collect();
    assert_eq!(long, [""; 0]);
}

/// The program that started it is gone.
#[test]
fn it_ends_with_standard_input_where_it_is_told_to() {
    let release = tempfile::tempdir().unwrap();
    write(release.path(), 19.99);
    let mut child = Command::new(env!("CARGO_BIN_EXE_reader"))
        .arg(release.path())
        .args(["--listen", "127.0.0.1:0", "--stop-with-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("serving "), "{line}");
    assert!(child.try_wait().unwrap().is_none());
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_taken_port_is_said_with_the_way_out() {
    let release = tempfile::tempdir().unwrap();
    write(release.path(), 19.99);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_reader"))
        .arg(release.path())
        .args(["--listen", &address.to_string()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "error: can't listen on {address} (`--listen ADDRESS:PORT` names another, port 0 takes a free one): \
             Address already in use (os error 98)\n"
        )
    );
}
