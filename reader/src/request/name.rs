//! Names of columns and embeds, and paths into JSON.
//!
//! ```text
//! name -> quoted | word ("-" word)*
//! path -> (("->" | "->>") (index | key))*
//! ```

use super::scanner::{Result, Scanner};
use crate::error::{Code, Error};

/// A column, and where a path follows, what is inside its JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) path: Vec<PathStep>,
}

/// One step into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PathStep {
    /// `->>`: the value as text.
    pub(crate) text: bool,
    pub(crate) operand: Operand,
}

/// Where a step leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operand {
    /// Into an object.
    Key(String),
    /// Into an array; negative from its end.
    Index(i32),
}

const NAME: &str = "field name (* or [a..z0..9_$])";
const KEY: &str = "any non reserved character different from: .,>()";

impl Field {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self> {
        scanner.blanks();
        let name = name(scanner)?;
        let path = path(scanner)?;
        scanner.blanks();
        Ok(Self { name, path })
    }

    /// The name of the value in an answer: the last key, or the column's name where a path has
    /// nothing but indexes.
    pub(crate) fn label(&self) -> &str {
        let keys = self.path.iter().rev().find_map(|step| match &step.operand {
            Operand::Key(key) => Some(key.as_str()),
            Operand::Index(_) => None,
        });
        keys.unwrap_or(&self.name)
    }
}

/// A column or embed name, quoted or not.
pub(super) fn name(scanner: &mut Scanner<'_>) -> Result<String> {
    if scanner.peek() == Some('"') {
        return quoted(scanner);
    }
    words(scanner, is_word, NAME)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ' ' | '$')
}

/// Words separated by dashes; the spaces around a word don't belong to it.
fn words(scanner: &mut Scanner<'_>, is_word: impl Fn(char) -> bool, expecting: &str) -> Result<String> {
    let mut name = String::new();
    loop {
        let before = scanner.clone();
        let word = scanner.take_while(&is_word).trim();
        if word.is_empty() {
            return Err(before.fail(expecting));
        }
        name.push_str(word);
        if scanner.rest().starts_with("->") || !scanner.eat("-") {
            return Ok(name);
        }
        name.push('-');
    }
}

/// A text in double quotes, in which `\` makes any character itself.
pub(super) fn quoted(scanner: &mut Scanner<'_>) -> Result<String> {
    scanner.eat("\"");
    let mut text = String::new();
    loop {
        match scanner.next() {
            Some('"') => return Ok(text),
            Some('\\') => text.extend(scanner.next()),
            Some(c) => text.push(c),
            None => return Err(scanner.fail("\"\\\"\"")),
        }
    }
}

pub(super) fn path(scanner: &mut Scanner<'_>) -> Result<Vec<PathStep>> {
    let mut steps = vec![];
    loop {
        let text = if scanner.eat("->>") {
            true
        } else if scanner.eat("->") {
            false
        } else {
            return Ok(steps);
        };
        steps.push(PathStep { text, operand: operand(scanner)? });
    }
}

fn operand(scanner: &mut Scanner<'_>) -> Result<Operand> {
    let mut ahead = scanner.clone();
    let negative = ahead.eat("-");
    let digits = ahead.take_while(|c| c.is_ascii_digit());
    if negative && digits.is_empty() {
        return Err(ahead.fail("digit"));
    }
    if !digits.is_empty() {
        if ends_index(ahead.rest()) {
            *scanner = ahead;
            let index = format!("{}{digits}", if negative { "-" } else { "" });
            return index.parse().map(Operand::Index).map_err(|_| {
                Error::new(Code::OutOfRange, format!("value \"{index}\" is out of range for type integer"))
            });
        }
        if negative {
            return Err(ahead.fail_at("digit, \"->\", \"::\", \".\", \",\" or end of input"));
        }
    }
    if scanner.peek() == Some('"') {
        return quoted(scanner).map(Operand::Key);
    }
    let expecting = format!("\"-\", digit or {KEY}");
    words(scanner, |c| !"(-:.,>)".contains(c), &expecting).map(Operand::Key)
}

fn ends_index(rest: &str) -> bool {
    rest.is_empty() || ["->", "::", ".", ",", ")"].iter().any(|token| rest.starts_with(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Field> {
        let mut scanner = Scanner::new("field", text);
        let field = Field::parse(&mut scanner)?;
        scanner.end("end of input").map(|()| field)
    }

    fn step(text: bool, operand: Operand) -> PathStep {
        PathStep { text, operand }
    }

    #[test]
    fn names() {
        for (text, name) in [
            ("identifier", "identifier"),
            (" with spaces inside ", "with spaces inside"),
            ("with-dashes", "with-dashes"),
            ("123", "123"),
            ("$", "$"),
            ("\" : \"", " : "),
            (r#""say \"hi\"""#, r#"say "hi""#),
            ("été", "été"),
        ] {
            assert_eq!(parsed(text).unwrap(), Field { name: name.into(), path: vec![] }, "{text}");
        }
        for text in [":", "", " ", "a-", "\"open"] {
            assert!(parsed(text).is_err(), "{text}");
        }
    }

    #[test]
    fn paths() {
        let key = |key: &str| Operand::Key(key.into());
        assert_eq!(
            parsed("data->0->>-1").unwrap().path,
            [step(false, Operand::Index(0)), step(true, Operand::Index(-1))]
        );
        assert_eq!(
            parsed("data->!@#$%^&*_a->>23-xy-45").unwrap().path,
            [step(false, key("!@#$%^&*_a")), step(true, key("23-xy-45"))]
        );
        assert_eq!(parsed("data->a->1->b->>2").unwrap().label(), "b");
        assert_eq!(parsed("data->1").unwrap().label(), "data");
        assert!(
            parsed("data->>--34")
                .unwrap_err()
                .to_json()
                .contains(r#"column 9)","details":"unexpected \"-\" expecting digit""#)
        );
        assert!(parsed("data->>-78xy").is_err());
        assert!(parsed("data->99999999999").is_err());
    }
}
