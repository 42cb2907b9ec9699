//! Where the history is not whole, or not there: shallow clones, no repository, no `git`.

use crate::history::{DESCRIPTOR, ITEMS, four_versions, open};
use crate::repository::{Repository, shop};

#[test]
fn a_shallow_clone_is_refused() {
    let shop = four_versions();
    let clone = Repository::plain();
    let url = format!("file://{}", shop.root().display()).replace(' ', "%20");
    clone.git(&["clone", "--quiet", "--depth", "1", &url, "."]);
    clone.run(&["build", "-q"]).is(
        2,
        "",
        "error: the clone is shallow, but the change feed needs the history; get it with `git fetch \
         --unshallow` (for actions/checkout: `fetch-depth: 0`), or build with `--no-history`\n",
    );
    clone.output(&["build", "-q", "--no-history"]);
    clone.git(&["fetch", "--quiet", "--unshallow"]);
    clone.output(&["build", "-q"]);
    assert_eq!(catalog::versions(&open(&clone), "shop").unwrap().len(), 4);
}

#[test]
fn without_git_there_is_no_feed() {
    let shop = shop();
    shop.output(&["build", "-q"]);
    let note = |shop: &Repository, path: Option<&str>| {
        let mut command = shop.command(&["build", "-o", "other"]);
        path.map(|path| command.env("PATH", path));
        let output = command.output().unwrap();
        assert!(output.status.success());
        let stderr = String::from_utf8(output.stderr).unwrap();
        stderr.lines().find(|line| line.contains("change feed")).unwrap_or_default().to_owned()
    };
    let absent = note(&shop, Some("/nowhere"));
    assert!(
        absent.starts_with("note: the release has no change feed and names no commit: `git` can't be run: "),
        "{absent}"
    );
    assert_eq!(note(&shop, None), "");
    let plain = Repository::plain();
    plain.write(DESCRIPTOR, shop.text(DESCRIPTOR));
    plain.write(ITEMS, shop.text(ITEMS));
    assert_eq!(
        note(&plain, None),
        "note: the release has no change feed and names no commit: `datasets` is not in a Git repository"
    );
    plain.git(&["init", "--quiet"]);
    assert_eq!(
        note(&plain, None),
        "note: the release has no change feed and names no commit: the Git repository has no commit yet"
    );
    plain.write("x", "");
    plain.git(&["add", "x"]);
    plain.git(&["commit", "--quiet", "--message", "x"]);
    assert_eq!(
        note(&plain, None),
        "note: the manifest names no commit, and the change feed has no versions of `shop`: the datasets have uncommitted changes"
    );
}
