//! Where and with what it was measured.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::report::Table;

/// Machine and versions.
pub fn table(date: &str, tools: &Path) -> Table {
    let mut table = Table::new(&["what", "which"]);
    let mut row = |what: &str, which: Option<String>| {
        table.row([what.to_owned(), which.unwrap_or_else(|| "absent".to_owned())]);
    };
    row("date", Some(date.to_owned()));
    row("processor", processor());
    row("memory", memory());
    row("kernel", fs::read_to_string("/proc/sys/kernel/osrelease").ok().map(|text| text.trim().to_owned()));
    row("load before the run", fs::read_to_string("/proc/loadavg").ok().map(|text| first(&text, 3)));
    row("rustc", first_line("rustc", &["--version"]));
    row("SQLite, bundled", Some(rusqlite::version().to_owned()));
    row("sqlite3", first_line("sqlite3", &["--version"]).map(|line| first(&line, 1)));
    row("valgrind", first_line("valgrind", &["--version"]));
    let python = tools.join("bin/python").to_string_lossy().into_owned();
    for package in ["duckdb", "sqlite-utils", "datasette", "roapi"] {
        let script = format!("import importlib.metadata as m; print(m.version('{package}'))");
        row(package, first_line(&python, &["-c", &script]));
    }
    let soul = fs::read_to_string(tools.join("node_modules/soul-cli/package.json")).ok();
    let soul = soul.and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    row("soul-cli", soul.and_then(|package| package["version"].as_str().map(str::to_owned)));
    table
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let (_, model) = text.lines().find(|line| line.starts_with("model name"))?.split_once(": ")?;
    let count = text.lines().filter(|line| line.starts_with("processor")).count();
    Some(format!("{count} x {model}"))
}

fn memory() -> Option<String> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let kib: u64 = text.lines().next()?.split_whitespace().nth(1)?.parse().ok()?;
    Some(format!("{:.1} GiB", kib as f64 / f64::from(1 << 20)))
}

fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output =
        Command::new(program).args(arguments).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()?.lines().next().map(str::to_owned)
}

fn first(text: &str, words: usize) -> String {
    text.split_whitespace().take(words).collect::<Vec<_>>().join(" ")
}
