//! One file -> its resource.

use std::path::Path;

use super::column::{Column, Known};
use super::delimiter::Delimiter;
use super::descriptor::{Dialect as WrittenDialect, Field, Resource, Schema};
use super::encoding::FileEncoding;
use super::guess::Guess;
use super::key::Keys;
use super::layout::Layout;
use super::notes::Notes;
use super::primary_key::{Described, Sets};
use super::rows::Rows;
use super::survey::Survey;
use super::{delimiter, encoding, guess, names, open, refused, stop};
use crate::failure::Failure;
use crate::table::records::Next;
use datapackage::schema::Dialect;
use encoding_rs::Encoding;

/// MySQL's word for no value.
const MYSQL_NULL: &str = "\\N";

/// How many rows that repeat the header are left out.
const REPEATED: usize = 100;

/// A described file.
pub(super) struct Table {
    pub(super) resource: Resource,
    pub(super) notes: Notes,
    pub(super) rows: u64,
}

/// Describes `file`, which the descriptor calls `path`, as the table `name`. Errors: it can't be read as CSV.
pub(super) fn describe(
    file: &Path,
    path: &str,
    name: &str,
    given: Option<&'static Encoding>,
) -> Result<Table, Failure> {
    let mut notes = Notes::default();
    let known = Known::new();
    let encoding = encoding::detect(file, given)?;
    let delimiter = delimiter::find(file, encoding.encoding, &mut notes)?;
    let source = Source { file, encoding, delimiter };
    let (mut dialect, survey) = source.survey(&mut notes)?;
    let first = usize::from(source.delimiter.is_named);
    if survey.first.len() <= first {
        return Err(Failure::Refused(format!("`{}` has no rows, a header was expected", file.display())));
    }
    let layout = Layout::new(&survey, first, &known.temporals, &mut notes);
    let header = header(&layout, &survey);
    let mut seen = source.read(&dialect, &layout, &header, name, &known)?;
    let columns = seen.columns(&layout, &header, &mut notes);
    let mut guesses = guess::all(&columns.names, &seen.columns, source.delimiter.byte, &known, &mut notes);
    if !guesses.iter().any(|guess| guess.missing.contains(&MYSQL_NULL)) {
        dialect.null_sequence = None;
    } else if dialect.escape.is_some() {
        // As a missing value of fields it would be an escaped N.
        guesses.iter_mut().for_each(|guess| guess.missing.retain(|word| *word != MYSQL_NULL));
    }
    let described =
        Described { table: name, names: &columns.names, columns: &seen.columns, guesses: &guesses };
    let key = match described.single(&seen.keys) {
        Some(column) => vec![column],
        None => source.composite(&dialect, &layout, &header, &described, seen.keys.rows())?,
    };
    if key.is_empty() {
        let why = if seen.keys.is_given_up() {
            "the file is too long to compare all its values"
        } else {
            "no column identifies the rows"
        };
        notes.detail(format!("primaryKey: none, since {why}"));
    }
    let primary_key: Vec<String> = key.iter().map(|column| columns.names[*column].clone()).collect();
    seen.rows.notes(&columns.names, layout.width, &mut notes);
    let rows = seen.keys.rows();
    if rows == 0 {
        notes.doubt("there are no rows to guess types from, so all columns are text".to_owned());
    }
    let shared = shared_missing(&seen.columns, &guesses);
    let fields: Vec<Field> = columns
        .names
        .iter()
        .zip(guesses)
        .zip(&columns.kept)
        .filter(|(_, kept)| **kept)
        .map(|((name, guess), _)| Field::new(name, guess, &shared))
        .collect();
    let mut comment_rows = layout.skipped;
    comment_rows.append(&mut seen.repeated);
    let mut header_rows = None;
    match &layout.header {
        Some(header) if columns.by_position => comment_rows.push(header.number),
        // By default the first row is the header, which can't be a comment then.
        Some(header) if comment_rows.contains(&1) => header_rows = Some([header.number]),
        _ => {}
    }
    comment_rows.sort_unstable();
    comment_rows.dedup();
    let format = format(path);
    let dialect = WrittenDialect {
        delimiter: (dialect.delimiter != format.delimiter()).then_some(char::from(dialect.delimiter)),
        escape_char: dialect.escape.map(char::from),
        null_sequence: dialect.null_sequence.as_ref().map(|_| MYSQL_NULL),
        skip_initial_space: dialect.skip_initial_space.then_some(true),
        header: columns.by_position.then_some(false),
        header_rows,
        comment_rows,
    };
    let drops = columns.kept.contains(&false);
    let resource = Resource {
        name: name.to_owned(),
        kind: "table",
        path: path.to_owned(),
        format: (format == Format::Unknown).then_some("csv"),
        encoding: encoding.name,
        dialect,
        schema: Schema {
            fields_match: (drops && !columns.by_position).then_some(["subset"]),
            missing_values: (!shared.is_empty()).then(|| [""].into_iter().chain(shared).collect()),
            primary_key,
            fields,
        },
    };
    Ok(Table { resource, notes, rows })
}

