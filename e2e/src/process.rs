//! One process of the function, from spawn to its end, with what it cost.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use wait4::Wait4;

use crate::exchange::Exchange;
use crate::http::Server;
use crate::options::{Log, Options};
use crate::runtime_api;
use crate::task_root::TaskRoot;

/// How long a process took. All are taken with the monotonic clock in the double.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timings {
    /// From just before spawn to its first `next`: Lambda's init phase.
    pub spawn_to_first_poll: Option<Duration>,
    /// From its first `next` to its first answer, the function's error included.
    pub first_poll_to_first_response: Option<Duration>,
    /// Each answered invocation, from event to answer.
    pub invocations: Vec<Duration>,
}

/// What a process used from spawn to end, as the kernel counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// CPU time in user mode, all threads.
    pub user: Duration,
    /// CPU time in the kernel, all threads; exec and exit included.
    pub system: Duration,
    /// Page faults that needed no disk.
    pub minor_faults: u64,
    /// Page faults that waited for the disk.
    pub major_faults: u64,
    /// The most memory that was resident at once, in bytes.
    pub peak_memory: u64,
}

/// A process that has ended.
#[derive(Debug, Clone)]
pub struct Run {
    /// How long it took.
    pub timings: Timings,
    /// What it used.
    pub usage: Usage,
    /// How it ended, such as `signal: 9 (SIGKILL)` for one that was retired.
    pub status: String,
}

/// A process that runs, or has ended and not been asked about yet.
pub(crate) struct Process {
    pub(crate) exchange: Arc<Exchange>,
    /// `None` once it is reaped, from when on its number may be another's.
    child: Option<Child>,
    spawned: Instant,
    monitor: Option<JoinHandle<()>>,
    _runtime_api: Server,
}

/// A process that another thread starts at the same time holds a copy of every open file until it runs
/// its own program, the bootstrap that was just unzipped among them; until then the kernel refuses to
/// run it (ETXTBSY).
fn start(command: &mut Command) -> io::Result<(Instant, Child)> {
    for _ in 0..1_000 {
        let spawned = Instant::now();
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                thread::sleep(Duration::from_millis(1));
            }
            child => return Ok((spawned, child?)),
        }
    }
    Ok((Instant::now(), command.spawn()?))
}

impl Process {
    pub(crate) fn spawn(task_root: &TaskRoot, options: &Options, log: &File) -> io::Result<Self> {
        let exchange = Arc::new(Exchange::default());
        let runtime_api = runtime_api::serve(Arc::clone(&exchange))?;
        let mut command = Command::new(task_root.bootstrap());
        command
            .env_clear()
            .envs(environment(task_root.path(), options, &runtime_api.address().to_string()))
            .current_dir(task_root.path())
            .stdin(Stdio::null());
        if options.log == Log::Capture {
            command.stdout(log.try_clone()?).stderr(log.try_clone()?);
        } else {
            command.stdout(io::stderr());
        }
        let (spawned, child) = start(&mut command)?;
        let monitor = thread::spawn({
            let (exchange, id) = (Arc::clone(&exchange), child.id());
            move || {
                // Left unreaped, so that its number can't become another's before `end`.
                if let Some(pid) = i32::try_from(id).ok().and_then(Pid::from_raw) {
                    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
                    let _ = rustix::io::retry_on_intr(|| waitid(WaitId::Pid(pid), options));
                }
                exchange.change(|state| state.closed = true);
            }
        });
        Ok(Self { exchange, child: Some(child), spawned, monitor: Some(monitor), _runtime_api: runtime_api })
    }

    pub(crate) fn timings(&self) -> Timings {
        let state = self.exchange.lock();
        let since = |start: Option<Instant>, end: Option<Instant>| Some(end?.duration_since(start?));
        Timings {
            spawn_to_first_poll: since(Some(self.spawned), state.first_poll),
            first_poll_to_first_response: since(state.first_poll, state.first_response),
            invocations: state.invocations.clone(),
        }
    }

    /// Kills the process, as Lambda does, and says what it used.
    pub(crate) fn end(mut self) -> io::Result<Run> {
        let mut child = self.kill()?;
        let (minor_faults, major_faults) = faults(child.id())?;
        let ended = child.wait4()?;
        let usage = Usage {
            user: ended.rusage.utime,
            system: ended.rusage.stime,
            minor_faults,
            major_faults,
            peak_memory: ended.rusage.maxrss,
        };
        Ok(Run { timings: self.timings(), usage, status: ended.status.to_string() })
    }

    /// Hands back the child once it has ended, not yet reaped.
    fn kill(&mut self) -> io::Result<Child> {
        let mut child = self.child.take().ok_or(io::ErrorKind::NotFound)?;
        child.kill()?;
        if let Some(monitor) = self.monitor.take() {
            let _ = monitor.join();
        }
        Ok(child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Ok(mut child) = self.kill() {
            let _ = child.wait();
        }
    }
}

/// What Lambda sets in an OS-only runtime (AWS Lambda, "Defined runtime environment variables"),
/// less the credentials, which the reader has no use for.
fn environment(task_root: &Path, options: &Options, runtime_api: &str) -> Vec<(String, String)> {
    let region = "eu-central-1";
    let name = "reader";
    let own = [
        ("_HANDLER", "bootstrap"),
        ("AWS_DEFAULT_REGION", region),
        ("AWS_REGION", region),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &options.memory.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", name),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/reader"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "2001/09/09/[1]00000000000000000000000000000000"),
        ("AWS_LAMBDA_RUNTIME_API", runtime_api),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime"),
        ("LAMBDA_TASK_ROOT", &task_root.to_string_lossy()),
        ("LANG", "en_US.UTF-8"),
        (
            "LD_LIBRARY_PATH",
            "/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
        ),
        ("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin"),
        ("TZ", ":UTC"),
    ];
    let own = own.into_iter().map(|(name, value)| (name.into(), value.into()));
    options.environment.iter().cloned().chain(own).collect() // Lambda's names are reserved: they win
}

/// Minor and major page faults of a process that has ended and is not reaped yet
/// (proc_pid_stat(5), fields 10 and 12).
fn faults(id: u32) -> io::Result<(u64, u64)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let unreadable = || io::Error::other(format!("/proc/{id}/stat reads `{stat}`"));
    // Field 2 is the program's name in parentheses and may hold spaces.
    let fields = stat.rsplit_once(") ").ok_or_else(unreadable)?.1;
    let field = |number: usize| {
        fields.split(' ').nth(number - 3).and_then(|field| field.parse().ok()).ok_or_else(unreadable)
    };
    Ok((field(10)?, field(12)?))
}
