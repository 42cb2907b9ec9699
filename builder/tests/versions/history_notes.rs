//! What `builder build` says of the history: commits that are left out, and what has no history yet.

use crate::history::{DESCRIPTOR, ITEMS};
use crate::repository::{Repository, shop};

/// Commits that are left out for one reason are one line.
#[test]
fn commits_that_are_left_out() {
    let shop = shop();
    shop.edit(DESCRIPTOR, "  \"version\": \"1.0.0\",\n", "");
    let mut commits = vec![];
    for price in ["dear", "cheap", "free"] {
        shop.write(ITEMS, format!("id,name,price\n1,one,{price}\n"));
        commits.push(shop.commit("broken"));
    }
    shop.write(ITEMS, "id,name,price\nx,one,1\n");
    commits.push(shop.commit("broken otherwise"));
    shop.write(ITEMS, "id,name,price\n1,one,1\n");
    shop.commit("whole");
    let of = |commit: usize| &commits[commit][..12];
    let notes = |arguments: &[&str]| {
        let ran = shop.run(arguments);
        assert_eq!(ran.code, Some(0));
        ran.stderr.lines().filter(|line| line.starts_with("note: ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let price =
        |value: &str| format!("shop/items.csv:2: [type-error] column `price`: \"{value}\" is not a number");
    let id = "shop/items.csv:2: [type-error] column `id`: \"x\" is not an integer";
    assert_eq!(
        notes(&["build"]),
        [
            format!("note: history of `shop`: commit {} is left out: {id}", of(3)),
            format!("note: history of `shop`: 3 commits are left out, such as {}: {}", of(2), price("free")),
            "note: `builder build --verbose` lists every commit that is left out".to_owned(),
        ]
    );
    assert_eq!(
        notes(&["build", "--verbose"]),
        [(3, id.to_owned()), (2, price("free")), (1, price("cheap")), (0, price("dear"))].map(
            |(commit, reason)| format!(
                "note: history of `shop`: commit {} is left out: {reason}",
                of(commit)
            )
        )
    );
}

/// The first build says in one line what there is no history of yet.
#[test]
fn datasets_that_are_not_committed() {
    let repository = Repository::new();
    repository.write("README.md", "");
    repository.commit("before the datasets");
    for number in 0..5 {
        let descriptor = format!(
            r#"{{"name": "d{number}", "resources": [{{"name": "t{number}", "path": "t.csv", "schema": {{"fields": [{{"name": "a"}}]}}}}]}}"#
        );
        repository.write(&format!("datasets/{number}/datapackage.json"), descriptor);
        repository.write(&format!("datasets/{number}/t.csv"), "a\nx\n");
    }
    let lines = repository.run(&["build"]).stderr;
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!(
        lines[1],
        "note: the manifest names no commit, and the change feed has no versions of `d0`, `d1`, `d2` and 2 more: the \
         datasets have uncommitted changes"
    );
}