/// What a file's ending says of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Tsv,
    Unknown,
}

impl Format {
    /// The delimiter unless the dialect has another.
    fn delimiter(self) -> u8 {
        if self == Self::Tsv { b'\t' } else { b',' }
    }
}

fn format(path: &str) -> Format {
    let path = path.to_lowercase();
    let file = path.strip_suffix(".gz").unwrap_or(&path).rsplit('/').next().unwrap_or_default();
    match file.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "csv" | "txt" | "dat" | "" => Format::Csv,
        "tsv" | "tab" => Format::Tsv,
        _ => Format::Unknown,
    }
}

/// The names that the file gives, as many as its rows have cells; empty ones where it gives none.
fn header(layout: &Layout, survey: &Survey) -> Vec<String> {
    let mut header = layout.header.as_ref().map_or_else(Vec::new, |row| row.cells.clone());
    if layout.has_row_names {
        header.insert(0, String::new());
    }
    let width = if layout.header.is_some() { layout.width } else { survey.width() };
    header.resize(width, String::new());
    header
}

/// Words that mean "no value" in several columns and are no text in any other.
fn shared_missing(columns: &[Column], guesses: &[Guess]) -> Vec<&'static str> {
    let mut words: Vec<&str> = vec![];
    for guess in guesses {
        words.extend(guess.missing.iter().filter(|word| !words.contains(word)).copied().collect::<Vec<_>>());
    }
    let have = guesses.iter().filter(|guess| !guess.missing.is_empty()).count();
    let is_text = |word: &str| {
        columns.iter().zip(guesses).any(|(column, guess)| {
            column.missing_words().any(|other| other == word) && !guess.missing.contains(&word)
        })
    };
    if have > 1 && !words.iter().any(|word| is_text(word)) { words } else { vec![] }
}

/// A file and how its bytes are read.
struct Source<'a> {
    file: &'a Path,
    encoding: FileEncoding,
    delimiter: Delimiter,
}

impl Source<'_> {
    /// The first and last rows, read with the features that explain them.
    fn survey(&self, notes: &mut Notes) -> Result<(Dialect, Survey), Failure> {
        let mut dialect = Dialect { delimiter: self.delimiter.byte, ..Dialect::default() };
        let read = |dialect: &Dialect| Survey::new(self.file, self.encoding.encoding, dialect);
        let mut survey = read(&dialect);
        if survey.as_ref().is_ok_and(Survey::has_initial_spaces) {
            dialect.skip_initial_space = true;
            notes.detail("skipInitialSpace: cells begin with spaces".to_owned());
            survey = read(&dialect);
        }
        if survey.as_ref().is_ok_and(|survey| !survey.has_strays && !survey.is_ragged) {
            return Ok((dialect, survey?));
        }
        let null_sequence = Some(MYSQL_NULL.to_owned());
        let escaped = Dialect { escape: Some(b'\\'), null_sequence, ..dialect.clone() };
        match read(&escaped) {
            // Backslashes are escapes where that leaves nothing to find fault with.
            Ok(other) if survey.is_err() || !other.has_strays && !other.is_ragged => {
                notes.detail(
                    "escapeChar: `\\`, since cells are cut in the wrong places without it".to_owned(),
                );
                Ok((escaped, other))
            }
            _ => Ok((dialect, survey?)),
        }
    }

    fn read(
        &self,
        dialect: &Dialect,
        layout: &Layout,
        header: &[String],
        table: &str,
        known: &Known,
    ) -> Result<Seen, Failure> {
        let mut records = open(self.file, self.encoding.encoding, dialect)?;
        let names: Vec<&str> = header.iter().map(String::as_str).collect();
        let mut seen = Seen {
            columns: header.iter().map(|_| Column::new(known)).collect(),
            keys: Keys::new(&names, table),
            rows: Rows::default(),
            repeated: vec![],
        };
        let mut unexplained: Vec<usize> = vec![];
        loop {
            match records.next().map_err(Failure::io("read", self.file))? {
                Next::End => break,
                Next::Record(record) => {
                    let Ok(row) = record.text() else { continue };
                    let number = record.row();
                    if layout.header.as_ref().is_some_and(|header| header.number == number) {
                        seen.rows.add_strays(record, row);
                    } else if layout.skipped.binary_search(&number).is_ok() {
                        continue;
                    } else if seen.repeated.len() < REPEATED
                        && layout
                            .header
                            .as_ref()
                            .is_some_and(|header| row.cells().eq(header.cells.iter().map(String::as_str)))
                    {
                        seen.repeated.push(number);
                    } else if !seen.rows.add(record, row, header.len()) {
                        for (index, column) in seen.columns.iter_mut().enumerate() {
                            let cell = if index < row.len() { row.cell(index) } else { "" };
                            if column.add(cell, known) {
                                unexplained.push(index);
                            }
                            seen.keys.add(index, cell);
                        }
                        seen.keys.end_row();
                    }
                }
                problem => {
                    let problem = stop(&problem);
                    return Err(refused(self.file, records.line(), problem));
                }
            }
            seen.rows.on_line(|| records.line());
            for index in unexplained.drain(..) {
                seen.columns[index].on_line(records.line());
            }
        }
        Ok(seen)
    }

    /// The first columns that are a key together, in a pass of its own; none where there are no such columns.
    fn composite(
        &self,
        dialect: &Dialect,
        layout: &Layout,
        header: &[String],
        described: &Described<'_>,
        rows: u64,
    ) -> Result<Vec<usize>, Failure> {
        let sets = described.sets();
        if sets.is_empty() || rows < 4 {
            return Ok(vec![]);
        }
        let mut sets = Sets::new(sets);
        let mut records = open(self.file, self.encoding.encoding, dialect)?;
        loop {
            match records.next().map_err(Failure::io("read", self.file))? {
                Next::Record(record) => {
                    let Ok(row) = record.text() else { continue };
                    let number = record.row();
                    let is_header = layout.header.as_ref().is_some_and(|header| {
                        header.number == number || row.cells().eq(header.cells.iter().map(String::as_str))
                    });
                    if is_header
                        || layout.skipped.binary_search(&number).is_ok()
                        || record.is_empty() && header.len() > 1
                    {
                        continue;
                    }
                    if !sets.add(|column| if column < row.len() { row.cell(column) } else { "" }) {
                        return Ok(vec![]);
                    }
                }
                _ => return Ok(sets.best().unwrap_or_default()),
            }
        }
    }
}

