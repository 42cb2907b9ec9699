//! A CSV file -> a first descriptor, with a note on everything in it that is a guess.
//!
//! One pass over the file in bounded memory, after a look at its first rows for the delimiter. The
//! same file gives the same descriptor. What would lose a value is not guessed: a column that some
//! cell does not fit stays text. Deliberately absent: other encodings than UTF-8, titles,
//! constraints; a person knows those.

mod column;
mod delimiter;
mod descriptor;
mod key;
mod names;
mod rows;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use encoding_rs::UTF_8;

use crate::failure::Failure;
use crate::table::file::{not_utf8, too_long, unclosed_quote};
use crate::table::records::{Next, Records};
use crate::table::source::Input;
use column::Column;
use datapackage::schema::{DataFile, Dialect};
use key::Keys;
use rows::Rows;

/// What was written.
#[derive(Debug)]
pub struct Inferred {
    /// The descriptor.
    pub output: PathBuf,
    /// What was guessed and why, a line each.
    pub notes: Vec<String>,
}

/// Writes a descriptor for `file` to `output`, or beside the file. Errors: the file can't be read
/// as CSV in UTF-8; the descriptor exists already, or can't name the file.
pub fn init(file: &Path, output: Option<&Path>) -> Result<Inferred, Failure> {
    let place = Place::new(file, output)?;
    let mut notes = vec![];
    let plain = Dialect { delimiter: delimiter::guess(file, &mut notes)?, ..Dialect::default() };
    let table = names::table(&place.path, &mut notes);
    let (dialect, seen) = match read(file, &plain, &table) {
        Ok(seen) if seen.rows.strays.is_none() => (plain, seen),
        misread => match escaped(file, &plain, &table) {
            Some((dialect, seen)) => {
                let why = match misread {
                    Ok(misread) => misread.rows.why_escaped(),
                    Err(failure) => failure.to_string(),
                };
                notes.push(format!("escapeChar: `\\`, since without it {why}"));
                (dialect, seen)
            }
            None => (plain, misread?),
        },
    };
    let names = names::legal(&seen.header, &mut notes);
    for (name, column) in names.iter().zip(&seen.columns) {
        notes.push(format!("column `{name}`: {}", column.reason()));
    }
    let key = seen.keys.guess(&names, &seen.columns, &mut notes);
    seen.rows.notes(&names, &mut notes);
    let written = descriptor::Written {
        table: &table,
        path: &place.path,
        delimiter: dialect.delimiter,
        escape: dialect.escape,
        header_row: (names != seen.header).then_some(seen.header_row),
        fields: names.iter().zip(&seen.columns).collect(),
        key: key.map(|column| names[column].as_str()),
    };
    write(&place.output, &written.json())?;
    Ok(Inferred { output: place.output, notes })
}

/// Where the descriptor goes, and the file's path as it says it.
struct Place {
    output: PathBuf,
    path: String,
}

impl Place {
    fn new(file: &Path, output: Option<&Path>) -> Result<Self, Failure> {
        let beside = file.with_file_name("datapackage.json");
        let output = output.map_or(beside, Path::to_owned);
        if output.extension().is_none_or(|extension| extension != "json") {
            let what =
                format!("`{}` must end in .json; a descriptor is called datapackage.json", output.display());
            return Err(Failure::Refused(what));
        }
        if fs::symlink_metadata(&output).is_ok() {
            return Err(exists(&output));
        }
        let parent = output.parent().filter(|parent| !parent.as_os_str().is_empty());
        let directory = parent.unwrap_or(Path::new("."));
        let root = fs::canonicalize(directory).map_err(Failure::io("read", directory))?;
        let full = fs::canonicalize(file).map_err(Failure::io("read", file))?;
        let outside = || {
            let (file, directory) = (file.display(), directory.display());
            Failure::Refused(format!("`{file}` must be in `{directory}` or below, where its descriptor goes"))
        };
        let below = full.strip_prefix(&root).map_err(|_| outside())?;
        let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
        let parts = parts.ok_or_else(|| {
            Failure::Refused(format!(
                "`{}`: a descriptor can't name a path that is not UTF-8",
                file.display()
            ))
        })?;
        if let Some(hidden) = parts.iter().find(|part| part.starts_with('.')) {
            let file = file.display();
            return Err(Failure::Refused(format!(
                "`{file}`: `{hidden}` is hidden, so it can't be published"
            )));
        }
        Ok(Self { output, path: parts.join("/") })
    }
}

