//! The report on histories: a Git repository with a version of one table in every commit, built
//! with nothing kept from an earlier run and with everything.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rusqlite::{Connection, OpenFlags};
use wait4::Wait4;

use crate::Section;
use crate::limit::{Limit, Side};
use crate::options::Options;
use crate::report::{Table, grouped, median};

/// Versions of the long history; the short one has half of them.
const VERSIONS: usize = 500;

/// Rows of the table, in every version.
const ROWS: usize = 500;

/// Rows that each version changes.
const CHANGES: usize = 5;

/// What is built: how many versions, and whether all but the last are in the cache.
const BUILDS: [(&str, usize, Cache); 4] = [
    ("half of the versions", VERSIONS / 2, Cache::Empty),
    ("all versions", VERSIONS, Cache::Empty),
    ("all versions again, from the cache", VERSIONS, Cache::Full),
    ("one version more, the others from the cache", VERSIONS + 1, Cache::Full),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cache {
    Empty,
    Full,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    time: Duration,
    cpu: Duration,
    peak: u64,
}

/// Measures and reports.
pub fn section(options: &Options) -> Result<Section> {
    let Some(builder) = &options.builder else {
        let text = "## History\n\nNot measured: the builder is not built.\n".to_owned();
        return Ok(Section { text, limits: limits(&Err("the builder is not built".to_owned())) });
    };
    let repository = Repository::generate(&options.scratch.join("history"))?;
    let mut runs = [const { vec![] }; BUILDS.len()];
    for _ in 0..options.builds {
        for ((_, versions, cache), runs) in BUILDS.iter().zip(&mut runs) {
            runs.push(repository.build(builder, *versions, *cache)?);
        }
    }
    let medians = runs.map(|runs| Run {
        time: median(runs.iter().map(|run| run.time)),
        cpu: median(runs.iter().map(|run| run.cpu)),
        peak: median(runs.iter().map(|run| run.peak)),
    });
    let mut table = Table::new(&["build", "versions", "s", "CPU, s", "ms/version", "peak, MB"]);
    for ((name, versions, _), run) in BUILDS.iter().zip(&medians) {
        table.row([
            (*name).to_owned(),
            grouped(*versions as u64),
            format!("{:.2}", run.time.as_secs_f64()),
            format!("{:.2}", run.cpu.as_secs_f64()),
            format!("{:.2}", run.time.as_secs_f64() * 1e3 / *versions as f64),
            format!("{:.1}", run.peak as f64 / 1e6),
        ]);
    }
    let text = format!(
        "## History\n\nA repository whose every commit is a version of one table of {ROWS} rows, {CHANGES} of them \
         changed. `builder build --history` of all versions, medians of {} interleaved runs. CPU time is that of the \
         builder and of `git`.\n\n{table}",
        options.builds
    );
    Ok(Section { text, limits: limits(&Ok(medians)) })
}

fn limits(medians: &Result<[Run; BUILDS.len()], String>) -> Vec<Limit> {
    let find = |of: fn(&[Run; BUILDS.len()]) -> f64| medians.as_ref().map(of).map_err(String::clone);
    vec![
        Limit {
            what: "history of 500 versions of 500 rows, s",
            side: Side::AtMost,
            limit: 10.0,
            found: find(|runs| runs[1].time.as_secs_f64()),
        },
        Limit {
            what: "history, CPU of 500 versions, times that of 250",
            side: Side::AtMost,
            limit: 2.5,
            found: find(|runs| runs[1].cpu.as_secs_f64() / runs[0].cpu.as_secs_f64()),
        },
        Limit {
            what: "history from the cache, times as fast as without",
            side: Side::AtLeast,
            limit: 4.0,
            found: find(|runs| runs[1].time.as_secs_f64() / runs[2].time.as_secs_f64()),
        },
    ]
}

/// A generated repository; version N is at the tag `N`.
struct Repository {
    root: PathBuf,
    scratch: PathBuf,
}

impl Repository {
    fn generate(scratch: &Path) -> Result<Self> {
        if scratch.exists() {
            fs::remove_dir_all(scratch)?;
        }
        let repository = Self { root: scratch.join("repository"), scratch: scratch.to_owned() };
        fs::create_dir_all(&repository.root)?;
        run(repository.git(&["init", "--quiet"]))?;
        let mut import = repository.git(&["fast-import", "--quiet"]).stdin(Stdio::piped()).spawn()?;
        let stdin = import.stdin.take().context("stdin was asked for")?;
        commits(&mut BufWriter::new(stdin))?;
        if !import.wait()?.success() {
            bail!("git fast-import failed");
        }
        Ok(repository)
    }

    fn git(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(&self.root).args(arguments);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command
    }

    fn build(&self, builder: &Path, versions: usize, cache: Cache) -> Result<Run> {
        run(self.git(&["checkout", "--quiet", "--force", "--detach", &versions.to_string()]))?;
        let (kept, output) = (self.scratch.join("cache"), self.scratch.join("release"));
        if cache == Cache::Empty && kept.exists() {
            fs::remove_dir_all(&kept)?;
        }
        let mut command = Command::new(builder);
        command.current_dir(&self.root).args(["build", "datasets", "--quiet", "--history"]);
        command.arg(versions.to_string()).arg("--cache").arg(&kept).arg("-o").arg(&output);
        let started = Instant::now();
        let used = command.stdin(Stdio::null()).spawn()?.wait4()?;
        let time = started.elapsed();
        if !used.status.success() {
            bail!("building {versions} versions failed: {}", used.status);
        }
        let database = Connection::open_with_flags(output.join("data.db"), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        // A fast wrong feed is no measurement.
        let count = |kind: &str| -> Result<i64> {
            const SQL: &str = "SELECT count(*) FROM coldpress_catalog WHERE kind = ?1";
            Ok(database.query_one(SQL, [kind], |row| row.get(0))?)
        };
        let found = (count("version/shop")?, count("change/items")?);
        let expected = (versions as i64, ((versions - 1) * CHANGES) as i64);
        if found != expected {
            bail!("the feed has versions and changes {found:?}, expected {expected:?}");
        }
        Ok(Run { time, cpu: used.rusage.utime + used.rusage.stime, peak: used.rusage.maxrss })
    }
}

fn run(mut command: Command) -> Result<()> {
    let status = command.status().context("can't run git")?;
    if !status.success() {
        bail!("{command:?} failed: {status}");
    }
    Ok(())
}

/// The commits as `git fast-import` takes them, one more than [`VERSIONS`].
fn commits(out: &mut impl Write) -> Result<()> {
    let mut prices = [0; ROWS];
    for version in 1..=VERSIONS + 1 {
        if version > 1 {
            for change in 0..CHANGES {
                prices[(version * 31 + change * 97) % ROWS] += 1;
            }
        }
        let descriptor = format!(
            r#"{{"name": "shop", "version": "1.{version}.0", "resources": [
  {{"name": "items", "path": "items.csv", "schema": {{"fields": [
    {{"name": "id", "type": "integer"}}, {{"name": "title", "type": "string"}},
    {{"name": "price", "type": "integer"}}], "primaryKey": ["id"]}}}}]}}
"#
        );
        let mut csv = String::from("id,title,price\n");
        for (id, price) in prices.iter().enumerate() {
            csv.push_str(&format!("{id},item number {id},{price}\n"));
        }
        writeln!(out, "commit refs/tags/{version}")?;
        writeln!(out, "mark :{version}")?;
        writeln!(out, "committer A <a@example.org> {} +0000", 1_700_000_000 + version * 3600)?;
        writeln!(out, "data 0")?;
        if version > 1 {
            writeln!(out, "from :{}", version - 1)?;
        }
        for (path, content) in [("datapackage.json", descriptor), ("items.csv", csv)] {
            writeln!(out, "M 100644 inline datasets/shop/{path}")?;
            writeln!(out, "data {}\n{content}", content.len())?;
        }
    }
    Ok(out.flush()?)
}
