//! Which commits are the versions of a dataset.
//!
//! A commit is a version where the dataset's version is another than in the last commit that
//! builds; without a semantic version, where its content is. The last commit is one too where it has
//! other content than its version had: the feed always ends with what is committed. Commits that do
//! not build are left out, and the next good one is compared with the last good one.

use std::collections::VecDeque;

use super::revision::{Evaluated, Problem, Revision, Revisions};
use crate::failure::Failure;

/// A version of a dataset.
#[derive(Debug, Clone)]
pub(crate) struct DatasetVersion {
    pub(crate) revision: Revision,
    /// Its semantic version.
    pub(crate) version: Option<String>,
    pub(crate) evaluated: Evaluated,
    pub(crate) digest: String,
}

impl DatasetVersion {
    fn label(&self) -> &str {
        self.version.as_deref().unwrap_or(&self.digest)
    }
}

/// A commit in which the dataset's files changed.
struct State {
    revision: Revision,
    version: Option<String>,
}

/// Walks the history of one dataset, newest first.
pub(crate) struct VersionWalk<'a> {
    directory: &'a str,
    states: Vec<State>,
    /// The next state to look at.
    next: usize,
    /// Versions that were found and not yet given.
    ahead: VecDeque<DatasetVersion>,
    found_any: bool,
    /// The commits that are left out, by the first 12 digits, and why.
    pub(crate) left_out: Vec<(String, Problem)>,
}

impl<'a> VersionWalk<'a> {
    /// The states of the dataset in `directory`, below the datasets directory.
    pub(crate) fn new(
        directory: &'a str,
        commits: &[Revision],
        revisions: &mut Revisions<'_>,
    ) -> Result<Self, Failure> {
        let mut states: Vec<State> = vec![];
        let mut trees = Vec::with_capacity(commits.len());
        for revision in commits {
            trees.push(revisions.tree(revision, directory)?);
        }
        for (index, revision) in commits.iter().enumerate() {
            let older = trees.get(index + 1).cloned().flatten();
            if let Some(tree) = trees[index].as_ref().filter(|tree| Some(*tree) != older.as_ref()) {
                let version = revisions.version(tree)?;
                states.push(State { revision: revision.clone(), version });
            }
        }
        Ok(Self { directory, states, next: 0, ahead: VecDeque::new(), found_any: false, left_out: vec![] })
    }

    /// Whether no commit has the dataset.
    pub(crate) fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// Every state of that version that builds.
    pub(crate) fn all_of(
        mut self,
        version: &str,
        revisions: &mut Revisions<'_>,
    ) -> Result<Vec<DatasetVersion>, Failure> {
        let mut all = vec![];
        for index in 0..self.states.len() {
            if self.states[index].version.as_deref() == Some(version) {
                all.extend(self.evaluate(index, revisions)?);
                revisions.forget_but(self.directory, &[]);
            }
        }
        Ok(all)
    }

    /// The next older version.
    pub(crate) fn next(&mut self, revisions: &mut Revisions<'_>) -> Result<Option<DatasetVersion>, Failure> {
        if self.ahead.is_empty() {
            self.run(revisions)?;
        }
        let Some(mut found) = self.ahead.pop_front() else { return Ok(None) };
        // One ahead: a version that returns after one of which no commit builds was never away.
        while self.ahead.is_empty() && self.run(revisions)? {
            match self.ahead.front() {
                Some(older) if older.label() == found.label() => {
                    found = self.ahead.pop_front().unwrap_or(found);
                }
                _ => break,
            }
        }
        Ok(Some(found))
    }

    /// The revision that is read already, ahead of its turn.
    pub(crate) fn ahead(&self) -> Option<&Revision> {
        self.ahead.front().map(|found| &found.revision)
    }

    /// Finds the oldest good commit of the next run of commits with one label that has any. False
    /// at the end of the history.
    fn run(&mut self, revisions: &mut Revisions<'_>) -> Result<bool, Failure> {
        while let Some(state) = self.states.get(self.next) {
            let found = match state.version.clone() {
                Some(version) => self.versioned(&version, revisions)?,
                None => self.by_digest(revisions)?,
            };
            if let Some(found) = found {
                self.found_any = true;
                self.ahead.push_back(found);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn versioned(
        &mut self,
        version: &str,
        revisions: &mut Revisions<'_>,
    ) -> Result<Option<DatasetVersion>, Failure> {
        let mut members = vec![];
        while let Some(state) = self.states.get(self.next) {
            match state.version.clone() {
                Some(other) if other == version => members.push(self.next),
                Some(_) => break,
                // Without a version: of the run only if it does not count at all.
                None if self.evaluate(self.next, revisions)?.is_some() => break,
                None => {}
            }
            self.next += 1;
        }
        let mut begins = None;
        for index in members.iter().rev() {
            if let Some(found) = self.evaluate(*index, revisions)? {
                begins = Some((*index, found));
                break;
            }
        }
        let Some((start, begins)) = begins else { return Ok(None) };
        if !self.found_any {
            for index in members.iter().take_while(|index| **index != start) {
                let Some(last) = self.evaluate(*index, revisions)? else { continue };
                if last.digest != begins.digest {
                    self.ahead.push_back(last);
                }
                break;
            }
        }
        Ok(Some(begins))
    }

    fn by_digest(&mut self, revisions: &mut Revisions<'_>) -> Result<Option<DatasetVersion>, Failure> {
        let mut begins: Option<DatasetVersion> = None;
        while self.states.get(self.next).is_some_and(|state| state.version.is_none()) {
            if let Some(found) = self.evaluate(self.next, revisions)? {
                if let Some(newer) = &begins {
                    if newer.digest != found.digest {
                        break;
                    }
                    revisions.forget(self.directory, &newer.revision);
                }
                begins = Some(found);
            }
            self.next += 1;
        }
        Ok(begins)
    }

    fn evaluate(
        &mut self,
        index: usize,
        revisions: &mut Revisions<'_>,
    ) -> Result<Option<DatasetVersion>, Failure> {
        let state = &self.states[index];
        let evaluated = revisions.evaluate(&state.revision, self.directory)?;
        if let Some(digest) = evaluated.digest() {
            let (revision, version) = (state.revision.clone(), state.version.clone());
            return Ok(Some(DatasetVersion { revision, version, evaluated, digest }));
        }
        if let Evaluated::Broken(problem) = evaluated {
            let id = &state.revision.commit.id;
            let left_out = (id.get(..12).unwrap_or(id).to_owned(), problem);
            if !self.left_out.contains(&left_out) {
                self.left_out.push(left_out);
            }
        }
        Ok(None)
    }
}
