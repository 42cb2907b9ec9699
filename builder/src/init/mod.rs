//! CSV files -> a first descriptor, with a note on what is in doubt.
//!
//! A few passes over each file in bounded memory: its encoding, its first and last rows, its cells, and its keys of
//! several columns. The same file gives the same descriptor. What would lose a value is not guessed: a column that some
//! cell does not fit stays text, and so does one that can be read in two ways. Deliberately absent: titles,
//! constraints, foreign keys; a person knows those.

mod column;
mod delimiter;
mod descriptor;
mod doubt;
mod encoding;
mod files;
mod guess;
mod key;
mod layout;
mod names;
mod notes;
mod number;
mod place;
mod primary_key;
mod reading;
mod role;
mod rows;
mod survey;
mod table;
mod temporal;
mod words;
mod written;

use std::path::{Path, PathBuf};

use encoding_rs::Encoding;

use crate::failure::Failure;
use crate::table::file::{too_long, unclosed_quote};
use crate::table::records::{Next, Records};
use crate::table::source::Input;
use datapackage::cell::CellProblem;
use datapackage::schema::{DataFile, Dialect};

pub use files::is_csv;
pub use notes::Notes;
pub use written::{Added, Inferred};

/// Describes CSV files, each in the descriptor beside it or all in `output`: a new one, or one that gets the resources
/// that it lacks. A directory stands for its CSV files. `encoding` is that of files which are not UTF-8.
/// Errors: a file can't be read as CSV; a descriptor can't name it or can't be added to.
pub fn init(
    paths: &[PathBuf],
    output: Option<&Path>,
    encoding: Option<&'static Encoding>,
) -> Result<Vec<Inferred>, Failure> {
    let mut inferred = vec![];
    for group in files::groups(paths, output)? {
        inferred.push(written::describe(&group, encoding)?);
    }
    Ok(inferred)
}

/// The records of a file as nobody has described it yet.
fn open(file: &Path, encoding: &'static Encoding, dialect: &Dialect) -> Result<Records<Input>, Failure> {
    let (input, dialect, facts) =
        Input::open(&DataFile::plain(file), encoding, dialect, false).map_err(Failure::io("read", file))?;
    Ok(Records::new(input, &dialect).rewritten(facts))
}

/// What ends the reading of a file before its end.
fn stop(next: &Next<'_>) -> CellProblem {
    match next {
        Next::TooLong => too_long().1,
        _ => unclosed_quote().1,
    }
}

fn refused(file: &Path, line: u64, problem: CellProblem) -> Failure {
    let help = problem.help.map_or(String::new(), |help| format!("; {help}"));
    Failure::Refused(format!("{}:{line}: {}{help}", file.display(), problem.message))
}
