//! `builder new`: a data repository.

use std::fs;
use std::path::Path;

use crate::workspace::Workspace;

const FILES: [&str; 12] = [
    ".github/dependabot.yml",
    ".github/workflows/data.yml",
    ".gitignore",
    "README.md",
    "datasets/herbs/datapackage.json",
    "datasets/herbs/herbs.csv",
    "terraform/.gitignore",
    "terraform/bootstrap/main.tf",
    "terraform/release/main.tf",
    "terraform/release/root.tf",
    "terraform/service/main.tf",
    "terraform/service/root.tf",
];

const NEXT: &str = "  builder serve
  git init && git add --all && git commit -m \"The first data\"
";

/// All files below a directory, in order.
fn files(directory: &Path) -> Vec<String> {
    let mut found = vec![];
    let mut directories = vec![directory.to_owned()];
    while let Some(next) = directories.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                found.push(path.strip_prefix(directory).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_data_repository() {
    let workspace = Workspace::new();
    let said =
        format!("created `shop` with 12 files; its README.md says what they are. Next:\n  cd shop\n{NEXT}");
    workspace.run(&["new", "shop"]).is(0, "", &said);
    assert_eq!(files(&workspace.path("shop")), FILES);
    for file in FILES {
        let text = String::from_utf8(workspace.read(&format!("shop/{file}"))).unwrap();
        assert!(!text.contains("{{") || file.ends_with("data.yml"), "{file}");
    }
    let version = env!("CARGO_PKG_VERSION");
    let coldpress = env!("CARGO_PKG_REPOSITORY").strip_prefix("https://github.com/").unwrap();
    let workflow = format!(
        r#"name: Data
on:
  pull_request:
  push: {{ branches: [main], paths: [datasets/**, terraform/**, .github/workflows/data.yml] }}
  schedule: [{{ cron: "17 */6 * * *" }}]
  workflow_dispatch:
    inputs:
      release: {{ description: 'Release to make live again, an id or "previous"; empty to release main again' }}
      allow_shrink: {{ description: Tables that may lose a large part of their rows }}
permissions: {{}}
jobs:
  data:
    uses: {coldpress}/.github/workflows/data.yml@v{version}
    # Comments on pull requests, attestations, roles in AWS.
    permissions: {{ actions: read, attestations: write, contents: read, id-token: write, pull-requests: write }}
    with:
      release: ${{{{ inputs.release }}}}
      allow_shrink: ${{{{ inputs.allow_shrink }}}}
"#
    );
    assert_eq!(String::from_utf8(workspace.read("shop/.github/workflows/data.yml")).unwrap(), workflow);
    assert!(workflow.lines().count() <= 20);
    let release = format!(
        r#"# The function. A change of its settings is a release.
module "release" {{
  source = "github.com/{coldpress}//terraform/modules/release?ref=v{version}"

  name              = var.name
  regions           = var.regions
  artifact_buckets  = var.artifact_buckets
  function_role_arn = var.function_role_arn
  release           = var.release
  live_version      = var.live_version

  # Settings: architecture, memory_mb, reader, reserved_concurrency.
}}
"#
    );
    assert_eq!(String::from_utf8(workspace.read("shop/terraform/release/main.tf")).unwrap(), release);
    let readme = String::from_utf8(workspace.read("shop/README.md")).unwrap();
    assert!(readme.starts_with("# shop\n"));
}

/// The example has no problem, and is served.
#[test]
fn its_example_is_built() {
    let workspace = Workspace::new();
    workspace.run(&["new", "--quiet", "shop"]).is(0, "", "");
    let datasets = workspace.path("shop/datasets");
    let checked = workspace.run(&["check", datasets.to_str().unwrap()]);
    checked.is(0, "", "no problems (1 dataset, 6 rows checked)\n");
}

#[test]
fn an_empty_directory_is_filled() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.path("shop")).unwrap();
    let run = workspace.command(&["new", "."]).current_dir(workspace.path("shop")).output().unwrap();
    let said = format!("created `.` with 12 files; its README.md says what they are. Next:\n{NEXT}");
    assert_eq!(String::from_utf8(run.stderr).unwrap(), said);
    assert_eq!(files(&workspace.path("shop")), FILES);
    assert!(String::from_utf8(workspace.read("shop/README.md")).unwrap().starts_with("# shop\n"));
}

#[test]
fn a_directory_with_files_is_left_alone() {
    let workspace = Workspace::new().file("shop/notes.txt", "mine").file("file", "");
    let said = "error: `shop` is not empty\n  help: name a directory that does not exist yet, or one without files\n";
    workspace.run(&["new", "shop"]).is(2, "", said);
    assert_eq!(files(&workspace.path("shop")), ["notes.txt"]);
    workspace.run(&["new", "file"]).is(2, "", "error: can't read `file`: Not a directory (os error 20)\n");
    workspace.run(&["new", "no/shop"]).is(
        2,
        "",
        "error: can't create `no/shop`: No such file or directory (os error 2)\n",
    );
}