fn exists(output: &Path) -> Failure {
    let output = output.display();
    Failure::Refused(format!("`{output}` already exists; remove it first, or choose another file with -o"))
}

/// Beside the target first, so that there is never half a descriptor.
fn write(output: &Path, json: &str) -> Result<(), Failure> {
    let directory = output.parent().filter(|parent| !parent.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(directory.unwrap_or(Path::new(".")))
        .map_err(Failure::io("write", output))?;
    file.write_all(json.as_bytes()).map_err(Failure::io("write", output))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let readable = fs::Permissions::from_mode(0o644);
        file.as_file().set_permissions(readable).map_err(Failure::io("write", output))?;
    }
    file.as_file().sync_all().map_err(Failure::io("write", output))?;
    match file.persist_noclobber(output) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(exists(output)),
        Err(error) => Err(Failure::io("write", output)(error.error)),
    }
}

/// What one pass over a file shows.
struct Seen {
    header: Vec<String>,
    header_row: u64,
    columns: Vec<Column>,
    keys: Keys,
    rows: Rows,
}

/// The records of a file as nobody has described it yet.
fn open(file: &Path, dialect: &Dialect) -> Result<Records<Input>, Failure> {
    let (input, dialect, facts) =
        Input::open(&DataFile::plain(file), UTF_8, dialect, false).map_err(Failure::io("read", file))?;
    Ok(Records::new(input, &dialect).rewritten(facts))
}

/// The file read with backslashes that escape quotes, as databases write it, where that leaves nothing to
/// find fault with.
fn escaped(file: &Path, plain: &Dialect, table: &str) -> Option<(Dialect, Seen)> {
    let dialect = Dialect { escape: Some(b'\\'), ..plain.clone() };
    let seen = read(file, &dialect, table).ok()?;
    (seen.rows.strays.is_none() && seen.rows.odd.is_none()).then_some((dialect, seen))
}

fn read(file: &Path, dialect: &Dialect, table: &str) -> Result<Seen, Failure> {
    let mut records = open(file, dialect)?;
    let mut seen: Option<Seen> = None;
    let mut killed: Vec<(usize, String)> = vec![];
    loop {
        let problem = match records.next().map_err(Failure::io("read", file))? {
            Next::End => break,
            Next::TooLong => Some(too_long().1),
            Next::UnclosedQuote => Some(unclosed_quote().1),
            Next::Record(record) => match (record.text(), &mut seen) {
                (Err(cell), _) => Some(not_utf8(record, cell).1),
                (Ok(row), None) => {
                    let header: Vec<String> = row.cells().map(str::to_owned).collect();
                    let columns = header.iter().map(|_| Column::new()).collect();
                    let keys = Keys::new(&header, table);
                    let mut rows = Rows::default();
                    rows.add_strays(record, row);
                    seen = Some(Seen { header, header_row: record.row(), columns, keys, rows });
                    None
                }
                (Ok(row), Some(seen)) => {
                    if !seen.rows.add(record, row, seen.header.len()) {
                        for (index, column) in seen.columns.iter_mut().enumerate() {
                            let cell = if index < row.len() { row.cell(index) } else { "" };
                            if column.add(cell) {
                                killed.push((index, cell.to_owned()));
                            }
                            if column.could_be_key() {
                                seen.keys.add(index, cell);
                            } else {
                                seen.keys.leave_out(index);
                            }
                        }
                        seen.keys.end_row();
                    }
                    None
                }
            },
        };
        if let Some(problem) = problem {
            let (file, line) = (file.display(), records.line());
            return Err(Failure::Refused(format!("{file}:{line}: {}", problem.message)));
        }
        let Some(seen) = &mut seen else { continue };
        seen.rows.on_line(|| records.line());
        for (index, cell) in killed.drain(..) {
            seen.columns[index].explain(&cell, records.line());
        }
    }
    seen.ok_or_else(|| Failure::Refused(format!("`{}` has no rows, a header was expected", file.display())))
}
