//! A build that is killed, at any of its steps, leaves a whole release.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::workspace::Workspace;

fn csv(version: usize) -> String {
    let rows = (0..2_000).map(|id| format!("{id},version {version} of row {id}\n"));
    format!("id,name\n{}", rows.collect::<String>())
}

fn release(workspace: &Workspace) -> [Vec<u8>; 2] {
    ["dist/data.db", "dist/manifest.json"].map(|file| workspace.read(file))
}

/// Starts a build that is held at its step number `step`, and kills it there. The step's name, or
/// `None` where the build has fewer steps and has ended by itself.
fn killed_at(workspace: &Workspace, step: usize) -> Option<String> {
    let mut command: Command = workspace.command(&["build", "--quiet"]);
    command.env("COLDPRESS_HOLD_AT", step.to_string());
    let mut build = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(build.stderr.take().unwrap()).read_line(&mut line).unwrap();
    let held = line.trim_end().strip_prefix("held at: ").map(str::to_owned);
    assert_eq!(held.is_none(), line.is_empty(), "{line}");
    if held.is_some() {
        build.kill().unwrap();
    }
    assert_eq!(build.wait().unwrap().success(), held.is_none());
    held
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "an optimised builder can't be held at a step")]
fn at_every_step() {
    let workspace = Workspace::new().file(
        "datasets/d/datapackage.json",
        r#"{"name": "d", "resources": [{"name": "t", "path": "t.csv", "schema": {
            "fields": [{"name": "id", "type": "integer"}, {"name": "name"}],
            "primaryKey": "id", "uniqueKeys": [["name"]]}}]}"#,
    );
    workspace.write("datasets/d/t.csv", csv(0));
    workspace.build();
    let mut steps = vec![];
    for step in 1.. {
        let before = release(&workspace);
        workspace.write("datasets/d/t.csv", csv(step));
        let Some(name) = killed_at(&workspace, step) else { break };
        // One rename is between the two releases; each is complete.
        let is_new = name == "removing the previous release";
        assert_eq!(release(&workspace) == before, !is_new, "{name}");
        assert_eq!(workspace.run(&["verify", "--quiet", "dist"]).code, Some(0), "{name}");
        // The next build is one like any other, and removes what was left.
        workspace.build();
        assert!(release(&workspace) != before, "{name}");
        assert_eq!(workspace.names("."), ["datasets", "dist"], "{name}");
        assert_eq!(workspace.names("dist"), ["data.db", "manifest.json"], "{name}");
        steps.push(name);
    }
    assert_eq!(
        steps,
        [
            "reading the descriptors",
            "reading t",
            "the table is read",
            "indexing t",
            "hashing t",
            "gathering statistics",
            "writing the database",
            "writing the manifest",
            "replacing the release",
            "removing the previous release",
        ]
    );
}
