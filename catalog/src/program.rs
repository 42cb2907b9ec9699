//! What each program says of itself.

use crate::FORMAT_VERSION;

/// What `--version` prints after the program's name, the same text in every program: `0.1.0 (commit
/// 91c60c4f2a1b, release format 1)`. `commit` is the one that the program was built from; without it, or
/// if it is empty, the text has none. The version is the one that all crates of the workspace share.
pub fn program_version(commit: Option<&str>) -> String {
    let commit = commit
        .filter(|commit| !commit.is_empty())
        .map(|commit| format!("commit {commit}, "))
        .unwrap_or_default();
    format!("{} ({commit}release format {FORMAT_VERSION})", env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commit_is_said_where_it_is_known() {
        let number = env!("CARGO_PKG_VERSION");
        let without = format!("{number} (release format {FORMAT_VERSION})");
        assert_eq!(program_version(None), without);
        assert_eq!(program_version(Some("")), without);
        assert_eq!(
            program_version(Some("91c60c4f2a1b")),
            format!("{number} (commit 91c60c4f2a1b, release format {FORMAT_VERSION})")
        );
    }
}
