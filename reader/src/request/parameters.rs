//! Query parameters -> what is selected, and what is asked of each level of embeds.

use std::collections::BTreeMap;

use super::filter::{self, Filter, Until};
use super::logic::{self, Condition};
use super::name::{self, Field};
use super::order::{self, Term};
use super::page::{self, Page};
use super::scanner::Scanner;
use super::select::{self, Item};
use crate::cursor::Cursor;
use crate::error::{Code, Error};

/// The parameters of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parameters {
    /// `None`: every column.
    pub(crate) select: Option<Vec<Item>>,
    /// By the names of the embeds that lead there; the table itself is the empty path.
    pub(crate) levels: BTreeMap<Vec<String>, Level>,
    /// Where the page begins.
    pub(crate) cursor: Option<Cursor>,
    /// What holds for groups, by the names of their aggregates. Ours, as the next.
    pub(crate) having: Option<Condition>,
    /// Rows that show the same come once.
    pub(crate) distinct: bool,
}

/// What is asked of one level.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) order: Option<Vec<Term>>,
    pub(crate) page: Page,
}

/// Names with a meaning of their own; `limit` and the others also behind the name of an embed.
const RESERVED: [&str; 7] = ["select", "order", "limit", "offset", "and", "or", "cursor"];

/// What PostgREST takes for writes.
const OF_WRITES: [&str; 2] = ["columns", "on_conflict"];

/// Whether a parameter of that name is no filter.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || OF_WRITES.contains(&name)
}

impl Parameters {
    pub(super) fn parse(pairs: &[(String, String)]) -> Result<Self, Error> {
        let mut parameters = Self::default();
        for (key, value) in pairs {
            parameters.add(key, value)?;
        }
        if let Some(root) = parameters.levels.get_mut([].as_slice()) {
            root.page = root.page.settled()?;
        }
        Ok(parameters)
    }

    fn add(&mut self, key: &str, value: &str) -> Result<(), Error> {
        if key == "select" {
            let items = select::parse(value)?;
            return once(&mut self.select, items, key);
        }
        // A filter of a column of that name has a point, and a cursor has none.
        if key == "cursor" && !value.contains('.') {
            return once(&mut self.cursor, Cursor::parse(value)?, key);
        }
        // A filter of a column of one of these names has a point, or no parenthesis.
        if key == "having" && value.starts_with('(') {
            return once(&mut self.having, logic::parse("and", value)?, key);
        }
        if key == "distinct" && !value.contains('.') {
            if value != "true" {
                return Err(Error::new(Code::Syntax, format!("distinct is \"{value}\""))
                    .hint("distinct=true returns each row once; leave the parameter out for all rows"));
            }
            if self.distinct {
                return Err(page::repeated(key));
            }
            self.distinct = true;
            return Ok(());
        }
        if OF_WRITES.contains(&key) {
            return Err(Error::new(Code::UnknownParameter, format!("unknown query parameter \"{key}\""))
                .hint("it belongs to writes; the data is read-only"));
        }
        match key.rsplit('.').next().unwrap_or_default() {
            operator @ ("and" | "or") => {
                let (mut path, _) = tree_path("logic path", key)?;
                let negated = path.iter().any(|part| part == "not");
                path.retain(|part| part != "not");
                let operator = if negated { format!("not.{operator}") } else { operator.to_owned() };
                let condition = logic::parse(&operator, value)?;
                self.level(path).conditions.push(condition);
            }
            "order" => {
                let (path, _) = tree_path("tree path", key)?;
                let terms = order::parse(value)?;
                once(&mut self.level(path).order, terms, key)?;
            }
            name @ ("limit" | "offset") => {
                let (path, _) = tree_path("tree path", key)?;
                self.level(path).page.set(name, key, value)?;
            }
            _ => {
                let (path, field) = tree_path("tree path", key)?;
                let mut scanner = Scanner::new("filter", value);
                let (negated, test) = filter::test(&mut scanner, Until::End)?;
                scanner.end("end of input")?;
                self.level(path).conditions.push(Condition::Filter(Filter { field, negated, test }));
            }
        }
        Ok(())
    }

    fn level(&mut self, path: Vec<String>) -> &mut Level {
        self.levels.entry(path).or_default()
    }

    /// The first parameter that can't be read.
    pub(crate) fn misread(pairs: &[(String, String)]) -> Option<&(String, String)> {
        pairs.iter().find(|pair| Self::parse(std::slice::from_ref(pair)).is_err())
    }
}

fn once<T>(slot: &mut Option<T>, value: T, key: &str) -> Result<(), Error> {
    if slot.is_some() {
        return Err(page::repeated(key));
    }
    *slot = Some(value);
    Ok(())
}

/// The names of embeds that lead to a level, and the field behind them.
fn tree_path(what: &'static str, key: &str) -> Result<(Vec<String>, Field), Error> {
    let mut scanner = Scanner::new(what, key);
    let mut path = vec![name::name(&mut scanner)?];
    while scanner.eat(".") {
        path.push(name::name(&mut scanner)?);
    }
    let steps = name::path(&mut scanner)?;
    scanner.end("delimiter (.), \"->\" or end of input")?;
    let name = path.pop().unwrap_or_default();
    Ok((path, Field { name, path: steps }))
}
