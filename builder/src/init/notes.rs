//! What is said about guesses: doubts, grouped by kind; and details, for those who want the reasons.

use std::fmt::Write as _;

/// So many columns are named in a doubt.
const NAMED: usize = 5;

/// What is said about one file.
#[derive(Debug, Default)]
pub struct Notes {
    doubts: Vec<Doubt>,
    details: Vec<String>,
}

#[derive(Debug)]
struct Doubt {
    /// Doubts of the same kind are one line.
    kind: String,
    columns: Vec<String>,
    text: String,
}

impl Notes {
    /// Something that holds for the whole file, about which a person must decide.
    pub(super) fn doubt(&mut self, text: String) {
        self.doubts.push(Doubt { kind: text.clone(), columns: vec![], text });
    }

    /// The same for a column; of several columns with doubts of one kind, the text of the first is kept.
    pub(super) fn doubt_column(&mut self, kind: &str, column: &str, text: String) {
        match self.doubts.iter_mut().find(|doubt| doubt.kind == kind) {
            Some(doubt) => doubt.columns.push(column.to_owned()),
            None => self.doubts.push(Doubt { kind: kind.to_owned(), columns: vec![column.to_owned()], text }),
        }
    }

    /// Something that is as it seems.
    pub(super) fn detail(&mut self, text: String) {
        self.details.push(text);
    }

    /// The doubts, a line each.
    pub fn doubts(&self) -> impl Iterator<Item = String> {
        self.doubts.iter().map(Doubt::line)
    }

    /// The reasons of the other guesses, a line each.
    pub fn details(&self) -> impl Iterator<Item = &str> {
        self.details.iter().map(String::as_str)
    }
}

impl Doubt {
    fn line(&self) -> String {
        let mut line = String::new();
        for (index, column) in self.columns.iter().take(NAMED).enumerate() {
            let between = if index == 0 { "" } else { ", " };
            let _ = write!(line, "{between}`{column}`");
        }
        if self.columns.len() > NAMED {
            let _ = write!(line, " and {} more", self.columns.len() - NAMED);
        }
        if !self.columns.is_empty() {
            line.push_str(": ");
        }
        line + &self.text
    }
}
