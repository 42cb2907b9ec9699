//! Reading one object of a descriptor: properties with the right kind of value, findings with the
//! right line.

use catalog::similar;

use super::document::{Data, Node};
use crate::finding::{Code, Finding, Severity, one_line};
use crate::names::{deceives, lookalikes, unseen_difference};
use crate::schema::Field;

/// Takes the findings about one file.
#[derive(Debug)]
pub(super) struct FileFindings<'a> {
    /// The file, as findings name it.
    pub(super) path: String,
    pub(super) findings: &'a mut Vec<Finding>,
}

impl FileFindings<'_> {
    pub(super) fn error(&mut self, line: u64, code: Code, message: impl Into<String>) {
        self.add(line, code, Severity::Error, message.into(), None);
    }

    pub(super) fn error_with_help(
        &mut self,
        line: u64,
        code: Code,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.add(line, code, Severity::Error, message.into(), help.into());
    }

    pub(super) fn warning(
        &mut self,
        line: u64,
        code: Code,
        message: impl Into<String>,
        help: impl Into<Option<String>>,
    ) {
        self.add(line, code, Severity::Warning, message.into(), help.into());
    }

    fn add(&mut self, line: u64, code: Code, severity: Severity, message: String, help: Option<String>) {
        self.findings.push(Finding {
            path: self.path.clone(),
            line: Some(line),
            column: None,
            code,
            severity,
            message: one_line(message),
            help: help.map(one_line),
        });
    }
}

/// One object of a descriptor.
#[derive(Debug, Clone)]
pub(super) struct Section<'n> {
    pub(super) node: &'n Node,
    /// What it is, for messages: "resource `products`".
    pub(super) owner: String,
}

impl<'n> Section<'n> {
    pub(super) fn new(node: &'n Node, owner: impl Into<String>) -> Self {
        Self { node, owner: owner.into() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&'n Node> {
        self.node.get(name)
    }

    /// A string property; `None` where it is absent or, with a finding, no string.
    pub(super) fn string(&self, name: &str, report: &mut FileFindings<'_>) -> Option<&'n str> {
        let node = self.get(name)?;
        let text = node.as_str();
        if text.is_none() {
            self.wrong(name, node, "a string", report);
        }
        text
    }

    pub(super) fn boolean(&self, name: &str, report: &mut FileFindings<'_>) -> Option<bool> {
        let node = self.get(name)?;
        if let Data::Bool(value) = node.data {
            return Some(value);
        }
        self.wrong(name, node, "true or false", report);
        None
    }

    /// An integer from `least` up.
    pub(super) fn integer(&self, name: &str, least: u64, report: &mut FileFindings<'_>) -> Option<u64> {
        let node = self.get(name)?;
        let value = integer(node).filter(|value| *value >= least);
        if value.is_none() {
            self.wrong(name, node, &format!("an integer of at least {least}"), report);
        }
        value
    }

    pub(super) fn array(&self, name: &str, report: &mut FileFindings<'_>) -> Option<&'n [Node]> {
        let node = self.get(name)?;
        if let Data::Array(items) = &node.data {
            return Some(items);
        }
        self.wrong(name, node, "an array", report);
        None
    }

    /// An array of strings, or one string, which v1 allows in several places.
    pub(super) fn strings(&self, name: &str, report: &mut FileFindings<'_>) -> Option<Vec<(String, u64)>> {
        let node = self.get(name)?;
        let strings = match &node.data {
            Data::String(text) => Some(vec![(text.clone(), node.line)]),
            Data::Array(items) => {
                items.iter().map(|item| Some((item.as_str()?.to_owned(), item.line))).collect()
            }
            _ => None,
        };
        if strings.is_none() {
            self.wrong(name, node, "an array of strings", report);
        }
        strings
    }

    /// Says that a property's value is of the wrong kind.
    pub(super) fn wrong(&self, name: &str, node: &Node, expected: &str, report: &mut FileFindings<'_>) {
        let found = match &node.data {
            Data::Number(_) | Data::Bool(_) | Data::Null => node.to_json(),
            Data::String(text) if !expected.contains("string") => format!("\"{text}\""),
            Data::Array(_) if expected.contains("array") => "an array with other items".to_owned(),
            _ => node.kind().to_owned(),
        };
        let message = format!("{}: `{name}` must be {expected}, not {found}", self.owner);
        let help = match (&node.data, expected) {
            (Data::Number(_), "a string") => Some(format!("put it in quotes: \"{found}\"")),
            _ => None,
        };
        report.error_with_help(node.line, Code::InvalidProperty, message, help);
    }

    /// A finding that names the section first.
    pub(super) fn error(&self, line: u64, code: Code, message: &str, report: &mut FileFindings<'_>) {
        report.error(line, code, format!("{}: {message}", self.owner));
    }
}

/// A number without fraction that is not negative.
pub(super) fn integer(node: &Node) -> Option<u64> {
    match &node.data {
        Data::Number(digits) => match digits.parse() {
            Ok(value) => Some(value),
            // 3.0 is an integer in JSON.
            Err(_) => {
                let value: f64 = digits.parse().ok()?;
                (value.fract() == 0.0 && (0.0..9e15).contains(&value)).then_some(value as u64)
            }
        },
        _ => None,
    }
}

/// "did you mean" advice, or the names that exist where they are few.
pub(super) fn suggestion<'a>(name: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(meant) = did_you_mean(name, names.clone()) {
        return Some(meant);
    }
    let known: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    (!known.is_empty() && known.len() <= 20).then(|| format!("available: {}", known.join(", ")))
}

/// "did you mean" for the name of a field.
pub(super) fn similar_field(name: &str, fields: &[Field]) -> Option<String> {
    did_you_mean(name, fields.iter().map(|field| field.name.as_str()))
}

fn did_you_mean<'a>(name: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    let unseen = names.clone().into_iter().find_map(|known| Some((known, unseen_difference(name, known)?)));
    match unseen {
        Some((known, difference)) => Some(format!("it differs from `{known}` only in {difference}")),
        None => similar(name, names).map(|known| format!("did you mean `{known}`?")),
    }
}

/// What to warn of in names that deceive those who read them, each with the index of its name.
pub(super) fn confusing_names(what: &str, names: &[&str]) -> Vec<(usize, String)> {
    let alone = names.iter().enumerate().filter_map(|(index, name)| Some((index, deceives(name)?)));
    let mut found: Vec<_> =
        alone.map(|(index, reason)| (index, format!("{what} `{}` {reason}", names[index]))).collect();
    found.extend(lookalikes(names).into_iter().map(|(index, other, difference)| {
        (index, format!("{what} `{}` differs from `{other}` only in {difference}", names[index]))
    }));
    found
}
