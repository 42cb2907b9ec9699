//! What people should know of a change feed, in a few lines however long the history is.

use crate::count::{count, grouped};

/// What a change feed leaves out, and why.
#[derive(Debug, Default)]
pub struct Notes {
    /// Why there is no feed at all.
    pub without_feed: Option<String>,
    /// The datasets that are in no commit.
    pub uncommitted: Vec<String>,
    /// The datasets that are in commits, none of which builds.
    pub without_versions: Vec<String>,
    /// The commits that don't build.
    pub left_out: Vec<LeftOut>,
    /// Why the next build has to read the history again.
    pub uncached: Option<String>,
}

/// A commit that is not a version of a dataset, because the dataset does not build there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The dataset's name.
    pub dataset: String,
    /// 12 digits.
    pub commit: String,
    /// What several commits can have in common.
    pub kind: String,
    /// The problem itself.
    pub reason: String,
}

impl Notes {
    /// A line each. `without_commit`: why the release names no commit, which is often the same reason.
    /// `verbose`: each commit that is left out, otherwise one of each kind.
    pub fn lines(&self, without_commit: Option<&str>, verbose: bool) -> Vec<String> {
        let mut lines = vec![];
        let uncommitted = self.uncommitted.first().map(|_| list(&self.uncommitted));
        match (&self.without_feed, without_commit, uncommitted) {
            (Some(reason), Some(_), _) => {
                lines.push(format!("the release has no change feed and names no commit: {reason}"));
            }
            (Some(reason), None, _) => lines.push(format!("the release has no change feed: {reason}")),
            (None, Some(reason), Some(list)) => lines.push(format!(
                "the manifest names no commit, and the change feed has no versions of {list}: {reason}"
            )),
            (None, Some(reason), None) => lines.push(format!("the manifest names no commit: {reason}")),
            (None, None, Some(list)) => {
                lines.push(format!("the change feed has no versions of {list}: not committed"));
            }
            (None, None, None) => {}
        }
        if !self.without_versions.is_empty() {
            let list = list(&self.without_versions);
            lines.push(format!("the change feed has no versions of {list}: no commit builds"));
        }
        self.commits(verbose, &mut lines);
        lines.extend(self.uncached.clone());
        lines
    }

    fn commits(&self, verbose: bool, lines: &mut Vec<String>) {
        let mut kinds: Vec<(&LeftOut, usize)> = vec![];
        for left_out in &self.left_out {
            let alike = |(first, _): &&mut (&LeftOut, usize)| {
                first.dataset == left_out.dataset && first.kind == left_out.kind
            };
            match kinds.iter_mut().find(alike).filter(|_| !verbose) {
                Some((_, commits)) => *commits += 1,
                None => kinds.push((left_out, 1)),
            }
        }
        for (LeftOut { dataset, commit, reason, .. }, commits) in &kinds {
            lines.push(match commits {
                1 => format!("history of `{dataset}`: commit {commit} is left out: {reason}"),
                _ => format!(
                    "history of `{dataset}`: {} are left out, such as {commit}: {reason}",
                    count(*commits, "commit")
                ),
            });
        }
        if kinds.len() < self.left_out.len() {
            lines.push("`builder build --verbose` lists every commit that is left out".to_owned());
        }
    }
}

/// The first names.
fn list(names: &[String]) -> String {
    const MOST: usize = 3;
    let mut list = names.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        list.push_str(&format!(" and {} more", grouped((names.len() - MOST) as u64)));
    }
    list
}
