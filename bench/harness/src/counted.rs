//! A section on reads in the function by their instructions: a table of them, and what limits them.

use std::path::Path;

use anyhow::{Context, Result};

use crate::Section;
use crate::instructions::{self, Instructions};
use crate::limit::Limit;
use crate::options::Options;
use crate::report::{Table, grouped};

/// What a section is about.
pub struct Counted<'a> {
    pub title: &'a str,
    /// What the reads have in common, and how they are counted.
    pub about: String,
    /// The head of the column of names.
    pub head: &'a str,
    pub names: &'a [&'a str],
    /// Of what was counted, in the order of the names, or why it was not.
    pub limits: fn(&Result<Vec<Instructions>, String>) -> Vec<Limit>,
}

impl Counted<'_> {
    /// The report. `measure` gets the bootstrap, the builder and a directory to work in.
    pub fn section(
        &self,
        options: &Options,
        measure: impl FnOnce(&Path, &Path) -> Result<Vec<Instructions>>,
    ) -> Result<Section> {
        let missing = match (&options.reader, &options.builder) {
            _ if instructions::valgrind().is_none() => "valgrind is not installed",
            (Some(reader), Some(builder)) => {
                let found = measure(reader, builder).with_context(|| self.title.to_lowercase())?;
                return Ok(self.found(found));
            }
            _ => "the reader is not built",
        };
        let text = format!("## {}\n\nNot measured: {missing}.\n", self.title);
        Ok(Section { text, limits: (self.limits)(&Err(missing.to_owned())) })
    }

    fn found(&self, found: Vec<Instructions>) -> Section {
        let mut table =
            Table::new(&[self.head, "first answer, instructions, K", "later ones, instructions, K"]);
        for (name, counted) in self.names.iter().zip(&found) {
            table.row([(*name).to_owned(), grouped(counted.start / 1000), grouped(counted.warm / 1000)]);
        }
        let text = format!("## {}\n\n{}\n\n{table}", self.title, self.about);
        Section { text, limits: (self.limits)(&Ok(found)) }
    }
}
