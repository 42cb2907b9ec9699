//! Trees and blobs, through one `git cat-file --batch` that runs along.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

use super::GitError;

/// What a tree has under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) kind: EntryKind,
    /// The object's name: hex digits.
    pub(crate) id: String,
}

/// The kinds that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    File,
    Link,
    Directory,
    /// Another repository's commit: nothing of it is here.
    Submodule,
}

/// A directory's entries by name.
pub(crate) type Tree = BTreeMap<Vec<u8>, Entry>;

/// The object store of a repository.
#[derive(Debug)]
pub(crate) struct Objects {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    prefix: Vec<Vec<u8>>,
    /// Trees are read again and again: most commits share most of theirs.
    trees: HashMap<String, Rc<Tree>>,
}

impl Objects {
    pub(super) fn open(command: &mut Command, prefix: Vec<Vec<u8>>) -> Result<Self, GitError> {
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = piped.spawn().map_err(GitError::Absent)?;
        let (Some(ask), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(GitError::Failed("it has no pipe".into()));
        };
        Ok(Self { child, ask, answers: BufReader::new(answers), prefix, trees: HashMap::new() })
    }

    /// The tree of the repository's directory in a commit; `None` where the commit has none.
    pub(crate) fn root(&mut self, commit: &str) -> Result<Option<String>, GitError> {
        let (mut id, tree) = self.read_tree(&format!("{commit}^{{tree}}"))?;
        self.trees.insert(id.clone(), Rc::new(tree));
        for part in self.prefix.clone() {
            match self.tree(&id)?.get(&part) {
                Some(Entry { kind: EntryKind::Directory, id: below }) => id = below.clone(),
                _ => return Ok(None),
            }
        }
        Ok(Some(id))
    }

    /// The entries of a tree.
    pub(crate) fn tree(&mut self, id: &str) -> Result<Rc<Tree>, GitError> {
        if let Some(tree) = self.trees.get(id) {
            return Ok(Rc::clone(tree));
        }
        let tree = Rc::new(self.read_tree(id)?.1);
        self.trees.insert(id.to_owned(), Rc::clone(&tree));
        Ok(tree)
    }

    /// The object at a path below the tree `root`.
    pub(crate) fn entry(&mut self, root: &str, path: &Path) -> Result<Option<Entry>, GitError> {
        let mut entry = Entry { kind: EntryKind::Directory, id: root.to_owned() };
        for part in path.components() {
            if entry.kind != EntryKind::Directory {
                return Ok(None);
            }
            match self.tree(&entry.id)?.get(part.as_os_str().as_bytes()) {
                Some(below) => entry = below.clone(),
                None => return Ok(None),
            }
        }
        Ok(Some(entry))
    }

    /// All files and links below the tree `root`.
    pub(crate) fn files(&mut self, root: &str) -> Result<BTreeMap<PathBuf, Entry>, GitError> {
        let mut files = BTreeMap::new();
        let mut waiting = vec![(PathBuf::new(), root.to_owned())];
        while let Some((directory, id)) = waiting.pop() {
            for (name, entry) in self.tree(&id)?.iter() {
                let path = directory.join(OsStr::from_bytes(name));
                match entry.kind {
                    EntryKind::Directory => waiting.push((path, entry.id.clone())),
                    EntryKind::Submodule => {}
                    EntryKind::File | EntryKind::Link => {
                        files.insert(path, entry.clone());
                    }
                }
            }
        }
        Ok(files)
    }

    /// Copies a blob.
    pub(crate) fn copy(&mut self, id: &str, to: &mut dyn Write) -> Result<(), GitError> {
        let (_, kind, size) = self.header(id)?;
        let copied = io::copy(&mut (&mut self.answers).take(size), to).map_err(unreadable)?;
        self.end()?;
        match (kind.as_str(), copied == size) {
            ("blob", true) => Ok(()),
            _ => Err(GitError::Failed(format!("object {id} is not a complete blob"))),
        }
    }

    /// The bytes of a blob that has at most so many; of a larger one none.
    pub(crate) fn blob(&mut self, id: &str, most: u64) -> Result<Option<Vec<u8>>, GitError> {
        let (_, _, size) = self.header(id)?;
        let mut bytes = Vec::new();
        let read = match size <= most {
            true => (&mut self.answers).take(size).read_to_end(&mut bytes).map(|read| read as u64),
            false => io::copy(&mut (&mut self.answers).take(size), &mut io::sink()),
        };
        let is_complete = read.map_err(unreadable)? == size;
        self.end()?;
        match is_complete {
            true => Ok(Some(bytes).filter(|_| size <= most)),
            false => Err(GitError::Failed(format!("object {id} is not a complete blob"))),
        }
    }

    fn read_tree(&mut self, name: &str) -> Result<(String, Tree), GitError> {
        let (id, kind, size) = self.header(name)?;
        let mut bytes = Vec::new();
        (&mut self.answers).take(size).read_to_end(&mut bytes).map_err(unreadable)?;
        self.end()?;
        let tree = Some(()).filter(|()| kind == "tree").and_then(|()| parse(&bytes, id.len() / 2));
        Ok((id, tree.ok_or_else(|| GitError::Failed(format!("object {name} is not a tree")))?))
    }

    /// Asks for an object: its name, its type and its size in bytes.
    fn header(&mut self, name: &str) -> Result<(String, String, u64), GitError> {
        let mut line = String::new();
        let asked = writeln!(self.ask, "{name}").and_then(|()| self.ask.flush());
        asked.and_then(|()| self.answers.read_line(&mut line)).map_err(unreadable)?;
        let parts: Vec<&str> = line.split_whitespace().collect();
        match parts[..] {
            [id, kind, size] => match size.parse() {
                Ok(size) => Ok((id.to_owned(), kind.to_owned(), size)),
                Err(_) => Err(GitError::Failed(format!("object {name} has no size"))),
            },
            _ => Err(GitError::Failed(format!("object {name} is missing"))),
        }
    }

    /// The line feed after an object.
    fn end(&mut self) -> Result<(), GitError> {
        self.answers.read_exact(&mut [0]).map_err(unreadable)
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It would end by itself when its input does; nobody reads what it may still write.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unreadable(error: io::Error) -> GitError {
    GitError::Failed(format!("an object can't be read: {error}"))
}

/// Entries are `<mode> <name>\0<id as bytes>` (Git, "gitformat-pack" and `git ls-tree`).
fn parse(mut bytes: &[u8], id_bytes: usize) -> Option<Tree> {
    let mut tree = Tree::new();
    while !bytes.is_empty() {
        let space = bytes.iter().position(|byte| *byte == b' ')?;
        let zero = bytes.iter().position(|byte| *byte == 0)?;
        let kind = match &bytes[..space] {
            b"40000" => EntryKind::Directory,
            b"120000" => EntryKind::Link,
            b"160000" => EntryKind::Submodule,
            mode if mode.starts_with(b"100") => EntryKind::File,
            _ => return None,
        };
        let id = bytes.get(zero + 1..zero + 1 + id_bytes)?;
        let mut hex = String::with_capacity(2 * id_bytes);
        for byte in id {
            let _ = write!(hex, "{byte:02x}"); // a String takes everything
        }
        let name = bytes.get(space + 1..zero)?;
        // Git makes no such names; files are written under them, and must not leave their place.
        if matches!(name, b"" | b"." | b"..") || name.contains(&b'/') {
            return None;
        }
        tree.insert(name.to_vec(), Entry { kind, id: hex });
        bytes = &bytes[zero + 1 + id_bytes..];
    }
    Some(tree)
}
