//! The binary `reader` as a child process.

use std::io;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use crate::failure::Failure;
use crate::installed::installed;
use crate::watch::Stopper;

/// The file name of the binary.
const NAME: &str = "reader";

/// The reader that serves a release: the one that is given, else the one beside this program, else
/// the first in PATH. Errors: no reader is found.
pub(crate) fn find_reader(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(given) = given {
        return match given.is_file() {
            true => Ok(given.to_owned()),
            false => Err(Failure::Refused(format!("there is no reader at `{}`", given.display()))),
        };
    }
    installed(NAME)?.map_err(|beside| {
        Failure::Refused(format!(
            "there is no `{}` and no `{NAME}` in PATH; `cargo build -p reader` compiles it, `--reader PATH` names another",
            beside.display()
        ))
    })
}

/// Fails early where the reader could not listen: a build may take long.
pub(crate) fn check_address(listen: SocketAddr) -> Result<(), Failure> {
    match TcpListener::bind(listen) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let other = SocketAddr::new(listen.ip(), listen.port().checked_add(1).unwrap_or(0));
            Err(Failure::Refused(format!(
                "another program listens on {listen}, perhaps another `builder serve`; choose another \
                 port with `--listen {other}` (`make run LISTEN={other}`)"
            )))
        }
        Err(error) => Err(Failure::Io { tried: format!("can't listen on {listen}"), error }),
    }
}

/// A running reader. It ends when this process ends, in any way.
pub(crate) struct Reader {
    /// Where it takes requests: `http://127.0.0.1:8787`.
    pub(crate) url: String,
    /// The reader ends when its standard input does.
    stdin: ChildStdin,
    waits: JoinHandle<io::Result<ExitStatus>>,
}

impl Reader {
    /// Starts it on a release. Where it ends by itself, the watch stops. Errors: it does not start,
    /// and has said why on stderr.
    pub(crate) fn start(
        program: &Path,
        release: &Path,
        listen: SocketAddr,
        stopper: Stopper,
    ) -> Result<Self, Failure> {
        let failed = |error| Failure::Io { tried: format!("can't run `{}`", program.display()), error };
        let mut child = Command::new(program)
            .arg(release)
            .args(["--listen", &listen.to_string(), "--stop-with-stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed(io::ErrorKind::BrokenPipe.into()));
        };
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line).map_err(failed)?;
        let Some((_, address)) = line.trim_end().rsplit_once(" on http://") else {
            let status = child.wait().map_err(failed)?;
            return Err(Failure::Refused(format!("the reader did not start ({status})")));
        };
        let url = format!("http://{address}");
        let waits = std::thread::spawn(move || {
            let status = child.wait();
            drop(stdout); // open until now: a write to it must not fail
            stopper.stop();
            status
        });
        Ok(Self { url, stdin, waits })
    }

    /// Has it finish the requests under way and end. Errors: it had failed.
    pub(crate) fn stop(self) -> Result<(), Failure> {
        drop(self.stdin);
        match self.waits.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)) {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure::Refused(format!("the reader failed ({status})"))),
            Err(error) => Err(Failure::Io { tried: "can't wait for the reader".into(), error }),
        }
    }
}
