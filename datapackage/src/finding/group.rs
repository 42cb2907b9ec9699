//! Findings as people read them: of those that differ only in the row, a few and how many more there are.

use std::collections::BTreeMap;

use super::collected::EXAMPLES;
use super::{Finding, Findings};

/// Findings of one file, column and code.
#[derive(Debug)]
pub struct Group<'a> {
    /// The first ones.
    pub shown: Vec<&'a Finding>,
    /// How many more there are.
    pub more: u64,
}

/// All findings that were kept, in groups. A group stands where its first finding does; only findings about
/// rows are grouped.
pub fn groups(findings: &Findings) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known = BTreeMap::new();
    for finding in findings.list() {
        if !finding.code.is_of_rows() {
            groups.push(Group { shown: vec![finding], more: 0 });
            continue;
        }
        let kind = (finding.path.as_str(), finding.kind());
        match known.get(&kind) {
            None => {
                known.insert(kind, groups.len());
                groups.push(Group { shown: vec![finding], more: findings.alike(finding) - 1 });
            }
            Some(group) => {
                let group = &mut groups[*group];
                if (group.shown.len() as u64) < EXAMPLES {
                    group.shown.push(finding);
                    group.more -= 1;
                }
            }
        }
    }
    groups
}
