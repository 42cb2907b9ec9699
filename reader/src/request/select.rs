//! What an answer shows: `select=name,price::text,categories(name),...makers(maker:name)`.
//!
//! ```text
//! select -> (item ("," item)*)?
//! item -> "*" | column | embed | spread
//! column -> alias? ("count()" | field cast? ("." aggregate "()" | ".count(distinct)")?) cast?
//! embed -> alias? name parameter* "(" select ")"
//! spread -> "..." name parameter* "(" select ")"
//! parameter -> "!inner" | "!left" | "!" name
//! alias -> name ":"        cast -> "::" word
//! ```

use super::name::{Field, name};
use super::scanner::{Result, Scanner};
use super::{MAX_DEPTH, too_deep};

/// One thing that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Item {
    /// Every column.
    Star,
    Column(Column),
    Embed(Embed),
}

/// A column, part of one, or an aggregate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) alias: Option<String>,
    /// `None` in `count()`.
    pub(crate) field: Option<Field>,
    pub(crate) cast: Option<String>,
    pub(crate) aggregate: Option<Function>,
    pub(crate) aggregate_cast: Option<String>,
}

/// An aggregate function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    /// Ours: PostgREST has no spelling for it.
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
}

/// Rows of another table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Embed {
    pub(crate) alias: Option<String>,
    /// A table, a foreign key, or one of its columns.
    pub(crate) name: String,
    /// Which foreign key or junction.
    pub(crate) hint: Option<String>,
    /// Rows that have none are left out.
    pub(crate) inner: bool,
    /// Its columns stand among those around it.
    pub(crate) spread: bool,
    pub(crate) items: Vec<Item>,
}

impl Function {
    const ALL: [Function; 5] = [Self::Count, Self::Sum, Self::Avg, Self::Min, Self::Max];

    /// In a URL, in SQL, and in an answer.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Count | Self::CountDistinct => "count",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
        }
    }
}

pub(super) fn parse(value: &str) -> Result<Vec<Item>> {
    let mut scanner = Scanner::new("select parameter", value);
    let items = forest(&mut scanner, 0)?;
    scanner.end("\",\" or end of input").map(|()| items)
}

fn forest(scanner: &mut Scanner<'_>, depth: usize) -> Result<Vec<Item>> {
    if depth > MAX_DEPTH {
        return Err(too_deep("embeds"));
    }
    scanner.blanks();
    if matches!(scanner.peek(), None | Some(')')) {
        return Ok(vec![]);
    }
    let mut items = vec![item(scanner, depth)?];
    while scanner.eat(",") {
        items.push(item(scanner, depth)?);
    }
    Ok(items)
}

fn item(scanner: &mut Scanner<'_>, depth: usize) -> Result<Item> {
    scanner.blanks();
    if scanner.eat("...") {
        let name = name(scanner)?;
        let embed = Embed { alias: None, name, hint: None, inner: false, spread: true, items: vec![] };
        return rows(scanner, embed, depth);
    }
    if scanner.eat("*") {
        return ends(scanner, "\")\", \",\" or end of input").map(|()| Item::Star);
    }
    let alias = alias(scanner);
    let mut ahead = scanner.clone();
    if let Ok(name) = name(&mut ahead)
        && name != "count"
        && is_embed(&ahead)
    {
        *scanner = ahead;
        return rows(
            scanner,
            Embed { alias, name, hint: None, inner: false, spread: false, items: vec![] },
            depth,
        );
    }
    column(scanner, alias).map(Item::Column)
}

/// `name:`, unless the colon is that of a cast.
fn alias(scanner: &mut Scanner<'_>) -> Option<String> {
    let mut ahead = scanner.clone();
    let alias = name(&mut ahead).ok()?;
    if !ahead.eat(":") || ahead.peek() == Some(':') {
        return None;
    }
    ahead.blanks();
    *scanner = ahead;
    Some(alias)
}

/// Whether there are columns to a name, behind its options. Elsewhere it is a column's, and the `!`
/// the problem.
fn is_embed(behind: &Scanner<'_>) -> bool {
    let mut ahead = behind.clone();
    while ahead.eat("!") {
        if name(&mut ahead).is_err() {
            return false;
        }
    }
    ahead.peek() == Some('(')
}

