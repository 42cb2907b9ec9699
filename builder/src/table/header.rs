//! A file's header against the fields of its schema.

use catalog::similar;
use datapackage::finding::{Code, Column, Finding, Findings, Severity, one_line};
use datapackage::names::unseen_difference;
use datapackage::schema::{FieldsMatch, Table};

/// Where the cells of a file's rows belong.
pub(crate) struct Columns {
    /// For each cell of a row the index of its field; `None` where the file has a column that
    /// the schema does not have.
    pub(crate) fields: Vec<Option<usize>>,
    /// For each field the index of its cell; `None` where the file has no such column.
    pub(crate) cells: Vec<Option<usize>>,
}

impl Columns {
    /// The columns of a file without a header.
    pub(crate) fn by_position(table: &Table) -> Self {
        let all: Vec<_> = (0..table.fields.len()).map(Some).collect();
        Self { fields: all.clone(), cells: all }
    }

    /// Compares the header `names`, found at `path` and `line`, with the schema. Problems
    /// go to `findings`; cells are still assigned by their names, so that the rows can be
    /// checked too.
    pub(crate) fn by_name(
        table: &Table,
        names: &[&str],
        path: &str,
        line: u64,
        findings: &mut Findings,
    ) -> Self {
        let mut report = HeaderFindings { path, line, findings };
        let mut columns = Self { fields: vec![None; names.len()], cells: vec![None; table.fields.len()] };
        for (cell, name) in names.iter().enumerate() {
            match table.fields.iter().position(|field| field.name == *name) {
                Some(field) if columns.cells[field].is_none() => {
                    columns.fields[cell] = Some(field);
                    columns.cells[field] = Some(cell);
                }
                // Columns that are left out may have any names, such as none.
                None if table.fields_match.allows_more() => {}
                _ if names[..cell].contains(name) => report.duplicate(names, cell),
                _ => report.unknown(table, names, cell),
            }
        }
        if table.fields_match == FieldsMatch::Partial && columns.cells.iter().all(Option::is_none) {
            report.push(Code::MissingColumn, None, "header has none of the descriptor's fields".into(), None);
        }
        for (field, cell) in table.fields.iter().zip(&columns.cells) {
            if cell.is_none() && (field.required || !table.fields_match.allows_fewer()) {
                report.missing(&field.name, table.fields_match.allows_fewer());
            }
        }
        if table.fields_match == FieldsMatch::Exact {
            report.order(table, &columns);
        }
        columns
    }

    /// Whether each cell belongs to the field of the same index, and there are no others.
    pub(crate) fn are_fields(&self) -> bool {
        self.fields.len() == self.cells.len()
            && self.fields.iter().enumerate().all(|(cell, field)| *field == Some(cell))
    }
}

struct HeaderFindings<'a> {
    path: &'a str,
    line: u64,
    findings: &'a mut Findings,
}

impl HeaderFindings<'_> {
    fn unknown(&mut self, table: &Table, names: &[&str], cell: usize) {
        let name = names[cell];
        let free =
            table.fields.iter().map(|field| field.name.as_str()).filter(|field| !names.contains(field));
        let unseen = free.clone().find_map(|field| Some((field, unseen_difference(name, field)?)));
        let help = match unseen {
            Some((field, difference)) => Some(format!(
                "it differs from `{field}` only in {difference}; write the same in the file's header and the descriptor"
            )),
            None => {
                similar(name, free).map(|similar| format!("a column with a similar name exists: `{similar}`"))
            }
        };
        let message = format!("header has `{name}`, the descriptor does not");
        self.push(Code::UnknownColumn, Some((cell, name)), message, help);
    }

    fn missing(&mut self, name: &str, required: bool) {
        let why = if required { "which is required" } else { "which the descriptor has" };
        self.push(Code::MissingColumn, None, format!("header lacks `{name}`, {why}"), None);
    }

    fn duplicate(&mut self, names: &[&str], cell: usize) {
        let name = names[cell];
        let first = names.iter().position(|other| *other == name).map_or(0, |first| first + 1);
        let message = format!("header has `{name}` twice, in columns {first} and {}", cell + 1);
        self.push(Code::DuplicateColumn, Some((cell, name)), message, None);
    }

    /// Names the first column that is out of order, among those that both sides have.
    fn order(&mut self, table: &Table, columns: &Columns) {
        let found = columns.fields.iter().enumerate().filter_map(|(cell, field)| Some((cell, (*field)?)));
        let wanted = columns.cells.iter().enumerate().filter(|(_, cell)| cell.is_some());
        for ((cell, found), (wanted, _)) in found.zip(wanted) {
            if found != wanted {
                let (found, wanted) = (&table.fields[found].name, &table.fields[wanted].name);
                self.push(
                    Code::ColumnOrder,
                    Some((cell, found)),
                    format!("header has `{found}` where the descriptor has `{wanted}`"),
                    Some("put the columns in the descriptor's order, or set `fieldsMatch` to `equal`".into()),
                );
                return;
            }
        }
    }

    fn push(&mut self, code: Code, column: Option<(usize, &str)>, message: String, help: Option<String>) {
        self.findings.push(Finding {
            path: self.path.to_owned(),
            line: Some(self.line),
            column: column.map(|(cell, name)| Column { number: cell + 1, name: name.to_owned() }),
            code,
            severity: Severity::Error,
            message: one_line(message),
            help: help.map(one_line),
        });
    }
}