/// What one pass over a file shows.
struct Seen {
    columns: Vec<Column>,
    keys: Keys,
    rows: Rows,
    /// The numbers of the rows that repeat the header.
    repeated: Vec<u64>,
}

/// What the columns are called, and which of them are described.
struct Columns {
    names: Vec<String>,
    kept: Vec<bool>,
    /// The header can't be used, so fields are matched by position.
    by_position: bool,
}

impl Seen {
    fn columns(&self, layout: &Layout, header: &[String], notes: &mut Notes) -> Columns {
        if let Some(first) = self.repeated.first() {
            let others = match self.repeated.len() {
                1 => String::new(),
                rows => format!(", and {} more like it", rows - 1),
            };
            notes.doubt(format!("row {first} repeats the header, and is left out (`commentRows`){others}"));
        }
        let is_index = self.columns.first().is_some_and(|column| {
            let facts = &column.facts;
            column.empty == 0 && column.numbers[0].none() && !facts.unordered && !facts.point && !facts.comma
        });
        let all: Vec<(usize, &str)> = header.iter().map(String::as_str).enumerate().collect();
        let Some(top) = &layout.header else {
            let names = (1..=header.len()).map(|number| format!("column_{number}")).collect();
            return Columns { names, kept: vec![true; header.len()], by_position: true };
        };
        let is_used = |(column, name): &(usize, &str)| {
            !name.is_empty() || self.columns[*column].empty != self.keys.rows() || self.keys.rows() == 0
        };
        let used: Vec<(usize, &str)> = all.iter().copied().filter(is_used).collect();
        let kept_names = names::legal(&used, is_index, &mut Notes::default());
        let is_header = kept_names.iter().zip(&used).all(|(name, (_, given))| name == given);
        if is_header && top.cells.len() == header.len() && !layout.has_row_names {
            if used.len() < all.len() {
                notes.detail("columns without names and values are left out (`fieldsMatch`)".to_owned());
            }
            let kept: Vec<bool> = all.iter().map(is_used).collect();
            let names = header.iter().enumerate().map(|(index, name)| {
                if kept[index] { name.clone() } else { format!("column_{}", index + 1) }
            });
            return Columns { names: names.collect(), kept, by_position: false };
        }
        let is_other_width = top.cells.len() != header.len();
        let mut own_notes = Notes::default();
        let names = names::legal(&all, is_index, if is_other_width { &mut own_notes } else { notes });
        if is_other_width {
            notes.doubt(match (layout.has_row_names, names.last()) {
                (true, _) => format!(
                    "the header on line {} has no name for the first of {} columns, which is named `{}` here",
                    top.line,
                    header.len(),
                    names[0]
                ),
                (_, Some(last)) if top.cells.len() < header.len() => format!(
                    "rows end with a delimiter that the header on line {} does not have; the column is named `{last}` here",
                    top.line
                ),
                _ => format!("the header on line {} ends with a delimiter that the rows do not have", top.line),
            });
        }
        notes.detail("header: left out (`header`, `commentRows`), since some of its names can't be used; columns are matched by position".to_owned());
        Columns { names, kept: vec![true; header.len()], by_position: true }
    }
}