/// What stands behind the name of an embed.
fn rows(scanner: &mut Scanner<'_>, mut embed: Embed, depth: usize) -> Result<Item> {
    let mut joined = false;
    while scanner.eat("!") {
        let start = scanner.clone();
        let parameter = name(scanner)?;
        match parameter.as_str() {
            "inner" | "left" if !joined => {
                embed.inner = parameter == "inner";
                joined = true;
            }
            _ if embed.hint.is_none() => embed.hint = Some(parameter),
            _ => return Err(start.fail("\"(\"")),
        }
    }
    if !scanner.eat("(") {
        return Err(scanner.fail("letter, digit, \"-\", \"!\" or \"(\""));
    }
    embed.items = forest(scanner, depth + 1)?;
    if !scanner.eat(")") {
        return Err(scanner.fail_at("\",\" or \")\""));
    }
    ends(scanner, "\")\", \",\" or end of input")?;
    Ok(Item::Embed(embed))
}

fn column(scanner: &mut Scanner<'_>, alias: Option<String>) -> Result<Column> {
    let mut column = Column { alias, field: None, cast: None, aggregate: None, aggregate_cast: None };
    let expecting = if scanner.eat("count()") {
        column.aggregate = Some(Function::Count);
        column.aggregate_cast = cast(scanner)?;
        if column.aggregate_cast.is_some() { BEHIND_LAST_CAST } else { BEHIND_AGGREGATE }
    } else {
        field(scanner, &mut column)?
    };
    ends(scanner, expecting).map(|()| column)
}

// What can stand behind a part of a column, in the words of PostgREST's parser.
const BEHIND_NAME: &str =
    "letter, digit, \"-\", \"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input";
const BEHIND_QUOTED: &str = "\"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input";
const BEHIND_KEY: &str = "\"-\", \"->>\", \"->\", \"::\", \".\", \")\", \",\" or end of input";
const BEHIND_CAST: &str = "letter, digit, \".\", \")\", \",\" or end of input";
const BEHIND_AGGREGATE: &str = "\"::\", \")\", \",\" or end of input";
const BEHIND_LAST_CAST: &str = "letter, digit, \")\", \",\" or end of input";

/// A field, its casts and its aggregate; and what could have stood behind it.
fn field(scanner: &mut Scanner<'_>, column: &mut Column) -> Result<&'static str> {
    let start = scanner.clone();
    let field = Field::parse(scanner)?;
    let behind = match start.until(scanner).trim_end().ends_with('"') {
        true => BEHIND_QUOTED,
        false if field.path.is_empty() => BEHIND_NAME,
        false => BEHIND_KEY,
    };
    column.field = Some(field);
    column.cast = cast(scanner)?;
    if !scanner.eat(".") {
        return Ok(if column.cast.is_some() { BEHIND_CAST } else { behind });
    }
    let found = Function::ALL.into_iter().find(|function| scanner.eat(function.name()));
    let Some(mut function) = found else {
        return Err(scanner.fail("\"sum\", \"avg\", \"count\", \"max\" or \"min\""));
    };
    if function == Function::Count && scanner.eat("(distinct)") {
        function = Function::CountDistinct;
    } else if !scanner.eat("()") {
        return Err(scanner.fail("\"()\""));
    }
    column.aggregate = Some(function);
    column.aggregate_cast = cast(scanner)?;
    Ok(if column.aggregate_cast.is_some() { BEHIND_LAST_CAST } else { BEHIND_AGGREGATE })
}

fn cast(scanner: &mut Scanner<'_>) -> Result<Option<String>> {
    if !scanner.eat("::") {
        return Ok(None);
    }
    let start = scanner.clone();
    let name = scanner.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '$')).trim();
    if name.is_empty() {
        return Err(start.fail("letter or digit"));
    }
    Ok(Some(name.to_owned()))
}

fn ends(scanner: &mut Scanner<'_>, expecting: &str) -> Result<()> {
    scanner.blanks();
    match scanner.peek() {
        None | Some(',' | ')') => Ok(()),
        Some(_) => Err(scanner.fail_at(expecting)),
    }
}
