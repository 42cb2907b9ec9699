//! What a table's page has around its rows: made once for a table and the columns that are shown, and kept while others
//! are asked for.
//!
//! Most of a page depends neither on its rows nor on its filters. What is kept is a function of the release, so nothing ever
//! has to be dropped because it became wrong.

use std::cell::RefCell;
use std::rc::Rc;

use catalog::{Statistics, Table};

use super::super::Reader;
use crate::error::Error;
use crate::pages::{self, Filled, Frame, Member, Question, TablePage, Tried, tried_form};
use crate::plan::{MAX_VALUES, Node, Output, Path};
use crate::sql::Label;
use crate::storage::{self, NotHandled};

/// Bytes of the frames that are kept by each thread that answers: some thirty tables.
const KEPT: usize = 1_000_000;

/// Frames by table and selection, the last one used last.
pub(in crate::reader) type Frames = RefCell<Vec<(String, Rc<Frame>)>>;

/// Where the rows of a page are shown.
pub(super) struct Place<'a> {
    pub(super) pairs: &'a [(String, String)],
    /// A filter that can't be added to the query.
    pub(super) tried: Option<&'a Tried<'a>>,
}

impl Reader {
    /// The frame of the page of `root`, whose rows have members of these names.
    pub(super) fn filled<'a>(
        &'a self,
        root: &'a Node,
        labels: &[&Label],
        place: &Place<'a>,
    ) -> Result<Filled<'a>, Error> {
        let frame = self.frame(root, labels, place.pairs)?;
        let form = match place.tried {
            Some(tried) => Some(tried_form(&root.table, &self.abouts(&root.table)?.0, self.root(), tried)),
            None => None,
        };
        let question = Question { table: &root.table.name, pairs: place.pairs, root: self.root() };
        Ok(Filled::new(frame, question, form))
    }

    fn frame(&self, root: &Node, labels: &[&Label], pairs: &[(String, String)]) -> Result<Rc<Frame>, Error> {
        // A process has several moments, and few questions are asked of one again.
        if self.past.is_some() {
            return self.new_frame(root, labels).map(Rc::new);
        }
        // No table's name has a line break: if there isn't one, nothing is selected.
        let select = pairs.iter().find(|(name, _)| name == "select");
        let shown = match select {
            Some((_, select)) => format!("{}\n{select}", root.table.name),
            None => root.table.name.clone(),
        };
        let mut frames = self.frames.borrow_mut();
        if let Some(at) = frames.iter().rposition(|(known, _)| *known == shown) {
            let known = frames.remove(at);
            let frame = Rc::clone(&known.1);
            frames.push(known);
            return Ok(frame);
        }
        drop(frames);
        let frame = Rc::new(self.new_frame(root, labels)?);
        let mut frames = self.frames.borrow_mut();
        frames.push((shown, Rc::clone(&frame)));
        let mut bytes: usize = frames.iter().map(|(shown, frame)| shown.len() + frame.bytes()).sum();
        while bytes > KEPT {
            let (shown, frame) = frames.remove(0);
            bytes -= shown.len() + frame.bytes();
        }
        Ok(frame)
    }

    fn new_frame(&self, root: &Node, labels: &[&Label]) -> Result<Frame, Error> {
        let table = &root.table;
        let (about, dataset) = self.abouts(table)?;
        let statistics = self.statistics(table)?;
        let newest = self.newest_version(&table.dataset)?;
        let names: Vec<_> = labels.iter().map(|label| label.name()).collect();
        Ok(pages::table(&TablePage {
            table,
            about: &about,
            dataset: &dataset,
            statistics: statistics.as_ref(),
            labels: &self.value_labels(table, statistics.as_ref())?,
            changed: newest.as_ref().filter(|version| version.tables.contains_key(&table.name)),
            members: &self.members(root, names.len())?,
            names: &names,
            most_columns: MAX_VALUES,
            site: &self.site(Some(table))?,
        }))
    }

    /// What the members of the rows are.
    fn members(&self, root: &Node, members: usize) -> Result<Vec<Member>, Error> {
        let member = |column: Option<usize>| {
            let (mut refers, mut has_labels) = (false, false);
            for key in column.iter().flat_map(|_| &root.table.schema.foreign_keys) {
                if key.columns.len() == 1
                    && column.map(|index| &root.table.schema.columns[index].name) == key.columns.first()
                {
                    refers = true;
                    let target = self.referred_table(&key.table)?;
                    has_labels |= target.is_some_and(|target| {
                        target.schema.primary_key == key.references && target.label_column().is_some()
                    });
                }
            }
            Ok(Member { column, refers, has_labels })
        };
        columns(root, members).into_iter().map(member).collect()
    }

    /// The table's columns in numbers, where the release has them.
    pub(super) fn statistics(&self, table: &Table) -> Result<Option<Statistics>, Error> {
        let pages = self.current_pages();
        let found = match pages.and_then(|pages| storage::about(pages, "statistics", &table.name)) {
            // Those of another version are not known here.
            Ok(about) => about.and_then(|about| serde_json::from_str::<Statistics>(&about).ok()),
            Err(NotHandled) => catalog::statistics(self.release.connection()?, &table.name)?,
        };
        Ok(found.filter(|found| found.columns.len() == table.schema.columns.len()))
    }
}

/// The column that each member of a row is, where it is one as it stands.
fn columns(root: &Node, members: usize) -> Vec<Option<usize>> {
    if root.outputs.len() != members {
        return vec![None; members]; // rows are spread into these
    }
    let column = |output: &Output| match output {
        Output::Value { shown: crate::plan::Shown::Scalar(scalar), .. }
            if scalar.path == Path::Whole && scalar.cast.is_none() =>
        {
            Some(scalar.column)
        }
        _ => None,
    };
    root.outputs.iter().map(column).collect()
}
