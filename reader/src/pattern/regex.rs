//! Regular expressions: text -> automaton, of bounded size.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::hir::translate::TranslatorBuilder;

use super::classes;
use super::search::{Scratch, Search};
use crate::deadline::{Interrupted, Work};
use crate::error::{Code, Error};

/// The largest automaton, in bytes: `\w{60}` fits, and is compiled in some 10 ms.
const LARGEST: usize = 2 << 20;

/// How deep groups may be nested; each level is one of the stack.
const DEEPEST: u32 = 100;

/// How many are kept by each thread: those of one request, and the next page's.
const KEPT: usize = 8;

/// A compiled regular expression.
#[derive(Debug)]
pub(crate) struct Regex {
    search: Search,
    /// What a search writes into; one goes on at a time, since a statement has one thread.
    scratch: Mutex<Scratch>,
}

impl Regex {
    /// With `fold`, letters match in either case: Unicode's simple mappings. Errors: the text
    /// is not a regular expression, or its automaton would be too large.
    pub(crate) fn new(pattern: &str, fold: bool) -> Result<Self, Error> {
        let ast = ParserBuilder::new().nest_limit(DEEPEST).build().parse(pattern);
        let ast = classes::replaced(ast.map_err(|error| invalid(error.kind(), error.span().start))?, fold);
        let hir = TranslatorBuilder::new()
            .case_insensitive(fold)
            // To PostgreSQL, the end of a line is a character like any other.
            .dot_matches_new_line(true)
            .build()
            .translate(pattern, &ast);
        let hir = hir.map_err(|error| invalid(error.kind(), error.span().start))?;
        let config = thompson::Config::new()
            .nfa_size_limit(Some(LARGEST))
            .which_captures(WhichCaptures::None)
            .shrink(false);
        let nfa = NFA::compiler().configure(config).build_from_hir(&hir).map_err(|_| too_large())?;
        let search = Search::new(nfa).ok_or_else(too_large)?;
        let scratch = Mutex::new(search.scratch());
        Ok(Self { search, scratch })
    }

    /// Whether it matches somewhere in the text. In time proportional to the text's length times the
    /// automaton's size at the worst.
    pub(crate) fn is_match(&self, text: &str, work: &Work<'_>) -> Result<bool, Interrupted> {
        let mut scratch = self.scratch.lock().unwrap_or_else(PoisonError::into_inner);
        self.search.is_match(text, &mut scratch, work)
    }
}

thread_local! {
    static RECENT: RefCell<VecDeque<(String, bool, Arc<Regex>)>> = const { RefCell::new(VecDeque::new()) };
}

/// [`Regex::new`], unless this thread compiled the same a moment ago: a request compiles it to see
/// that it is one, and then a statement for each of its runs.
pub(crate) fn compiled(pattern: &str, fold: bool) -> Result<Arc<Regex>, Error> {
    RECENT.with_borrow_mut(|recent| {
        let known = recent.iter().find(|(text, folds, _)| text == pattern && *folds == fold);
        if let Some((_, _, regex)) = known {
            return Ok(Arc::clone(regex));
        }
        let regex = Arc::new(Regex::new(pattern, fold)?);
        recent.truncate(KEPT - 1);
        recent.push_front((pattern.to_owned(), fold, Arc::clone(&regex)));
        Ok(regex)
    })
}

fn invalid(what: impl std::fmt::Display, at: regex_syntax::ast::Position) -> Error {
    Error::new(Code::InvalidRegex, format!("invalid regular expression: {what}, at character {}", at.column))
}

fn too_large() -> Error {
    Error::new(Code::PatternTooLarge, "the regular expression is too large")
        .details(format!("its automaton takes more than {LARGEST} bytes"))
        .hint("repeat less, or narrower classes: [0-9a-z]{1,500} is small where \\w{1,500} is large")
}
