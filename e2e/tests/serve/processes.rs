//! Both processes, from their start to their end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

fn binary(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_lambda-double")).with_file_name(name);
    assert!(path.exists(), "{name} is built by `cargo test --workspace`");
    path
}

struct Served {
    child: Child,
    /// Open in every process that is started, the reader too; its end is the end of all of them.
    stderr: ChildStderr,
    _stdout: BufReader<ChildStdout>,
    address: String,
}

impl Served {
    /// In a process group of its own, as a shell starts it.
    fn start(command: &mut Command) -> Self {
        let mut child =
            command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.trim_end().rsplit_once("http://").expect("it is served").1.to_owned();
        Self { stderr: child.stderr.take().unwrap(), child, _stdout: stdout, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    fn id(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Waits until nothing of it runs. The exit code.
    fn end(mut self) -> Option<i32> {
        self.stderr.read_to_end(&mut vec![]).unwrap();
        assert!(TcpStream::connect(&self.address).is_err(), "the reader has ended too");
        self.child.wait().unwrap().code()
    }
}

fn serve(directory: &Path) -> Served {
    std::fs::write(directory.join("stock.csv"), "id,name\n1,cup\n2,plate\n").unwrap();
    Served::start(
        Command::new(binary("builder"))
            .args(["serve", "stock.csv", "--listen", "127.0.0.1:0", "--quiet"])
            .current_dir(directory),
    )
}

#[test]
fn a_csv_file_and_its_changes() {
    let directory = tempfile::tempdir().unwrap();
    let served = serve(directory.path());
    assert_eq!(served.get("/stock/2"), r#"{"id":2,"name":"plate"}"#);
    std::fs::write(directory.path().join("stock.csv"), "id,name\n1,cup\n2,bowl\n").unwrap();
    while served.get("/stock/2") != r#"{"id":2,"name":"bowl"}"# {
        std::thread::yield_now();
    }
    // Ctrl-C reaches both processes.
    kill_process_group(served.id(), Signal::INT).unwrap();
    assert_eq!(served.end(), Some(0));
}

/// However the builder ends, it leaves no reader behind.
#[test]
fn a_builder_that_is_terminated_or_killed() {
    let directory = tempfile::tempdir().unwrap();
    for (signal, code) in [(Signal::TERM, Some(0)), (Signal::KILL, None)] {
        let served = serve(directory.path());
        kill_process(served.id(), signal).unwrap();
        assert_eq!(served.end(), code);
    }
}

#[test]
fn make_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let directory = tempfile::tempdir().unwrap();
    for signal in [Signal::INT, Signal::TERM] {
        let served = Served::start(
            Command::new("make")
                .args(["--no-print-directory", "run", "LISTEN=127.0.0.1:0"])
                .arg(format!("DIST={}", directory.path().join("dist").display()))
                .arg(format!("BINARIES={}", binary("builder").parent().unwrap().display()))
                .current_dir(root)
                .env_remove("MAKEFLAGS"), // of the `make test` around it
        );
        assert!(served.get("/elements/2").contains("\"name\":\"Helium\""));
        kill_process_group(served.id(), signal).unwrap();
        served.end(); // make's own exit code says that it was interrupted
    }
}
